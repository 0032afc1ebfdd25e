"""What pages of the administration have in common: who opens them, how they are searched."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.contenttypes.admin import GenericTabularInline
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.common.days import validate_day
from partnerships.common.text import fold
from partnerships.directory.access import access_of
from partnerships.workflow.models import Change
from partnerships.workflow.words import from_in_words, request_in_words, to_in_words, verb_in_words


class LabelledDateTime(AdminSplitDateTime):
    """Django draws the words "Date" and "Time" beside its two fields without tying them to the fields."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        labels = (_("Date"), _("Time"))
        for part, label in zip(context["widget"]["subwidgets"], labels, strict=True):
            part["attrs"]["aria-label"] = label
        return context


class NamedValues(admin.AllValuesFieldListFilter):
    """An empty value is a choice too, and its link needs a name."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or _("not given")}


class Kept:
    """Open to administrators of the organisation that runs the portal, and to a superuser."""

    show_full_result_count = False
    list_per_page = 50
    formfield_overrides = {
        models.DateField: {"validators": [validate_day]},
        models.DateTimeField: {"widget": LabelledDateTime, "validators": [validate_day]},
    }

    def _may(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.is_active and (user.is_superuser or access_of(user).administers))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission


class ReadOnly(Kept):
    """Read by the administrators of the portal; what changes a row is its action."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Seen(ReadOnly):
    """Rows through the one door; a superuser is for breaking glass."""

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)  # type: ignore[misc]
        user: Any = request.user
        return rows if user.is_superuser else rows.visible_to(user)


COLUMNS: Any = ("at", verb_in_words, from_in_words, to_in_words, "actor_name", "note", request_in_words)


class HistoryInline(ReadOnly, GenericTabularInline):
    """What happened to the row, the newest first; verbs are called as on its page (`workflow.words`)."""

    model = Change
    ct_field, ct_fk_field = "content_type", "object_id"
    extra = 0
    fields = readonly_fields = COLUMNS
    verbose_name_plural = _("history")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("content_type")


class FoldedSearch:
    """Search that forgives letters: every word typed must occur in the folded text."""

    search_fields = ["folded"]
    search_help_text = _("However it is spelt: “azerisiq” finds “Azərişıq”.")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        for word in fold(search_term).split():
            queryset = self.search_word(queryset, word)
        return queryset, False

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(folded__contains=word)


class NeverDeleted:
    """Rows with a history are ended or switched off. Named before `Kept`, whose permission it takes back."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# People and accounts ------------------------------------------------------------------------------------
