"""Erasures in the administration: that there was one, when and how much went; never of what."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partnerships.documents.admin import ReadOnly
from partnerships.privacy.models import Erasure


@admin.register(Erasure)
class ErasureAdmin(ReadOnly):
    list_display = ("__str__", "state", "created", "due", "state_since")
    list_filter = ("state",)
    date_hierarchy = "created"
    fields = ("state", "created", "due", "state_since", "counts")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).visible_to(request.user)
