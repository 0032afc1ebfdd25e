"""A register: the records of one model with all that people and programs find of them, from one declaration.
List, table to take away, search, form, record, a page for each verb, resource of the API, line of the menu,
what waits for somebody, and what is kept about people.

What is said here are words and names of fields; rights, states and verbs stand in the table of its workflow,
and rows come from `visible_to`. Registers stand in the `registers` module of an app. Docs: docs/pages.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar

from django.db import models
from django.db.models import ForeignKey, Q
from django.urls import URLPattern
from django.utils.text import capfirst
from rest_framework import serializers

from partnerships.common.direction import Hit, MenuItem, Todo
from partnerships.common.held import Held
from partnerships.common.letters import in_words
from partnerships.common.lists import ListPage, offer, state_column, state_pills
from partnerships.common.narrowing import filters_of
from partnerships.common.pages import NewPage
from partnerships.common.piles import Pile
from partnerships.common.query_words import Typed
from partnerships.common.tables import Column
from partnerships.common.wording import worded
from partnerships.directory.asked import asked
from partnerships.directory.models import Organization, Person
from partnerships.directory.rights import Right
from partnerships.workflow.api import resource
from partnerships.workflow.engine import Workflow
from partnerships.workflow.pages import Act, RecordPage, addresses
from partnerships.workflow.words import workflow_of

MOST = 8  # lines of one verb that wait for somebody


def column_of(model: type[models.Model], name: str) -> Column:
    """A field as a column, called as the model calls it."""
    named: Any = model._meta.get_field(name)
    if isinstance(named, ForeignKey):
        return Column(capfirst(named.verbose_name), lambda row: str(getattr(row, name) or ""))
    if named.choices:
        return Column(capfirst(named.verbose_name), lambda row: in_words(row, name))
    return Column(capfirst(named.verbose_name), lambda row: worded(row, name))


def with_english(model: type[models.Model], names: Iterable[str]) -> list[str]:
    """Names of fields, the English of each that has it beside it: "title", "title_en", "day"."""
    known = {one.name for one in model._meta.fields}
    return [one for name in names for one in (name, f"{name}_en") if one == name or one in known - {*names}]


@dataclass(frozen=True, kw_only=True)
class New:
    """What is typed where a record begins.

    fields  of the model;  choices  field -> (user -> rows) from which it is chosen;  submit  the button
    may     user -> who is shown the form at all; `begins` of the table then decides
    """

    fields: Sequence[str]
    may: Callable[[Any], bool]
    submit: Any = ""
    choices: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Waits:
    """What waits for somebody by a verb that could be done before it has to be: Waits(_("Late: %(title)s"),
    when=lambda: Q(ends__lt=today())). Until then the record says to nobody that it is their move. Of `when`
    no more may depend on than the clock."""

    words: Any
    when: Callable[[], Q] = Q


@dataclass(frozen=True, kw_only=True)
class Register:
    """The records of `model`, moved by the workflow whose states its `state` takes.

    title    of the list, the menu, what search finds, what is kept;  shown  user -> who has it in the menu
    counted  n -> "%(count)s loans";  empty  title and text of a list without rows
    search   words of its search field
    columns  names of fields, or Columns; the first leads to the record, the state stands last by itself
    under    the field that stands below it, below a hit too; a column of the table;  facts  of the record
    new      what is typed where one begins
    actions  verb -> its action, or an Act, where the table alone does not do what the verb does
    waits    verb -> "Lend: %(title)s" on home and in the menu's count, for whomever `allowed`, a right, lets
             do it, or Waits;  due  the field until when;  asks  the field below it, `under` unless said
    keeps    what it keeps about the people whom a record names: what, purpose, seen_by, until of `Held`
    people   whether rows tell of persons: each table taken away is then an event of privacy
    fields   what programs read; by itself the columns, less the people: fields as they are, what has
             English with it, organisations by their slug
    many     how the records are called in addresses: "loans"
    more     what the list has besides: arguments of ListPage; its `pills` stand before those of the states
    page     what the record's page has besides: arguments of RecordPage, such as `template`
    """

    registry: ClassVar[list["Register"]] = []

    model: type[models.Model]
    title: Any
    shown: Callable[[Any], bool]
    counted: Callable[[int], str]
    empty: tuple[Any, Any]
    columns: Sequence[str | Column]
    search: Any
    under: str = ""
    facts: Sequence[str] = ()
    new: New | None = None
    actions: Mapping[str, Any] = field(default_factory=dict)
    waits: Mapping[str, Any] = field(default_factory=dict)
    due: str = ""
    asks: str = ""
    keeps: Mapping[str, Any] = field(default_factory=dict)
    people: bool = True
    fields: tuple[str, ...] = ()
    many: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    page: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Register.registry.append(self)
        if not self.many:
            object.__setattr__(self, "many", f"{self.one}s")
        for verb in self.waits:
            if not isinstance(self.workflow[verb].allowed, Right):
                raise TypeError(f"{self.kind}.{verb}: who waits for it is no right that knows its rows")
        offer(self.list_page, people=self.people)

    @property
    def one(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def app(self) -> str:
        return self.model._meta.app_label

    @property
    def kind(self) -> str:
        """ "library.loans": its name among tables and parts of what is kept."""
        return f"{self.app}.{self.many}"

    @cached_property
    def workflow(self) -> Workflow:
        found = workflow_of(self.model)
        if found is None:
            raise TypeError(f"{self.kind}: no workflow has the states of its model")
        return found

    @cached_property
    def acts(self) -> dict[str, Act]:
        """What each verb does: its own action where there is one, else what the table says."""
        found = {
            name: self.actions.get(name) or self.workflow.action(name) for name in self.workflow.transitions
        }
        told = {name: self.workflow[name].told for name in found}
        return {name: one if isinstance(one, Act) else Act(one, told[name]) for name, one in found.items()}

    # Pages ------------------------------------------------------------------------------------------
    @cached_property
    def list_page(self) -> ListPage:
        drawn = [column_of(self.model, one) if isinstance(one, str) else one for one in self.columns]
        if self.under in {one.name for one in self.model._meta.fields} - {*self.columns}:
            drawn.insert(1, replace(column_of(self.model, self.under), only="table"))
        begins, new = self.workflow.begins, self.new
        said: dict[str, Any] = {
            "title": self.title,
            "rows": self.model._default_manager.visible_to,  # type: ignore[attr-defined]
            "columns": (*drawn, state_column(dict.fromkeys(self.workflow.terminal, ""))),
            "under": self.below,
            "counted": self.counted,
            "empty": self.empty,
            "search": self.search,
            "new": (begins.label, f"{self.app}:{self.one}_new", new.may) if begins and new else None,
            "download": self.kind,
        }
        pills = (*self.more.get("pills", ()), *state_pills(self.workflow.states))
        return ListPage(**{**said, **self.more, "pills": pills})

    @cached_property
    def record_page(self) -> RecordPage:
        facts = [column_of(self.model, name) for name in self.facts]
        said: dict[str, Any] = {
            "rows": self.model._default_manager.all,
            "workflow": self.workflow,
            "acts": self.acts,
            "facts": lambda row: [(fact.label, fact.value(row)) for fact in facts],
            "above": self.above,
            "moves": self.has_to,
        }
        return RecordPage(**{**said, **self.page})

    def has_to(self, row: Any, verb: str) -> bool:
        """Whether the verb has to be done by now, as home says it: never one that waits for nobody."""
        line = self._lines.get(verb)
        if line is None or line.when is Q:
            return line is not None
        return self.model._default_manager.filter(line.when(), pk=row.pk).exists()

    @cached_property
    def new_page(self) -> NewPage | None:
        begins, new = self.workflow.begins, self.new
        if begins is None or new is None:
            return None
        told = {"submit": new.submit} if new.submit else {}
        return NewPage(
            model=self.model,
            fields=new.fields,
            run=self.begin,
            may=new.may,
            heading=begins.label,
            choices=new.choices,
            above=self.above,
            done=begins.told,
            **told,
        )

    @property
    def above(self) -> tuple[tuple[Any, str], ...]:
        return ((self.title, f"{self.app}:{self.many}"),)

    def begin(self, *, actor: Any, **typed: Any) -> Any:
        """A new record with these fields, as the table says (`Workflow.begin`)."""
        return self.workflow.begin(self.model(**typed), actor=actor)

    def addresses(self) -> list[URLPattern]:
        """loans/, loans/new/, loans/<uid>/, loans/<uid>/<verb>/, for `urlpatterns`; a direction has them by
        itself."""
        return addresses(self.one, self.many, self.list_page, self.record_page, self.new_page)

    # What it gives the portal -----------------------------------------------------------------------
    def below(self, row: Any) -> str:
        return in_words(row, self.under) if self.under else ""

    @cached_property
    def _found(self) -> Any:
        @asked
        def found(user: Any, words: Any) -> Any:
            rows = self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]
            return rows.filter(folded__contains=words).order_by("-pk")

        return found

    def find(self, user: Any, words: str, limit: int) -> list[Hit]:
        """For `search` of a direction or source."""
        title = str(self.title)
        return [
            Hit(str(row), self.below(row), row.get_absolute_url(), title)
            for row in self._found(user, Typed(words))[:limit]
        ]

    @cached_property
    def _lines(self) -> dict[str, Waits]:
        return {verb: one if isinstance(one, Waits) else Waits(one) for verb, one in self.waits.items()}

    @cached_property
    def _waiting(self) -> dict[str, Any]:
        def of(verb: str) -> Any:
            step: Any = self.workflow[verb]
            when = self._lines[verb].when

            @asked
            def waiting(user: Any) -> Any:
                rows = self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]
                mine = rows.filter(step.allowed.rows(user), when(), state__in=sorted(step.sources))
                return mine.order_by("state_since", "pk")

            return waiting

        return {verb: of(verb) for verb in self.waits}

    def _line(self, words: Any, row: Any) -> Todo:
        due = getattr(row, self.due) if self.due else None
        below = in_words(row, self.asks) if self.asks else self.below(row)
        return Todo(said(words, row), below, row.get_absolute_url(), due)

    def piles(self, user: Any) -> list[Pile]:
        """For `piles` of a direction or source."""
        return [
            Pile(rows(user), MOST, lambda row, words=self._lines[verb].words: self._line(words, row))  # type: ignore[misc]
            for verb, rows in self._waiting.items()
        ]

    @property
    def gives(self) -> dict[str, Any]:
        """Its line in the menu, what waits, what search finds: Direction(…, **LOANS.gives)."""
        menu = (MenuItem(self.title, f"{self.app}:{self.many}", self.shown),)
        return {"menu": menu, "search": self.find, "piles": self.piles}

    # For programs, and about people -----------------------------------------------------------------
    @cached_property
    def resource(self) -> Any:
        return resource(
            self.model,
            self.workflow,
            {name: one.run for name, one in self.acts.items()},
            serializer=self._row(),
            about=f"{capfirst(self.many)} that the reader may see.",
            filterset_class=filters_of(self.list_page, self.model),
        )

    def _row(self) -> type[serializers.ModelSerializer]:
        keys = {one.name: one for one in self.model._meta.fields if one.is_relation}
        by_slug: dict[str, Any] = {
            name: serializers.SlugRelatedField("slug", read_only=True, allow_null=key.null)
            for name, key in keys.items()
            if issubclass(key.related_model, Organization)
        }
        plain = [one for one in self.columns if isinstance(one, str) and (one not in keys or one in by_slug)]
        names = self.fields or with_english(self.model, plain)
        said: dict[str, Any] = {name: by_slug[name] for name in names if name in by_slug}
        meta = type("Meta", (), {"fields": ("uid", "version", "state", *names)})
        name = f"{self.model.__name__}Serializer"
        return type(name, (serializers.ModelSerializer,), {**said, "Meta": meta})

    @cached_property
    def held(self) -> Held:
        """What it keeps about people, as the copy, the table of what is kept and erasure read it."""
        keys = [one for one in self.model._meta.fields if isinstance(one, ForeignKey)]
        label = self.model._meta.label
        plain = [one for one in self.columns if isinstance(one, str)]
        by_itself: dict[str, Any] = {
            "key": self.kind,
            "label": self.title,
            "model": label,
            "columns": (*with_english(self.model, plain), "state", "created"),
            "linked": tuple(f"{label}.{one.name}" for one in keys if one.related_model is Person),
        }
        return Held(**{**by_itself, **self.keeps})


def said(words: Any, row: Any) -> str:
    """Words that name fields of a row: "Lend: %(title)s"."""
    return str(words) % Fields(row)


class Fields(dict[str, str]):
    """The fields of a row in words, by name."""

    def __init__(self, row: Any) -> None:
        super().__init__()
        self.row = row

    def __missing__(self, name: str) -> str:
        return in_words(self.row, name)


def registers_of(name: str) -> list[Register]:
    """The registers of an app, named as a module ("library", "partnerships.ideas")."""
    if find_spec(f"{name}.registers"):
        import_module(f"{name}.registers")
    return [one for one in Register.registry if one.app == name.rpartition(".")[2]]
