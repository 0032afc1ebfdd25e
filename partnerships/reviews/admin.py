"""Rubrics and rounds are read here; marks, comments and who said what stay on the pages of their round."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.directory.admin import ReadOnly
from partnerships.reviews.kinds import types
from partnerships.reviews.models import ConflictOverride, ReviewMember, ReviewRound, Rubric, RubricVersion


class VersionInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = RubricVersion
    extra = 0
    fields = readonly_fields = ("number", "criteria", "made_by", "created")


@admin.register(Rubric)
class RubricAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title_az", "organization", "archived", "updated")
    list_select_related = ("organization",)
    search_fields = ("title_az", "title_en")
    inlines = (VersionInline,)


class MemberInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ReviewMember
    extra = 0
    fields = readonly_fields = ("person", "cap", "active")


class OverrideInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ConflictOverride
    extra = 0
    fields = readonly_fields = ("person", "tie", "reason", "made_by", "created", "ended_at")


class KindFilter(admin.SimpleListFilter):
    """Kinds of reviewing by what a round of them is called, not by their keys."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, kind.title) for key, kind in types().items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(ReviewRound)
class ReviewRoundAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "organization", "state", "due")
    list_filter = ("state", KindFilter)
    list_select_related = ("organization",)
    search_fields = ("title", "title_en")
    inlines = (MemberInline, OverrideInline)
    fields = readonly_fields = (
        "title",
        "title_en",
        "kind_in_words",
        "organization",
        "state",
        "state_since",
        "rubric",
        "blind",
        "show_files",
        "due",
        "per_item",
        "cap",
        "made_by",
        "created",
        "updated",
    )

    @admin.display(description=_("kind"))
    def kind_in_words(self, row: ReviewRound) -> Any:
        """What its direction calls it; its key, where no direction declares it any more."""
        kind = types().get(row.kind)
        return kind.title if kind else row.kind
