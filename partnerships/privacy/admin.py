"""Erasures in the administration: that there was one, when and how much went; never of what."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.directory.admin import Kept
from partnerships.documents.admin import SeenOnly
from partnerships.privacy import collect
from partnerships.privacy.models import Erasure, RetentionLine, RetentionRun, RetentionSetting


@admin.display(description=_("rule"), ordering="key")
def rule_in_words(row: Any) -> Any:
    """What a rule keeps, as the page of data protection calls it; the key where the rule is gone."""
    return next((rule.label for rule in collect.rules() if rule.key == row.key), row.key)


@admin.display(description=_("over its time"))
def over(line: RetentionLine) -> int:
    return line.due


@admin.register(Erasure)
class ErasureAdmin(SeenOnly):
    list_display = ("__str__", "state", "created", "due", "state_since")
    list_filter = ("state",)
    date_hierarchy = "created"
    fields = ("state", "created", "due", "state_since", "counts")


@admin.register(RetentionSetting)
class RetentionSettingAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """How long something is kept where that differs from the usual; the rules themselves are the apps'."""

    list_display = (rule_in_words, "days", "reason")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "key":
            choices = [(rule.key, rule.label) for rule in collect.rules()]
            return forms.ChoiceField(label=db_field.verbose_name, choices=choices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class Lines(Kept, admin.TabularInline):  # type: ignore[type-arg]
    model = RetentionLine
    extra = 0
    fields = (rule_in_words, "days", over, "removed", "error")  # type: ignore[assignment]
    readonly_fields = fields  # type: ignore[assignment]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(RetentionRun)
class RetentionRunAdmin(SeenOnly):
    list_display = ("__str__", "finished")
    date_hierarchy = "started"
    fields = ("started", "finished")
    inlines = (Lines,)
