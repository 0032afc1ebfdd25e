"""A change in the words of its table, for pages that show any of them, such as the administration."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.workflow.engine import Workflow
from partnerships.workflow.models import Change

# What is recorded of many a record and moves no state.
SAID = {
    "add": _("Added"),
    "agree": _("Consent given"),
    "amend": _("Changed"),
    "ask": _("Asked for"),
    "ask_change": _("A correction was asked for"),
    "ask_copy": _("Asked for a copy of the data"),
    "assign": pgettext_lazy("history", "Reviewer assigned"),
    "change": _("Changed"),
    "create": _("Begun"),
    "edit": _("Changed"),
    "end": pgettext_lazy("history", "Ended"),
    "extend": pgettext_lazy("history", "Extended"),
    "issue": pgettext_lazy("history", "Issued"),
    "join": pgettext_lazy("history", "Joined the reviewers"),
    "match": pgettext_lazy("history", "Organisation found"),
    "merge": pgettext_lazy("history", "Merged with a double"),
    "merged": pgettext_lazy("history", "Merged into another record"),
    "name": _("Named"),
    "note": _("Noted"),
    "open": _("Begun"),
    "paper": pgettext_lazy("history", "Entered from a signed paper"),
    "recount": pgettext_lazy("history", "Counted anew"),
    "renew": pgettext_lazy("history", "Made anew"),
    "report": _("Reported"),
    "request": _("Asked for"),
    "revive": pgettext_lazy("history", "Sent again"),
    "say": pgettext_lazy("history", "Message written"),
    "set": pgettext_lazy("history", "Set"),
    "start": _("Begun"),
    "tell": pgettext_lazy("history", "Message written"),
    "try_address": pgettext_lazy("history", "Address tried again"),
    "unsay": pgettext_lazy("history", "Message taken back"),
    "withdraw": _("Taken back"),
}


@cache
def told() -> dict[str, Mapping[str, Any]]:
    """Model (`app.model`) -> verb -> words, as its page tells them: `TOLD` (model -> verb -> words) in the
    `history` module of each app, found by itself."""
    found: dict[str, Mapping[str, Any]] = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "history"):
            words = getattr(import_module(f"{config.name}.history"), "TOLD", {})
            found |= {f"{config.label}.{model}": verbs for model, verbs in words.items()}
    return found


def workflow_of(model: type[models.Model]) -> Workflow | None:
    """The table that moves the rows of this model: the one whose states its `state` takes."""
    states = next((field.choices for field in model._meta.fields if field.name == "state"), None)
    return next((found for found in Workflow.registry if found.states.choices == states), None)


def _table(change: Change) -> Workflow | None:
    model = change.content_type.model_class()
    return workflow_of(model) if model else None


@admin.display(description=_("verb"))
def verb_in_words(change: Change) -> Any:
    """As its page tells it, else its table; what moves no state has the words of `SAID`, or its key alone."""
    kind = change.content_type
    if words := told().get(f"{kind.app_label}.{kind.model}", {}).get(change.verb):
        return words
    table = _table(change)
    if table and change.verb in table.told:
        return table.told[change.verb] or table[change.verb].label
    return SAID.get(change.verb, change.verb)


def _state(change: Change, state: str) -> Any:
    table = _table(change)
    return table.states(state).label if table and state in table.states.values else state


@admin.display(description=_("from"))
def from_in_words(change: Change) -> Any:
    return _state(change, change.from_state)


@admin.display(description=_("to"))
def to_in_words(change: Change) -> Any:
    return _state(change, change.to_state)


@admin.display(description=_("request"))
def request_in_words(change: Change) -> str:
    """The number by which the request stands in the log."""
    return change.request_id
