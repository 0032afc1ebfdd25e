"""What the engine alone writes is read by administrators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partnerships.directory.access import access_of


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Seen by administrators of the organisation that runs the portal, written by the engine alone."""

    show_full_result_count = False
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_active and (
            request.user.is_superuser or access_of(request.user).administers  # type: ignore[union-attr]
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
