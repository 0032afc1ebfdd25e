"""Indicators in the administration: read; clocks and pages write them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partnerships.common.indicator import unit_of
from partnerships.common.templatetags.figures import grouped
from partnerships.documents.admin import ReadOnly, SeenOnly
from partnerships.indicators import catalogue
from partnerships.indicators.models import Measure, ReportedValue, Target, YearCounted


class InWords(ReadOnly):
    """Indicators by their titles: keys are the program's."""

    @admin.display(description=_("indicator"), ordering="indicator")
    def title(self, row: Target | ReportedValue | Measure | YearCounted) -> str:
        return catalogue.title_of(row.indicator)


@admin.register(Target)
class TargetAdmin(InWords, SeenOnly):
    list_display = ("title", "organization", "year", "value", "set_by")
    list_filter = ("year",)
    list_select_related = ("organization", "set_by")
    search_fields = ("indicator",)
    fields = ("title", "organization", "year", "value", "set_by", "created", "updated")


@admin.register(ReportedValue)
class ReportedValueAdmin(InWords, SeenOnly):
    list_display = ("title", "organization", "year", "measured", "state")
    list_filter = ("state", "year", "grade")
    list_select_related = ("organization",)
    search_fields = ("indicator",)
    fields = (
        "title", "organization", "partner", "year", "measured", "grade", "source", "note", "document",
        "reported_by", "confirmed_by", "state", "state_since", "created",
    )  # fmt: skip

    @admin.display(description=_("value"), ordering="amount")
    def measured(self, row: ReportedValue) -> str:
        found = catalogue.indicator(row.indicator)
        amount = grouped(row.amount.normalize())
        return f"{amount} {unit_of(row.amount, found.unit)}" if found else str(amount)


@admin.register(Measure)
class MeasureAdmin(InWords):
    """What the clock counted, and how many people stand behind it."""

    list_display = ("title", "year", "organization", "partner", "value", "people", "counted_at")
    list_filter = ("year",)
    list_select_related = ("organization", "partner")
    search_fields = ("indicator", "organization__folded")
    fields = readonly_fields = (
        "title", "year", "organization", "partner", "value", "people", "counted_at",
    )  # fmt: skip


@admin.register(YearCounted)
class YearCountedAdmin(InWords):
    list_display = ("title", "year", "counted_at")
    list_filter = ("year",)
    search_fields = ("indicator",)
    fields = readonly_fields = ("title", "year", "counted_at")
