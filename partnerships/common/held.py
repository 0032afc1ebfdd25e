"""What an app holds about people, as data: the privacy engine collects these and knows no app by name.

Each app that holds something about people says so in its `personal.py`, as HELD (and RULES, where time takes
it away). From that come the copy that a person gets, the table of what is kept and why, erasure and the
nightly retention. A key to a person or an account that no app declares fails a test. Docs: docs/privacy.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

# Rows that go in one statement.
CHUNK = 500


class Basis(models.TextChoices):
    """Why it may be kept at all."""

    CONSENT = "consent", _("Your consent")
    CONTRACT = "contract", _("A contract with you, or steps towards one")
    LAW = "law", _("The law asks for it")
    INTEREST = "interest", _("Running the portal safely")


@dataclass(frozen=True)
class Block:
    """What stands against erasing somebody now: what it is, what to do about it, and where."""

    what: str
    todo: str
    url: str = ""


@dataclass(frozen=True)
class Column:
    """A value of the copy that is no plain field of the row: `key` for programs, the same in every language,
    `label` for people."""

    key: str
    label: Any
    value: Callable[[Any], Any]


@dataclass(frozen=True)
class Held:
    """One kind of data about people.

    key      "internships.applications"; label, what, purpose, seen_by, until  as a person reads them
    rows     person -> queryset of the rows that are about that person, or that they wrote; by itself those
             that name them in one of the keys of `linked`. Somebody without an account has no `user_id`:
             ask for `person.user_id or 0`; None would find what is nobody's
    columns  what the copy gives of each row: names of fields, "organization.root" for what lies behind
             keys, or Columns. What is secret (a key, a password) or about others stays out
    linked   names of the keys to a person or an account that this covers: "internships.Application.person"
    delete   on erasure the rows go; otherwise they stay, pointing at somebody without a name, and
    blank    names the fields that are emptied: field -> what stands there afterwards
    history  whether notes and kept edits of these rows are emptied too: of rows about the person, not of
             what they did for others
    erase    for what is more than that: (person, cleaned) -> how many rows were emptied; `cleaned`
             takes what points at the person out of a text or JSON
    blocks   person -> what stands against erasing them now
    public   whether the table of what is kept has a line for it; parts of another kind have none
    """

    key: str
    label: Any
    model: str
    rows: Callable[[Any], Any] = None  # type: ignore[assignment]
    columns: tuple[str | Column, ...] = ()
    what: Any = ""
    purpose: Any = ""
    basis: Basis = Basis.CONTRACT
    seen_by: Any = ""
    until: Any = ""
    linked: tuple[str, ...] = ()
    delete: bool = False
    blank: dict[str, Any] = field(default_factory=dict)
    history: bool = True
    erase: Callable[[Any, Callable[[Any], Any]], int] | None = None
    blocks: Callable[[Any], list[Block]] | None = None
    public: bool = True

    def __post_init__(self) -> None:
        if self.rows is None:
            names = [key.rpartition(".")[2] for key in self.linked if key.rpartition(".")[0] == self.model]
            if not names:
                raise TypeError(f"{self.key}: no key of its model is linked; say which rows it is about")
            object.__setattr__(self, "rows", lambda person: naming(self.model, names, person))


def naming(model: str, fields: list[str], person: Any) -> Any:
    """The rows of a model that name this person, or their account, in one of these fields."""
    row = apps.get_model(model)

    def key(name: str) -> int:
        account = row._meta.get_field(name).related_model is not type(person)
        return (person.user_id or 0) if account else person.pk

    return row._default_manager.filter(reduce(or_, (models.Q(**{name: key(name)}) for name in fields)))


@dataclass(frozen=True)
class KeepRule:
    """What time takes away, by a nightly job.

    days     how long it is kept unless the administrator has said otherwise
    due      moment -> how many rows are older than it and would go; keys are counted, nothing changes
    remove   moment -> how many went. In short transactions; run again it goes on where it stopped
    """

    key: str
    label: Any
    days: int
    due: Callable[[datetime], int]
    remove: Callable[[datetime], int]


def deletes(key: str, label: Any, days: int, rows: Callable[[datetime], Any]) -> KeepRule:
    """A rule whose rows simply go: `rows` answers with those older than a moment."""

    def remove(border: datetime) -> int:
        gone = 0
        while keys := list(rows(border).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
            gone += len(keys)
            rows(border).model._base_manager.filter(pk__in=keys).delete()
        return gone

    return KeepRule(key, label, days, lambda border: rows(border).count(), remove)
