"""A change in the words of its table, for pages that show any of them, such as the administration."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.workflow.engine import Workflow
from partnerships.workflow.models import Change

# What is recorded of many a record and moves no state.
SAID = {
    "add": _("Added"),
    "amend": _("Changed"),
    "ask_copy": _("Asked for a copy of the data"),
    "book": _("Booking made"),
    "change": _("Changed"),
    "create": _("Begun"),
    "edit": _("Changed"),
    "name": _("Named"),
    "note": _("Noted"),
    "open": _("Begun"),
    "report": _("Reported"),
    "request": _("Asked for"),
    "start": _("Begun"),
}


def workflow_of(model: type[models.Model]) -> Workflow | None:
    """The table that moves the rows of this model: the one whose states its `state` takes."""
    states = next((field.choices for field in model._meta.fields if field.name == "state"), None)
    return next((found for found in Workflow.registry if found.states.choices == states), None)


def _table(change: Change) -> Workflow | None:
    model = change.content_type.model_class()
    return workflow_of(model) if model else None


@admin.display(description=_("verb"))
def verb_in_words(change: Change) -> Any:
    """As its table tells it; what moves no state has the words of `SAID`, or its key alone."""
    table = _table(change)
    if table and change.verb in table.told:
        return table.told[change.verb] or table[change.verb].label
    return SAID.get(change.verb, change.verb)


def verb_told(told: Callable[[Change], Mapping[str, Any]]) -> Any:
    """A column for verbs as the page's history tells them, also those that move no state; else as the table
    tells them. `told` (change) -> verb -> words."""

    @admin.display(description=_("verb"))
    def in_words(change: Change) -> Any:
        return told(change).get(change.verb) or verb_in_words(change)

    in_words.__name__ = "verb_in_words"  # the administration names the cell by it
    return in_words


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
