"""Indicators in the administration: read; clocks and pages write them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partnerships.common.indicator import unit_of
from partnerships.common.templatetags.figures import grouped
from partnerships.documents.admin import SeenOnly
from partnerships.indicators import catalogue
from partnerships.indicators.models import ReportedValue, Target


class InWords(SeenOnly):
    """Indicators by their titles: keys are the program's."""

    @admin.display(description=_("indicator"), ordering="indicator")
    def title(self, row: Target | ReportedValue) -> str:
        """What it counts in words; its key, where no app declares it any more."""
        found = catalogue.indicator(row.indicator)
        return str(found.title) if found else row.indicator


@admin.register(Target)
class TargetAdmin(InWords):
    list_display = ("title", "organization", "year", "value", "set_by")
    list_filter = ("year",)
    list_select_related = ("organization", "set_by")
    search_fields = ("indicator",)
    fields = ("title", "organization", "year", "value", "set_by", "created", "updated")


@admin.register(ReportedValue)
class ReportedValueAdmin(InWords):
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
