"""The working list of those who answer to a name that many have (docs/speed.md): all rounds are gone through
from the newest row; of a round the words of its people are kept beside its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F

from internships import worklists
from internships.models import Application
from partnerships.common import among
from partnerships.common.among import newest_called, newest_parts
from partnerships.common.asked import Part
from partnerships.common.capped import CAP, Found, capped
from partnerships.common.named import NamedIndex
from partnerships.directory.asked import asked
from partnerships.directory.called import NAMES, Called, first_called, keys_listed, looked_up
from partnerships.directory.models import Person


def rows_of(user: Any, programme: Any, many: bool) -> Any:
    """What this person works on, in a round or in all."""
    return worklists.working_rows(user, many=many, programme=programme)


def dated(rows: Any, call: Any, order: tuple[str, ...]) -> Any:
    """With what they are ordered by; `call`: whose days, where all are of one round."""
    if "due_at" not in order:
        return rows
    return worklists.with_due(rows, None) if call is None else worklists.with_due_of(rows, call)


def narrowed(rows: Any, university: Any, specialty: Any) -> Any:
    if university is not None:
        rows = rows.filter(university_id=university)
    return rows if specialty is None else rows.filter(affiliation__study__specialty_id=specialty)


VERY_MANY = Called("", among.HELD + 1, every=False)  # more than are looked up one by one


# All rounds ---------------------------------------------------------------------------------------------
@dataclass
class Newest:
    """Rows of a name in this state in all rounds, read for `keyset_asked`: met by going back from the newest.
    Where too few are met so, all of the name are asked for, by `every`."""

    user: Any
    state: str
    typed: str
    people: Called
    every: Callable[[int | None, bool], Any]
    found: Found = (0, False)

    def keys(self, beyond: int | None, backwards: bool, most: int) -> list[int]:
        """So many, beyond this one; with how many there are in all, as `found`."""
        found = newest_called(
            _candidates(self.user, self.state),
            *("person_id", Person, self.typed, (most, CAP + 1)),
            known=self.people.keys,
            every=self.people.every,
            beyond=beyond,
            backwards=backwards,
            within=_within(self.user),
        )
        count = self.every(None, False).count(CAP + 1) if found.count is None else found.count
        self.found = capped(count)
        if len(found.keys) == most or (beyond is None and len(found.keys) == count):
            return found.keys
        return self.every(beyond, backwards)[:most]  # type: ignore[no-any-return]


def _within(user: Any) -> tuple[str, int] | None:
    """The university of who sees nothing else, as a part of the table that an index has by itself."""
    university = Application.objects.only_university(user)
    return None if university is None else ("university_id", university)


@asked
def _candidates(user: Any, state: str) -> Any:
    rows = worklists.in_state(rows_of(user, None, True), state)
    return rows.order_by().values_list("pk", "person_id")


@dataclass
class OfAll:
    """The newest of those of a name that many have, in all rounds, for `groups_of`: the query that counts the
    states finds the people as well, and goes back from the newest row. A rare name it leaves to be asked for
    by its people, and one that very many have by itself.

    typed   folded words, long enough for trigrams
    most    so many keys
    """

    typed: str
    state: str
    most: int

    def __post_init__(self) -> None:
        self.keys: list[int] = []
        self._said: list[str] = []

    def asked_with(self, user: Any) -> dict[str, Any]:
        """What `groups_of` takes."""
        candidates = _candidates(user, self.state)
        first, count = newest_parts(candidates, "person_id", (self.most, CAP + 1), within=_within(user))
        taken: dict[str, Any] = {"called": first_called(self.typed, among.HELD + 1)}
        if first is None or count is None:
            return taken
        # Of our own making: numbers, and parts of queries.
        many = f"(SELECT n FROM number) BETWEEN {among.OFTEN + 1} AND {among.HELD}"  # noqa: S608
        said = (
            f"CAST((SELECT n FROM number) AS text) || ';' || CASE WHEN {many}"  # noqa: S608
            f" THEN CAST({count[0]} AS text) ELSE {keys_listed('SELECT pk FROM called')} END"
        )
        newest = f"SELECT newest.pk FROM ({first[0]}) newest WHERE {many}"  # noqa: S608
        return taken | {"beside": (self.keys, (newest, first[1])), "said": (self._said, (said, count[1]))}

    @property
    def _told(self) -> tuple[int, str]:
        """How many answer to the name, and with it their keys, or how many rows are theirs."""
        number, _by, rest = next(iter(self._said), "0;").partition(";")
        return int(number), rest

    @property
    def count(self) -> int | None:
        """How many rows, no further than one past the cap; None where they are not looked for here."""
        number, rest = self._told
        return int(rest) if among.OFTEN < number <= among.HELD else None

    @property
    def found(self) -> bool:
        """Whether the keys are the first of all: as many as are wanted, or as there are."""
        return self.count is not None and len(self.keys) in (self.most, self.count)

    @property
    def people(self) -> Called:
        """Who answers to the name; asked for once more where too few of their rows are among the newest."""
        number, keys = self._told
        return looked_up(self.typed) if self.count is not None else Called(keys, number, number <= among.HELD)


# A round ------------------------------------------------------------------------------------------------
@dataclass
class OfRound:
    """The first of a round who answer to a name, for `groups_of`: the query that counts the round finds them
    as well, by the words that are kept of its rows or, where these cannot tell, by all people of the name.

    typed   folded words, long enough for trigrams
    narrow  as `_rows_called` takes it
    """

    typed: str
    narrow: tuple[Any, ...]

    def __post_init__(self) -> None:
        self.keys: list[int] = []
        self._number: list[str] = []

    @property
    def whole(self) -> bool:
        """Whether all of the name were looked up: so many have some that the round is gone through."""
        return int(next(iter(self._number), 0)) <= among.HELD

    def asked_with(self, user: Any) -> dict[str, Any]:
        """What `groups_of` takes."""
        programme, *_narrow, order = self.narrow[:4]
        known = NAMED.keys(NAMES, self.typed, int(programme), among.HELD + 1)
        rows = _rows_called(user, *self.narrow).every_row
        return {
            "called": known or first_called(self.typed, among.HELD + 1),
            "beside": (self.keys, _first_called(rows, "pk" if known else "person_id", order)),
            "said": (self._number, ("CAST((SELECT n FROM number) AS text)", ())),
        }


NAMED = next(index for index in Application._meta.indexes if isinstance(index, NamedIndex))


def _first_called(part: Part, called: str, order: tuple[str, ...]) -> Part:
    """The first of these rows, one more than are counted, of which the column `called` stands in that table:
    the row itself, or its person."""
    if part is None:
        return None
    by = (f"one.by{n} {'DESC' if name[0] == '-' else 'ASC'} NULLS LAST" for n, name in enumerate(order))
    # Each is looked up, however large the round is. PostgreSQL takes their keys together first: what it
    # cannot know, how many a name finds, would have it go through the round. More than are held are not
    # asked for here (`whole`).
    keys = "(SELECT pk FROM called)"
    each = f"= ANY(ARRAY{keys})" if connection.vendor == "postgresql" else f"IN {keys}"
    few = f"(SELECT n FROM number) <= {among.HELD}"  # noqa: S608 - a number
    # Of our own making: the query of a question, columns, numbers.
    here = f"SELECT one.pk FROM ({part[0]}) one WHERE {few} AND one.{called} {each}"  # noqa: S608
    return f"{here} ORDER BY {', '.join(by)} LIMIT {CAP + 1}", part[1]


@asked
def _rows_called(
    user: Any, programme: Any, call: Any, state: str, order: tuple[str, ...], university: Any, specialty: Any
) -> Any:
    """(key, person, what they are ordered by)."""
    rows = dated(worklists.in_state(rows_of(user, programme, False), state), call, order)
    by = {f"by{n}": F(name.lstrip("-")) for n, name in enumerate(order)}
    found = narrowed(rows, university, specialty).order_by().annotate(**by)
    return found.values_list("pk", "person_id", *by)
