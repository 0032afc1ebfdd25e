"""Indicators in the administration: read; clocks and pages write them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partnerships.documents.admin import ReadOnly
from partnerships.indicators.models import ReportedValue, Target


@admin.register(Target)
class TargetAdmin(ReadOnly):
    list_display = ("indicator", "organization", "year", "value", "set_by")
    list_filter = ("year",)
    list_select_related = ("organization", "set_by")
    search_fields = ("indicator",)
    fields = ("indicator", "organization", "year", "value", "set_by", "created", "updated")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).visible_to(request.user)


@admin.register(ReportedValue)
class ReportedValueAdmin(ReadOnly):
    list_display = ("indicator", "organization", "year", "amount", "state")
    list_filter = ("state", "year", "grade")
    list_select_related = ("organization",)
    search_fields = ("indicator",)
    fields = (
        "indicator", "organization", "partner", "year", "amount", "grade", "source", "note", "document",
        "reported_by", "confirmed_by", "state", "state_since", "created",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).visible_to(request.user)
