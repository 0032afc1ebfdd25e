"""Requests to join in the administration: read; their pages move them."""

from django.contrib import admin

from partnerships.directory.admin import FoldedSearch
from partnerships.documents.admin import SeenOnly
from partnerships.joining.models import JoinRequest


@admin.register(JoinRequest)
class JoinRequestAdmin(FoldedSearch, SeenOnly):
    list_display = ("name", "kind", "contact_name", "state", "created")
    list_filter = ("state", "kind")
    date_hierarchy = "created"
    fields = (
        "name", "kind", "organization", "domain", "contact_name", "contact_position", "email", "phone",
        "directions", "message", "language", "state", "state_since", "created",
    )  # fmt: skip
