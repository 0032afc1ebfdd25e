"""One way to change state: a table of transitions that enforces, draws the buttons and feeds the API.

A workflow belongs to a model with `state`, `state_since` and `version` fields (see models.Stateful).
Docs: docs/workflow.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.queue import enqueue
from partnerships.common.refusals import (
    Blocked,
    IllegalTransition,
    Missing,
    Refusal,
    Refused,
    StaleState,
    WorkflowError,
)
from partnerships.common.versions import claim
from partnerships.workflow.actors import Actor, as_actor, in_whose_name

__all__ = [
    "Available",
    "Blocked",
    "Condition",
    "IllegalTransition",
    "ManyResult",
    "Missing",
    "Predicate",
    "Refusal",
    "Refused",
    "StaleState",
    "Transition",
    "Workflow",
    "WorkflowError",
    "doer",
    "not_due",
    "tell",
]

M = TypeVar("M", bound=models.Model)


Predicate = Callable[[Any, Any], bool]
Condition = Callable[[Any, Actor], Refusal | None]


@dataclass(frozen=True)
class Transition:
    """One verb of a workflow.

    allowed     predicate (user or actor, object): who may; False hides the button
    conditions  each answers with a Refusal when it does not hold: the button is drawn blocked
    needs       names that must be given and not empty: "note" or fields of the object
    label       the button; danger marks it as one that asks for a reason
    told        what the history says afterwards: Submit, Submitted
    sets        fields that the verb itself writes: name -> value, or (object, actor) -> value, such as `doer`
    among       field of `needs` -> (user or actor -> rows) of which it must be one; a form offers these
    """

    name: str
    sources: frozenset[str] | set[str]
    target: str
    allowed: Predicate
    label: Any
    conditions: tuple[Condition, ...] = ()
    needs: tuple[str, ...] = ()
    danger: bool = False
    told: Any = ""
    sets: Mapping[str, Any] = field(default_factory=dict)
    among: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def values(self, obj: Any, actor: Actor) -> dict[str, Any]:
        """What the verb itself writes now."""
        return {name: value(obj, actor) if callable(value) else value for name, value in self.sets.items()}


def doer(_obj: Any, actor: Actor) -> int | None:
    """For `sets`: the person who does it, {"student_id": doer}."""
    return actor.person_id


def not_due(state: Any) -> str:
    """What is said of a step that a record in this state (its label) cannot make: too early or too late."""
    return _(
        "This step is not possible in the present state: %(state)s. The page of the record shows what is "
        "possible now."
    ) % {"state": state}


@dataclass
class Available:
    """A transition offered to somebody, with the refusal that blocks it now, if any."""

    transition: Transition
    refusal: Refusal | None

    @property
    def name(self) -> str:
        return self.transition.name

    @property
    def label(self) -> Any:
        return self.transition.label


@dataclass
class ManyResult(Generic[M]):
    """What became of each object of apply_many."""

    done: list[M] = field(default_factory=list)
    refused: list[tuple[M, Any]] = field(default_factory=list)


class Workflow:
    """A table of transitions over the states of one model.

    states      TextChoices: the inner labels
    public      state -> label that the outside reads, where it differs
    initial     the state in which a row begins; that of `begins` unless said
    terminal    states without a way out, on purpose
    begins      how a row comes to be (`begin`): a transition without sources, whose `allowed` is asked about
                the row that is not written yet
    """

    registry: list["Workflow"] = []

    def __init__(
        self,
        name: str,
        states: type[models.TextChoices],
        *transitions: Transition,
        initial: str = "",
        terminal: Iterable[str] = (),
        public: dict[str, Any] | None = None,
        begins: Transition | None = None,
    ) -> None:
        self.name, self.states = name, states
        self.initial = initial or (begins.target if begins else "")
        self.terminal = frozenset(terminal)
        self.public = public or {}
        self.begins = begins
        self.transitions: dict[str, Transition] = {}
        known = set(states.values)
        if self.initial not in known:
            raise ValueError(f"{name}: it says of no state that a row begins in it")
        for t in transitions:
            if t.name in self.transitions:
                raise ValueError(f"{name}: {t.name} is there twice")
            if unknown := (set(t.sources) | {t.target}) - known:
                raise ValueError(f"{name}.{t.name}: unknown states {sorted(unknown)}")
            self.transitions[t.name] = t
        self._ways: dict[tuple[str, tuple[str, ...] | None], list[Transition]] = {}
        # verb -> what the history says of it
        self.told = {t.name: t.told for t in (*([begins] if begins else []), *transitions)}
        Workflow.registry.append(self)

    def __getitem__(self, name: str) -> Transition:
        return self.transitions[name]

    def public_label(self, state: str) -> Any:
        """The state as the outside reads it: the inner label where the table names no other."""
        return self.public.get(state, self.states(state).label)

    def available(
        self,
        obj: models.Model,
        who: Any,
        verbs: Sequence[str] | None = None,
        *,
        known: Mapping[Predicate, Callable[[Any], bool]] | None = None,
    ) -> list[Available]:
        """What `who` (a user or an actor) may do with `obj` now, blocked ones with their reason.

        verbs  of these alone, in their order
        known  predicates that the caller has asked already, with what they say of a row: a list of rows that
               are alike to one asks it once
        """
        actor = as_actor(who)
        if not actor.reaches(obj):
            return []
        found: list[Available] = []
        may: dict[int, bool] = {}
        for t in self._out_of(obj.state, verbs if verbs is None else tuple(verbs)):  # type: ignore[attr-defined]
            asked = id(t.allowed)  # many verbs are one role's: it is asked once
            if asked not in may:
                said = known.get(t.allowed) if known else None
                may[asked] = said(obj) if said else bool(t.allowed(who, obj))
            if may[asked]:
                found.append(Available(t, self._refusal(t, obj, actor)))
        return found

    def _out_of(self, state: str, verbs: tuple[str, ...] | None) -> list[Transition]:
        """The transitions out of a state, of these verbs alone where they are named; worked out once."""
        if (state, verbs) not in self._ways:
            names = self.transitions if verbs is None else verbs
            ways = [self.transitions[name] for name in names]
            self._ways[state, verbs] = [t for t in ways if state in t.sources]
        return self._ways[state, verbs]

    def action(self, name: str) -> Callable[..., Any]:
        """The action of a verb that moves the state and does nothing besides: (object, *, actor, **what it
        needs)."""

        def move(obj: Any, *, actor: Any, **given: Any) -> Any:
            return self.apply(obj, name, actor=actor, **given)

        move.__doc__ = name.replace("_", " ").capitalize()
        return move

    def may(self, name: str) -> Predicate:
        """The predicate of a transition, for `access`."""
        return self.transitions[name].allowed

    def _refusal(self, t: Transition, obj: Any, actor: Actor) -> Refusal | None:
        return next((refusal for condition in t.conditions if (refusal := condition(obj, actor))), None)

    def not_due(self, obj: Any) -> str:
        """What is said of a verb that the state of `obj` has no way out for."""
        return not_due(self.public_label(obj.state))

    def expect(self, obj: Any, name: str) -> None:
        """Raise IllegalTransition where the state of `obj`, as it was just read, has no such way out.

        For verbs that lock much: who comes too late is told before anybody has to wait for them. `apply` asks
        again under the lock.
        """
        if obj.state not in self.transitions[name].sources:
            raise IllegalTransition(self.not_due(obj), obj)

    def demand(self, obj: Any, name: str, *, actor: Any) -> None:
        """Raise what `apply` would where state, right or a condition stand against it; nothing is written.

        For verbs with rules of their own for what is typed, which tell of it only to whoever may do this now.
        """
        t, by = self.transitions[name], as_actor(actor)
        self._must_be_due(t, obj, by)
        if refusal := self._refusal(t, obj, by):
            raise Blocked(refusal, obj)

    def _must_be_due(self, t: Transition, obj: Any, actor: Actor) -> None:
        self.expect(obj, t.name)
        if not (actor.reaches(obj) and t.allowed(actor.principal, obj)):
            raise Refused(_("Your role does not include this here."))

    def _check(self, t: Transition, obj: Any, actor: Actor, note: str, changes: dict[str, Any]) -> None:
        self._must_be_due(t, obj, actor)
        for name in t.needs:
            value = note if name == "note" else changes.get(name)
            if value in (None, [], {}, ()) or (isinstance(value, str) and not value.strip()):
                raise Missing(name, obj)
        for name, rows in t.among.items():
            if name in changes and not rows(actor.principal).filter(pk=changes[name].pk).exists():
                elsewhere = Refusal(_("This is not among what you may choose here."), "not_among", field=name)
                raise Blocked(elsewhere, obj)
        if refusal := self._refusal(t, obj, actor):
            raise Blocked(refusal, obj)

    @transaction.atomic
    def apply(
        self,
        obj: M,
        name: str,
        *,
        actor: Any,
        note: str = "",
        data: dict[str, Any] | None = None,
        **changes: Any,
    ) -> M:
        """Move `obj` by the named transition, writing `changes` to its fields in the same update.

        Writes the Change row in the same transaction and has it told after commit.
        `data` is kept with the change (JSON values). Raises IllegalTransition, Refused, Missing,
        Blocked, or StaleState when somebody else was quicker; nothing is then written.
        """
        t = self.transitions[name]
        by = as_actor(actor)
        changes = {**t.values(obj, by), **changes}
        self._check(t, obj, by, note, changes)
        by = in_whose_name(by, t.allowed, obj)
        previous = obj.state  # type: ignore[attr-defined]
        now = timezone.now()
        values = {**changes, "state": t.target, "state_since": now, "updated": now}
        rows = type(obj)._base_manager.filter(pk=obj.pk, state=previous)
        if (seen := claim(obj)) is not None:
            rows = rows.filter(version=seen)
        won = rows.update(**values, version=F("version") + 1)
        if won != 1:
            raise StaleState(_("Someone has just changed this; here is how it stands now."), obj)
        from partnerships.workflow.models import record  # models import this module's types

        for attribute, value in values.items():
            setattr(obj, attribute, value)
        obj.version += 1  # type: ignore[attr-defined]
        change = record(obj, name, actor=by, from_state=previous, to_state=t.target, note=note, data=data)
        obj.last_change = change  # type: ignore[attr-defined]
        return obj

    @transaction.atomic
    def begin(self, obj: M, *, actor: Any, note: str = "") -> M:
        """Write a new row as `begins` says, and that it came to be. Raises Refused or Blocked; nothing
        is then written."""
        t, by = self.begins, as_actor(actor)
        if t is None:
            raise ValueError(f"{self.name}: its table says of nobody that they begin one")
        for name, value in t.values(obj, by).items():
            setattr(obj, name, value)
        if not t.allowed(by.principal, obj):
            raise Refused(_("Your role does not include this here."))
        if refusal := self._refusal(t, obj, by):
            raise Blocked(refusal, obj)
        by = in_whose_name(by, t.allowed, obj)
        from partnerships.workflow.models import record  # models import this module's types

        obj.state = t.target  # type: ignore[attr-defined]
        obj.save()
        record(obj, t.name, actor=by, to_state=t.target, note=note)
        return obj

    @transaction.atomic
    def apply_many(
        self, queryset: models.QuerySet[M], name: str, *, actor: Any, note: str = "", **changes: Any
    ) -> ManyResult[M]:
        """The same verb on many rows, set-based: one lock, one update, one insert of Change rows.

        Each row is checked as in `apply`; those refused are returned with their reason and stay as
        they were. Rows are locked in key order so that two such calls cannot deadlock. The verb must
        not need anything that differs from row to row (seats are counted one by one, in `apply`): what it
        `sets` is asked for once, without a row.
        """
        t = self.transitions[name]
        by = as_actor(actor)
        changes = {**t.values(None, by), **changes}
        keys = list(queryset.order_by("pk").values_list("pk", flat=True))
        list(
            queryset.model._base_manager.filter(pk__in=keys)
            .order_by("pk")
            .select_for_update()
            .values_list("pk")
        )
        result: ManyResult[M] = ManyResult()
        previous: dict[Any, str] = {}
        for obj in queryset.filter(pk__in=keys).order_by("pk"):
            try:
                self._check(t, obj, by, note, changes)
            except (WorkflowError, Refused) as error:
                result.refused.append((obj, error.reason))
            else:
                previous[obj.pk] = obj.state  # type: ignore[attr-defined]
                result.done.append(obj)
        now = timezone.now()
        values = {**changes, "state": t.target, "state_since": now, "updated": now}
        queryset.model._base_manager.filter(pk__in=list(previous)).update(**values, version=F("version") + 1)
        from partnerships.workflow.models import record_many

        for obj in result.done:
            for attribute, value in values.items():
                setattr(obj, attribute, value)
            obj.version += 1  # type: ignore[attr-defined]
        groups: dict[Actor, list[M]] = {}
        for obj in result.done:
            groups.setdefault(in_whose_name(by, t.allowed, obj), []).append(obj)
        for who, done in groups.items():
            record_many(done, name, actor=who, from_states=previous, to_state=t.target, note=note)
        return result


def tell(change_ids: Sequence[int]) -> None:
    """Have the notifications engine tell these changes after commit; its sweep is the safety net."""
    if change_ids:
        enqueue("notifications.tell", list(change_ids))
