"""Requests to join in the administration: read; their pages move them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partnerships.directory.admin import FoldedSearch
from partnerships.documents.admin import ReadOnly
from partnerships.joining.models import JoinRequest


@admin.register(JoinRequest)
class JoinRequestAdmin(FoldedSearch, ReadOnly):
    list_display = ("name", "kind", "contact_name", "state", "created")
    list_filter = ("state", "kind")
    date_hierarchy = "created"
    fields = (
        "name", "kind", "organization", "domain", "contact_name", "contact_position", "email", "phone",
        "directions", "message", "language", "state", "state_since", "created",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).visible_to(request.user)
