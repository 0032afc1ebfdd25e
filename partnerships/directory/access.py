"""What a user's affiliations let them reach: loaded once per request, compared in memory."""

import copy
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models import Exists, F, OuterRef, Q
from rules.predicates import Predicate, predicate

from partnerships.common.clock import now, today
from partnerships.common.query_words import PERSONS, Given, Words, words_of
from partnerships.directory.enums import NO_COLLEAGUES, AffiliationState, DeputyState, Role
from partnerships.workflow.actors import SYSTEM, Actor


@dataclass(frozen=True)
class Scope:
    """A verified role at a node of the organisation tree, good for everything below its path.

    `holder_id` is the person whose role it is, where somebody stands in for them.
    """

    role: str
    path: str
    root_id: int
    node_id: int
    operator: bool = False
    holder_id: int | None = None

    def covers(self, path: str) -> bool:
        return path.startswith(self.path)


@dataclass
class Access:
    """All that somebody's affiliations give. `person_id` is None for strangers and the system."""

    person_id: int | None = None
    scopes: tuple[Scope, ...] = ()
    link: str = ""
    _roles: frozenset[str] = field(init=False)
    _made: dict[Any, Any] = field(init=False, default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._roles = frozenset(scope.role for scope in self.scopes)

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` answers, made once for this access: conditions that a page asks its rows, numbers and
        to-dos by, of which each costs milliseconds to put together. Nothing that was read belongs here."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def has(self, *roles: str) -> bool:
        """Some role of these, anywhere."""
        return not self._roles.isdisjoint(roles)

    def covers(self, path: str, *roles: str) -> bool:
        """Some role of these at the node with this path or above it."""
        return any(scope.role in roles and scope.covers(path) for scope in self.scopes)

    def of(self, *roles: str) -> list[Scope]:
        return [scope for scope in self.scopes if scope.role in roles]

    def roots(self, *roles: str) -> set[int]:
        """Keys of the organisations in which one of these roles is held."""
        return {scope.root_id for scope in self.of(*roles)}

    @cached_property
    def mark(self) -> str:
        """Another one as soon as the rights are others: part of the key of what is kept for a while."""
        scopes = sorted(repr(scope) for scope in self.scopes)
        return hashlib.sha256("\n".join(scopes).encode()).hexdigest()[:16]

    @property
    def holders(self) -> frozenset[int]:
        """Keys of the people for whom this person stands in today."""
        return frozenset(scope.holder_id for scope in self.scopes if scope.holder_id is not None)

    def narrowed(self, holder: int | None) -> "Access":
        """One's own powers and those of this holder alone."""
        kept = tuple(scope for scope in self.scopes if scope.holder_id in (None, holder))
        return Access(self.person_id, kept, self.link)

    def hands(self, *roles: str) -> list[tuple[int | None, "Access"]]:
        """By whose power one has any of these roles, each apart: (None, one's own) and (holder, theirs)."""
        found: dict[int | None, list[Scope]] = {}
        for scope in self.of(*roles):
            found.setdefault(scope.holder_id, []).append(scope)
        return [(holder, Access(self.person_id, tuple(scopes))) for holder, scopes in found.items()]

    def duties(self, *roles: str) -> dict[int, set[int]]:
        """Person -> organisations: oneself where one works, and each holder where one stands in for them."""
        found: dict[int, set[int]] = {}
        for scope in self.scopes:
            if scope.role in roles if roles else scope.role != Role.STUDENT:
                person = scope.holder_id if scope.holder_id is not None else self.person_id
                if person is not None:
                    found.setdefault(person, set()).add(scope.root_id)
        return found

    def stands_for(self, person_id: int | None, root_id: int | None, *roles: str) -> bool:
        """What names `person_id` at this organisation (a mentor, an interviewer) is this person's to do: they
        are that person, or stand in for them; with one of `roles`, or any but a student's."""
        return root_id in self.duties(*roles).get(person_id, ())  # type: ignore[arg-type]

    def assigned(self, person_field: str, root_field: str, *roles: str) -> Q:
        """`stands_for` as rows: `person_field` names the person, `root_field` the organisation, by keys."""
        tests = [
            Q(**{person_field: person, f"{root_field}__in": roots})
            for person, roots in self.duties(*roles).items()
        ]
        return reduce(or_, tests) if tests else Q(pk__in=[])

    @property
    def workplaces(self) -> set[int]:
        """Keys of the organisations in which this person is anything but a student."""
        return {scope.root_id for scope in self.scopes if scope.role != Role.STUDENT}

    @property
    def own_roots(self) -> set[int]:
        """Keys of the organisations in which this person has a role of their own, a student's too."""
        return {scope.root_id for scope in self.scopes if scope.holder_id is None}

    @property
    def works_at(self) -> set[int]:
        """`workplaces` by roles of one's own."""
        return {s.root_id for s in self.scopes if s.role != Role.STUDENT and s.holder_id is None}

    @property
    def may_study(self) -> bool:
        """A student, or somebody whose studies are over or not confirmed; not who works here alone."""
        return self.has(Role.STUDENT) or not self.workplaces

    @property
    def operates(self) -> bool:
        """Partnership manager or administrator of the organisation that runs the portal: looks after
        partners that have nobody of their own."""
        return any(s.operator and s.role in (Role.PARTNERSHIPS, Role.ADMINISTRATOR) for s in self.scopes)

    @property
    def manages_partners(self) -> bool:
        """Partnership manager of the organisation that runs the portal."""
        return any(scope.operator for scope in self.of(Role.PARTNERSHIPS))

    @property
    def guards_data(self) -> bool:
        """Responsible for data protection at the organisation that runs the portal: reads its logs."""
        return any(scope.operator for scope in self.of(Role.DATA_PROTECTION))

    @property
    def administers(self) -> bool:
        """Administrator of the organisation that runs the portal."""
        return any(s.operator and s.role == Role.ADMINISTRATOR for s in self.scopes)

    @cached_property
    def kept_universities(self) -> frozenset[int]:
        """Universities that have a coordinator of their own; one query, asked for by the operator only."""
        return _have_people(Role.COORDINATOR)

    @cached_property
    def kept_companies(self) -> frozenset[int]:
        """Companies that have human resources of their own; one query, asked for by the operator only."""
        return _have_people(Role.HR)

    def q(self, field_name: str, *roles: str) -> Q:
        """Rows whose organisation (`field_name`, a relation to Organization) is covered by these roles.

        Matches nothing when no such role is held, so that a filter can never widen by accident.
        """
        tests = [Q(**{f"{field_name}__path__startswith": path}) for path in self._outermost(*roles)]
        return reduce(or_, tests) if tests else Q(pk__in=[])

    def nodes(self, *roles: str) -> Any:
        """The keys of the organisations and units that these roles cover, as a query within another: for big
        tables, where `q` would join every row to its organisation before it is told apart."""
        tests = [Q(path__startswith=path) for path in self._outermost(*roles)]
        found = apps.get_model("directory", "Organization").objects.order_by().values("pk")
        return found.filter(reduce(or_, tests)) if tests else found.none()

    def _outermost(self, *roles: str) -> list[str]:
        paths = {scope.path for scope in self.of(*roles)}
        return sorted(p for p in paths if not any(p != other and p.startswith(other) for other in paths))

    def holds_whole(self, roots: Iterable[int], *roles: str) -> bool:
        """One of these roles at the top of each of these organisations."""
        return {scope.node_id for scope in self.of(*roles)}.issuperset(roots)


def _affiliations() -> Any:
    """The rows behind all this. Models ask this module who may see them, so it asks the registry for them."""
    return apps.get_model("directory", "Affiliation").objects


def with_people(role: str) -> Any:
    """The keys of the organisations in which somebody has this role now, as a query."""
    return _affiliations().current().filter(role=role).values_list("organization__root_id", flat=True)


def _have_people(role: str) -> frozenset[int]:
    words = _people_words(role)
    _compiler, sql, slots = words.made()  # type: ignore[misc]  # somebody can always have the role
    with connections[words.db].cursor() as cursor:
        cursor.execute(sql, Given(at=[now(), today()]).values(slots, words.db))
        return frozenset(key for (key,) in cursor.fetchall())


@cache
def _people_words(role: str) -> Words:
    return words_of(lambda: with_people(role))


NOBODY = Access()


def access_of(who: Any) -> Access:
    """The Access of a user or an actor; a query for a user (two for a deputy), kept on the instance."""
    if who is SYSTEM or who is None:
        return NOBODY
    cached = who.__dict__.get("_access")
    if cached is not None and who.is_active:  # a row of a list asks for each of its verbs
        return cached
    if isinstance(who, Actor):
        return access_of(who.user) if who.user is not None else Access(who.person_id, link=who.scope)
    if not who.is_authenticated or not who.is_active:
        return NOBODY
    if cached is None:
        cached = who.__dict__["_access"] = _load(who)
    return cached


def forget_access(user: Any) -> None:
    """After the affiliations of a user that is in hand have changed."""
    user.__dict__.pop("_access", None)
    user.__dict__.pop("_person_id", None)


def load_access(users: Iterable[Any]) -> None:
    """Have `access_of` ready for many users in a query or two, for work that goes through a crowd.

    The users need their `person` loaded.
    """
    waiting = [user for user in users if user.is_active and "_access" not in user.__dict__]
    rows: dict[int, list[Scope]] = {user.person_id: [] for user in waiting if user.person_id is not None}
    for person_id, scope in _scopes_of(rows):
        rows[person_id].append(scope)
    for user in waiting:
        if user.person_id is not None:
            user.__dict__["_access"] = Access(user.person_id, tuple(rows[user.person_id]))


_SCOPE = (
    "role",
    "organization__path",
    "organization__root_id",
    "organization_id",
    "organization__root__is_operator",
)


def _verified_today() -> Any:
    day = today()
    return (
        _affiliations()
        .filter(state=AffiliationState.VERIFIED, starts__lte=day)
        .filter(Q(ends=None) | Q(ends__gte=day))
    )


def _scopes_of(people: Iterable[int]) -> Iterator[tuple[int, Scope]]:
    """(person, role) of these people: their own, and those in which they stand in for others today.

    One query, and a second where one of them is somebody's deputy now. Only a role that its holder has is
    there to be passed on, so nobody passes on what was passed on to them. Who no longer works at the
    organisation stands in for nobody there, so who has no role of their own is nobody's deputy.
    """
    deputies = set()
    for person_id, stands_in, *row in _own_of(list(people)):
        yield person_id, Scope(*row)
        if stands_in:
            deputies.add(person_id)
    if deputies:
        for person_id, *row in _passed_on(deputies, today()):
            yield person_id, Scope(*row)


def _own_of(keys: list[int]) -> Iterable[Any]:
    """(person, whether they stand in for somebody today, *_SCOPE): roles of their own."""
    if len(keys) != 1:
        return _own(keys)  # type: ignore[no-any-return]
    words = _own_words()
    _compiler, sql, slots = words.made()  # type: ignore[misc]  # a person can always have roles
    with connections[words.db].cursor() as cursor:
        cursor.execute(sql, Given(persons=keys, at=[now(), today()]).values(slots, words.db))
        return [(*row[:-1], bool(row[-1])) for row in cursor.fetchall()]


@cache
def _own_words() -> Words:
    """Each request of somebody who is signed in begins with this question: put into words once."""
    return words_of(lambda: _own([PERSONS]))


def _own(keys: list[int]) -> Any:
    named = apps.get_model("directory", "Deputyship").objects.filter(deputy_id=OuterRef("person_id"))
    own = _verified_today().filter(person_id__in=keys).order_by()
    stands_in = Exists(named.running(today()))
    return own.annotate(stands_in=stands_in).values_list("person_id", "stands_in", *_SCOPE)


def _passed_on(deputies: set[int], day: date) -> Any:
    works_there = _verified_today().filter(
        person_id=OuterRef("whose"), organization__root_id=OuterRef("organization__root_id")
    )
    others = _verified_today().filter(
        deputyships__deputy_id__in=deputies,
        deputyships__state=DeputyState.NAMED,
        deputyships__starts__lte=day,
        deputyships__ends__gte=day,
        person__erased_at=None,
    )
    others = others.annotate(whose=F("deputyships__deputy_id"), holder=F("person_id"))
    others = others.filter(Exists(works_there.exclude(role__in=NO_COLLEAGUES)))
    return others.order_by().values_list("whose", *_SCOPE, "holder")


def _load(user: Any) -> Access:
    person_id = user.person_id
    if person_id is None:
        return NOBODY
    return Access(person_id, tuple(scope for _person, scope in _scopes_of([person_id])))


def stand_ins(user: Any) -> list[tuple[Any, int | None, str]]:
    """For the history (workflow.actors): this user with their own powers alone, then with each holder's."""
    access = access_of(user)
    if not access.holders:
        return []
    names = {
        person.pk: person.name
        for person in apps.get_model("directory", "Person").objects.filter(pk__in=access.holders)
    }
    found: list[tuple[Any, int | None, str]] = [(seen_as(user, None), None, "")]
    return found + [(seen_as(user, key), key, names[key]) for key in sorted(names)]


def seen_as(user: Any, holder: int | None) -> Any:
    """A copy of the user with their own powers and those of this holder alone; None for no holder's."""
    narrow = copy.copy(user)
    narrow.__dict__["_access"] = access_of(user).narrowed(holder)
    return narrow


def has_role(*roles: str) -> Predicate:
    """user -> some role of these, anywhere: `may` and `shown` of pages and menus, who begins what has no
    place yet. The action still asks for itself where."""
    return Predicate(lambda user, _row=None: access_of(user).has(*roles), name="_or_".join(roles))


@predicate
def is_system(user: Any, obj: Any) -> bool:
    """Only the clock and what follows from another's act."""
    return user is SYSTEM
