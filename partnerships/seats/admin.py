"""Seats are read here: who holds one until when, who waits. Whose pool it is, its owner knows."""

from django.contrib import admin
from django.utils.translation import pgettext_lazy

from partnerships.directory.admin import ReadOnly
from partnerships.seats.models import Hold, Pool, Quota, Waiting


class QuotaInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Quota
    extra = 0
    fields = readonly_fields = ("organization", "places", "taken")


@admin.register(Pool)
class PoolAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("number", "capacity", "taken", "quota_only")
    list_filter = ("quota_only",)
    search_fields = ("=pk",)
    inlines = (QuotaInline,)
    fields = readonly_fields = ("capacity", "taken", "quota_only")

    @admin.display(description="№", ordering="pk")
    def number(self, obj: Pool) -> int:
        return obj.pk


class _OfPool(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_select_related = ("pool", "organization")
    search_fields = ("=pool__pk", "=claimant", "organization__folded")


@admin.register(Hold)
class HoldAdmin(_OfPool):
    list_display = ("claimant", "pool", "organization", "state", "expires", "created")
    list_filter = ("state",)
    fields = readonly_fields = ("pool", "claimant", "organization", "state", "expires", "created")


@admin.register(Waiting)
class WaitingAdmin(_OfPool):
    counted = pgettext_lazy("counted", "places in line")  # the page itself is the waiting list
    list_display = ("claimant", "pool", "organization", "place", "created")
    fields = readonly_fields = ("pool", "claimant", "organization", "place", "created")
