"""Tokens in the administration: whose and until when, to be ended; neither secret nor hash is shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partnerships.api.models import Token
from partnerships.directory.admin import Kept


@admin.register(Token)
class TokenAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """For an account that is no longer in the right hands: an administrator sees all and ends them."""

    list_display = ("name", "user", "writes", "group", "networks", "created", "expiry", "last_used")
    list_filter = ("writes",)
    list_select_related = ("user",)
    search_fields = ("name", "user__email")
    fields = list_display
    readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
