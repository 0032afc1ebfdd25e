"""What people saved of lists, in the administration: whose and of which list, not what they look for."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partnerships.directory.admin import Kept
from partnerships.portal.models import SavedView


@admin.register(SavedView)
class SavedViewAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """Neither name nor filters are shown: they may say whom somebody looks for."""

    list_display = ("user", "path", "saved")
    list_display_links = ("path",)
    list_select_related = ("user",)
    search_fields = ("user__email", "path")
    fields = list_display
    readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission
