"""How people want to be told, read by who is asked why a letter did not come."""

from typing import Any

from django.contrib import admin
from django.db.models import Q

from partnerships.directory.admin import FoldedSearch
from partnerships.notifications.admin.base import ReadOnly
from partnerships.notifications.admin.letters import KindFilter, kind_in_words
from partnerships.notifications.models import Preference, Rhythm


class OfPerson(FoldedSearch, ReadOnly):
    list_select_related = ("person",)

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(Q(person__folded__contains=word))


@admin.register(Preference)
class PreferenceAdmin(OfPerson):
    list_display = ("person", kind_in_words, "channel", "timing")
    list_filter = (KindFilter, "channel", "timing")
    fields: Any = ("person", kind_in_words, "channel", "timing")
    readonly_fields: Any = fields


@admin.register(Rhythm)
class RhythmAdmin(OfPerson):
    list_display = ("person", "quiet_from", "quiet_until", "days_off")
    list_filter = ("days_off",)
    fields = readonly_fields = ("person", "quiet_from", "quiet_until", "days_off")
