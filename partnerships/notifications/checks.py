"""Mistakes in the letters tables, found when the portal starts."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register

from partnerships.notifications.collect import Table, table


@register(Tags.compatibility)
def check_letters(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    return [*_unknown_models(table()), *_kinds(table()), *_twice(table())]


def _unknown_models(found: Table) -> Iterator[CheckMessage]:
    for item in [*found.letters, *found.reminders, *found.news]:
        try:
            model = apps.get_model(item.model)
        except (LookupError, ValueError):
            yield Error(
                f"The letter {item.kind} is about {item.model}, which is no model.",
                hint='Write it as "app.Model".',
                id="notifications.E001",
            )
            continue
        if model._meta.proxy:
            yield Error(
                f"The letter {item.kind} is about {item.model}, a proxy, but changes are the model's.",
                hint=f"Write {model._meta.concrete_model._meta.label}.",
                id="notifications.E006",
            )
            continue
        if not hasattr(model._default_manager.all(), "visible_to"):
            yield Error(
                f"The letter {item.kind} is about {item.model}, whose queryset has no visible_to.",
                hint="Rights are checked again when a letter is sent, by visible_to(user).",
                id="notifications.E002",
            )


def _kinds(found: Table) -> Iterator[CheckMessage]:
    """One kind is one line of the preferences page: those who share it agree on its words and force."""
    seen: dict[str, tuple[Any, ...]] = {}
    for letter in found.letters:
        line = (str(letter.label), letter.mail, letter.urgent)
        if seen.setdefault(letter.kind, line) != line:
            yield Error(
                f"The kind {letter.kind} is there twice, with different label, mail or urgent.",
                hint="Give one of the letters a kind of its own.",
                id="notifications.E003",
            )
    reminded: set[str] = set()
    for rule in found.reminders:
        if rule.kind in seen or rule.kind in reminded:
            yield Error(
                f"The kind {rule.kind} of a reminder is there twice.",
                hint="What was reminded is remembered by kind, so each rule has its own.",
                id="notifications.E004",
            )
        reminded.add(rule.kind)


def _twice(found: Table) -> Iterator[CheckMessage]:
    for (label, verb), letters in found.by_change.items():
        kinds = [letter.kind for letter in letters]
        for kind in sorted({kind for kind in kinds if kinds.count(kind) > 1}):
            yield Error(
                f"Two letters of kind {kind} tell of {verb} of {label}.",
                hint="Join their audiences, or give one a kind of its own.",
                id="notifications.E005",
            )
