"""Rubrics and rounds are read here; marks, comments and who said what stay on the pages of their round."""

from django.contrib import admin

from partnerships.directory.admin import ReadOnly
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


@admin.register(ReviewRound)
class ReviewRoundAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "organization", "state", "due")
    list_filter = ("state", "kind")
    list_select_related = ("organization",)
    search_fields = ("title", "title_en")
    inlines = (MemberInline, OverrideInline)
    fields = readonly_fields = (
        "title",
        "title_en",
        "kind",
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
