"""The letters table: what each app says in its `letters.py`, collected without importing any by name."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _

from partnerships.common.letters import Because, Letter, News, ReminderRule


@dataclass(eq=False)
class Table:
    """Every letter and reminder of the portal.

    letters    in the order of the apps and of their tables, which decides when two address one person
    by_change  (model label in small letters, verb) -> letters
    news       what the followers of another record are told
    """

    letters: list[Letter] = field(default_factory=list)
    reminders: list[ReminderRule] = field(default_factory=list)
    by_change: dict[tuple[str, str], list[Letter]] = field(default_factory=lambda: defaultdict(list))
    news: list[News] = field(default_factory=list)

    def add(self, letter: Letter) -> None:
        self.letters.append(letter)
        for verb in letter.verbs:
            self.by_change[(model_key(letter.model), verb)].append(letter)

    def of(self, model: Any, verb: str) -> list[Letter]:
        return self.by_change.get((model_key(model._meta.label), verb), [])

    def news_of(self, model: Any, verb: str) -> list[News]:
        key = model_key(model._meta.label)
        return [one for one in self.news if model_key(one.model) == key and verb in one.verbs]

    def kinds(self) -> dict[str, "Kind"]:
        """Every kind once, as the preferences page lists them. Several letters may share a kind."""
        found: dict[str, Kind] = {}
        for letter in self.letters:
            kind = Kind(
                letter.kind,
                letter.label,
                letter.mail,
                letter.urgent,
                because=_because(letter),
                many=letter.many,
            )
            found.setdefault(letter.kind, kind)
        for rule in self.reminders:
            found.setdefault(
                rule.kind, Kind(rule.kind, rule.label, True, False, reminder=True, many=rule.many)
            )
        return found

    def told_models(self) -> frozenset[str]:
        """Models (in small letters) of which letters or news tell, without those told of in confidence."""
        silent = {model_key(one.model) for one in (*self.letters, *self.reminders) if one.confidential}
        told = {model_key(one.model) for one in self.letters if one.verbs}
        return frozenset(told | {model_key(one.of) for one in self.news}) - silent

    def waiting_moves(self) -> frozenset[str]:
        """Kinds that ask for their reader's move and can wait."""
        asking = {one.kind for one in self.letters if one.move and not one.urgent}
        return frozenset(asking - {one.kind for one in self.letters if not one.move or one.urgent})

    def taken_back(self) -> dict[tuple[str, str], Letter]:
        """(kind, verb) -> the letter, of those that are asked again whether what they say still holds."""
        return {(one.kind, verb): one for one in self.letters if one.stands for verb in one.verbs}

    def confidential(self) -> frozenset[str]:
        """Kinds that are for their readers alone, whoever administers."""
        return frozenset(one.kind for one in (*self.letters, *self.reminders) if one.confidential)


@dataclass(frozen=True)
class Kind:
    """One line of the preferences page."""

    key: str
    label: Any
    mail: bool
    urgent: bool
    reminder: bool = False
    because: Because | None = None
    many: Any = None

    @property
    def app(self) -> str:
        """The app that the kind belongs to: "internships" of "internships.offer"."""
        return self.key.partition(".")[0]


def _because(letter: Letter) -> Because | None:
    if not letter.urgent:
        return None
    return letter.because or (Because.DECISION if letter.move is False else Because.DEADLINE)


def model_key(label: str) -> str:
    # Labels of models are code, so lower() is right here.
    return label.lower()


def sources() -> list[str]:
    """Packages that may have a `letters` room: core apps first, then directions in the menu's order, then
    what LETTER_SOURCES names beside them."""
    core = [config.name for config in apps.get_app_configs() if config.name.startswith("partnerships.")]
    return [*core, *settings.DIRECTIONS, *getattr(settings, "LETTER_SOURCES", ())]


def table() -> Table:
    """The collected table; read once in a process."""
    return _collect(tuple(sources()))


@lru_cache(maxsize=8)
def _collect(names: tuple[str, ...]) -> Table:
    found = Table()
    for name in names:
        if find_spec(f"{name}.letters") is None:
            continue
        module = import_module(f"{name}.letters")
        for letter in getattr(module, "LETTERS", ()):
            found.add(letter)
        found.reminders.extend(getattr(module, "REMINDERS", ()))
        found.news.extend(getattr(module, "NEWS", ()))
    return found


def app_name(label: str) -> str:
    """A direction by its own name, a core app by its config's."""
    if label in settings.DIRECTIONS and find_spec(f"{label}.direction"):
        return str(import_module(f"{label}.direction").DIRECTION.name)
    try:
        return str(apps.get_app_config(label).verbose_name)
    except LookupError:
        return _("General")
