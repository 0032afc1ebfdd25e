"""The working list in kept words (docs/speed.md): its numbers, and the keys of a page. What narrows it beyond
this (a place, what is late, a number among the words) is asked plainly, by `worklists`."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, F

from internships import worklists
from internships.enums import ApplicationState as A
from internships.forms.worklist import SORTS
from internships.listed_called import VERY_MANY, Newest, OfAll, OfRound, dated, narrowed, rows_of
from internships.listed_marks import Marks
from internships.listed_orders import best_of_state, soonest_of_round
from internships.models import Application, Programme
from internships.models.application_rows import called
from internships.models.kept_apart import COMMISSION
from internships.worklist_rows import rows_by_keys
from partnerships.common.among import TRIGRAM, Among, AmongKnown, AmongMany, in_one
from partnerships.common.capped import CAP, Found, capped, groups_of
from partnerships.common.paging import Keyset, by_keys, in_order, keyset_asked, made_up, size_of
from partnerships.common.query_words import Key, Typed
from partnerships.directory.asked import asked
from partnerships.directory.called import Called, in_one_of, looked_up, told
from partnerships.reviews import reports as reviews
from partnerships.reviews.models import ReviewRound

BY_KEY, BY_SCORE = SORTS["new"], SORTS["score"]
# So many pages of the best by a commission a long list is first looked for; more where it is of one state.
AMONG, AMONG_OF_STATE = 4, 10


@dataclass(frozen=True)
class Wanted:
    """What an address asks of the list. `typed` is folded and has no digit; keys as the address has them."""

    programme: Programme | None
    state: str
    order: tuple[str, ...]
    typed: str = ""
    university: int | None = None
    specialty: int | None = None

    @property
    def narrows(self) -> bool:
        return bool(self.typed or self.university or self.specialty)


def read(
    user: Any, wanted: Wanted, params: Any, known: Collection[str] | None = None, commission: Any = None
) -> tuple[dict[str, Found], Keyset[Application] | None, Found | None]:
    """The numbers of the round, or of all, the page, and how many there are where something but a state
    narrows it. No page for a place in the list that kept words cannot be told (`keyset_asked`). `known`:
    which states are `long`, as in `numbers`; None until they were counted. `commission`: the round of reviews
    whose marks the rows are told, where the same query can tell them."""
    long = known or ()
    if not {"after", "before"} & set(params):
        if not wanted.narrows and not worklists.works_on_much(user):
            return *_of_few(user, wanted), None
        if not wanted.narrows and wanted.programme is not None and wanted.order != BY_KEY:
            return *_first_of_round(user, wanted, long, commission), None
        if len(wanted.typed) >= TRIGRAM and wanted.programme is not None and worklists.works_on_much(user):
            return _first_called(user, wanted, params, long, commission)
        if _newest_first(user, wanted):
            return _newest_called(user, wanted, params, long)
    if known is not None and not wanted.narrows and wanted.order == BY_KEY and worklists.works_on_much(user):
        return *_by_key(user, wanted, params, long), None
    people: list[Called] = []
    counts = numbers(user, wanted.programme, wanted.typed, people, long)
    found = page(user, wanted, params, counts, people[0] if people else None)
    return counts, *(found or (None, None))


def numbers(
    user: Any,
    programme: Programme | None,
    typed: str = "",
    people: list[Called] | None = None,
    long: Iterable[str] = (),
) -> dict[str, Found]:
    """`worklists.counted_states` of this round, or of all. `people` takes those whose name was typed, once:
    the same query finds them. `long`: states known to have more than are counted (`worklists.keep_long`),
    which are not counted again."""
    found = [] if people is None else people
    if worklists.works_on_much(user):
        keys: list[str] = []
        counts = _counted(user, programme, long, said=(keys, in_one_of(typed) if typed else None))
        found += map(told, keys)
        return counts
    found += [looked_up(typed)] if typed else []
    return {state: (n, False) for state, n in _numbers(user, _key(programme))}


def _counted(user: Any, programme: Programme | None, long: Iterable[str], **also: Any) -> dict[str, Found]:
    """The numbers of who sees many; what the same query finds `also`, as in `groups_of`."""
    states = [state for state in A.values if state not in long]
    counts = groups_of(_rows(user, _key(programme)).every_row, "state", states, **also)
    return counts | dict.fromkeys(long, (CAP, True))


def _first_of_round(
    user: Any, wanted: Wanted, long: Iterable[str], commission: ReviewRound | None
) -> tuple[dict[str, Found], Keyset[Application]]:
    """Numbers and first page of a round that nothing narrows but a state: the same query finds both."""
    keys: list[int] = []
    first = _in_order(user, wanted, False)(None, False).first_rows(size_of(user) + 1)
    marks = Marks(user, commission, size_of(user))
    counts = _counted(user, wanted.programme, long, beside=(keys, first), **marks.asked_with())
    return counts, _first_page(user, wanted, keys, marks)


def _by_key(
    user: Any, wanted: Wanted, params: Any, long: Collection[str]
) -> tuple[dict[str, Found], Keyset[Application] | None]:
    """Numbers and page, from any place in it, of a list by its key of which is known whether it is long: the
    same query finds both."""
    ask = _in_order(user, wanted, many=bool(long))
    counts: dict[str, Found] = {}

    def beside_the_numbers(beyond: int | None, backwards: bool, most: int) -> list[int]:
        keys: list[int] = []
        part = ask(beyond, backwards).first_rows(most)
        counts.update(_counted(user, wanted.programme, long, beside=(keys, part)))
        return keys

    found = keyset_asked(beside_the_numbers, params, order=wanted.order, reader=user, filled=rows_by_keys)
    if found is None:
        return _counted(user, wanted.programme, long), None
    return counts, found[0]


def _first_called(
    user: Any, wanted: Wanted, params: Any, long: Iterable[str], commission: ReviewRound | None
) -> tuple[dict[str, Found], Keyset[Application] | None, Found | None]:
    """Numbers of a round, and the first page of those in it who answer to a name, with how many they are: the
    same query finds all of it, unless very many are called so."""
    narrow = _key(wanted.programme), _call(wanted), wanted.state, wanted.order
    named = OfRound(wanted.typed, (*narrow, _given(wanted.university), _given(wanted.specialty)))
    marks = Marks(user, commission, size_of(user))
    counts = _counted(user, wanted.programme, long, **named.asked_with(user), **marks.asked_with())
    if named.whole:
        return counts, _first_page(user, wanted, named.keys, marks), capped(len(named.keys))
    return counts, *(page(user, wanted, params, counts, VERY_MANY) or (None, None))


def _newest_first(user: Any, wanted: Wanted) -> bool:
    """Whether a name, and a state at most, is looked for in all rounds from the newest."""
    plain = (
        wanted.programme is None and wanted.order == BY_KEY and not (wanted.university or wanted.specialty)
    )
    return plain and len(wanted.typed) >= TRIGRAM and worklists.works_on_much(user)


def _newest_called(
    user: Any, wanted: Wanted, params: Any, long: Iterable[str]
) -> tuple[dict[str, Found], Keyset[Application] | None, Found | None]:
    """The same in all rounds of a name that many have; the people of another are found with the numbers."""
    named = OfAll(wanted.typed, wanted.state, size_of(user) + 1)
    counts = _counted(user, None, long, **named.asked_with(user))
    if named.count is not None and named.found:
        return counts, _first_page(user, wanted, named.keys), capped(named.count)
    return counts, *(page(user, wanted, params, counts, named.people) or (None, None))


def _first_page(
    user: Any, wanted: Wanted, keys: list[int], marks: Marks | None = None
) -> Keyset[Application]:
    """The rows of these keys, one more than a page has."""
    size = size_of(user)
    rows = by_keys(keys[:size], rows_by_keys)
    if marks is not None:
        marks.told(rows)
    return made_up(rows, len(keys) > size, order=wanted.order, beyond=False, backwards=False, chosen=size)


def _of_few(user: Any, wanted: Wanted) -> tuple[dict[str, Found], Keyset[Application]]:
    """Numbers and first page of somebody who sees but a few: the same query tells both."""
    size, by = size_of(user), wanted.order[0]
    states = worklists.ENDED if wanted.state == worklists.OVER else (wanted.state,) if wanted.state else ()
    part = _few(user, _key(wanted.programme), by.lstrip("-")).every_row
    found = [] if part is None else _counted_and_first(part, states, by.startswith("-"), size + 1)
    counts = {state: (n, False) for state, n, _key in found if state is not None}
    keys = [key for _n, key in sorted((n, key) for state, n, key in found if state is None)]
    return counts, _first_page(user, wanted, keys)


def _counted_and_first(
    part: tuple[str, Any], states: Sequence[str], descending: bool, most: int
) -> list[tuple[str | None, int, int | None]]:
    """(state, how many, None) of these rows, and (None, place, key) of the first in one of the states."""
    way = "DESC" if descending else "ASC"
    order = f"ordered {way} NULLS LAST, pk {way}"
    within = f"WHERE state IN ({', '.join(['%s'] * len(states))})" if states else ""
    # Of our own making: the query of a question, placeholders, a number.
    first = f"SELECT pk, ordered FROM few {within} ORDER BY {order} LIMIT {int(most)}"  # noqa: S608
    sql = (
        f"WITH few AS ({part[0]}) SELECT state, COUNT(*), NULL FROM few GROUP BY state "  # noqa: S608
        f"UNION ALL SELECT NULL, ROW_NUMBER() OVER (ORDER BY {order}), pk FROM ({first}) first"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*part[1], *states])
        return cursor.fetchall()


def page(
    user: Any, wanted: Wanted, params: Any, counts: dict[str, Found], people: Called | None
) -> tuple[Keyset[Application], Found | None] | None:
    """The page of what `numbers` has counted, by the people that it found; None as in `keyset_asked`."""
    # Of thousands the newest are met soon, going back from the last; a few are found by their round.
    many = wanted.order == BY_KEY and any(more for _n, more in counts.values())
    named, typed = _called(user, wanted, people)
    how: Any = {"order": wanted.order, "reader": user, "filled": rows_by_keys}
    if named == FREQUENT:
        assert people is not None
        every = _in_order(user, wanted, many, *_of_people(wanted, people))
        newest = Newest(user, wanted.state, wanted.typed, people, every)
        found = keyset_asked(newest.keys, params, **how)
        return found and (found[0], newest.found)
    ask = _in_order(user, wanted, many, named, typed)

    def read(beyond: int | None, backwards: bool, most: int) -> list[int]:
        return ask(beyond, backwards)[:most]  # type: ignore[no-any-return]

    def count() -> int:
        return ask(None, False).count(CAP + 1)  # type: ignore[no-any-return]

    return keyset_asked(read, params, count=count if wanted.narrows else None, **how)


def _in_order(user: Any, wanted: Wanted, many: bool, named: str = "", typed: str = "") -> Callable[..., Any]:
    """(key, backwards) -> the question for what is wanted, beyond this key; `named` by `_called`."""

    def ask(beyond: int | None, backwards: bool) -> Any:
        return _keys(
            user,
            *(many, _key(wanted.programme), _call(wanted), wanted.state, wanted.order),
            *(_given(wanted.university), _given(wanted.specialty)),
            *(_given(beyond), backwards, named, 0 if wanted.narrows else size_of(user) + 1),
            *([typed] if typed else []),
        )

    return ask


# How those of a name are told apart: by their keys, which are known; asked of each row that is read anyway;
# looked for backwards from the newest; as the planner likes.
RARE, HELD, FREQUENT, ANYHOW = "rare", "held", "frequent", "anyhow"


def _called(user: Any, wanted: Wanted, people: Called | None) -> tuple[str, str]:
    """By what is typed and who answers to it, with what is asked."""
    if not wanted.typed:
        return "", ""
    if people is None:  # who sees nothing
        return RARE, in_one([])
    if not people.often:
        return RARE, Typed(people.keys)
    if wanted.programme is not None or not worklists.works_on_much(user):
        return HELD, Typed(wanted.typed)
    if wanted.order == BY_KEY and not (wanted.university or wanted.specialty):
        return FREQUENT, Typed(wanted.typed)
    return _of_people(wanted, people)


def _of_people(wanted: Wanted, people: Called) -> tuple[str, str]:
    """By all who answer to the name, as long as they can be looked up one by one."""
    return (RARE, Typed(people.keys)) if people.every else (ANYHOW, Typed(wanted.typed))


def by_marks(
    user: Any, programme: Programme, commission: ReviewRound, state: str, long: Iterable[str]
) -> tuple[dict[str, Found], Keyset[Application]]:
    """Numbers of a round, and its first page by the means of the commission, less what its reader must not
    meet. Where it is known to be `long`, or to have more marks than a page has rows, the same query finds
    both."""
    size, marks = size_of(user), Marks(user, commission, size_of(user))
    wanted = Wanted(programme, state, SORTS["commission"])
    here = (Key(programme.pk), Key(commission.pk), state, wanted.order)
    best, keys = size * (AMONG_OF_STATE if state else AMONG), []  # type: ignore[var-annotated]
    if long or commission.items_marked > size:
        first = _by_marks(user, *here, best).first_rows(size + 1)
        counts = _counted(user, programme, long, beside=(keys, first), **marks.asked_with())
    else:
        counts = _counted(user, programme, long)
    if len(keys) <= size:  # those without a mark follow
        marks = Marks(user, commission, size)
        keys = marks.of_means(_by_marks(user, *here, 0)[: size + 1])
    return counts, _first_page(user, wanted, keys, marks)


@asked
def _by_marks(user: Any, programme: Key, found: Key, state: str, order: tuple[str, ...], best: int) -> Any:
    """(key, mean); with `best` those alone that are among so many best of all, which an index has in their
    order: of a long list the mean of each is not worked out."""
    rows = worklists.in_state(rows_of(user, programme, False), state)
    if best:
        marked = reviews.with_mean(COMMISSION, found, programme, user).order_by("-mean", "-object_id")
        rows = rows.filter(Among("pk", marked.values("object_id")[:best]))
    rows = rows.annotate(commission_mean=reviews.mean_of(COMMISSION, found, programme, user))
    return in_order(rows, order).values_list("pk", "commission_mean")


def _key(programme: Programme | None) -> Key | None:
    return None if programme is None else Key(programme.pk)


def _call(wanted: Wanted) -> Key | None:
    """Whose days the rows are ordered by."""
    return Key(wanted.programme.call_id) if wanted.programme and "due_at" in wanted.order else None


def _given(key: int | None) -> Key | None:
    return None if key is None else Key(key)


@asked
def _rows(user: Any, programme: Any) -> Any:
    return rows_of(user, programme, False).order_by().values_list("state")


@asked
def _few(user: Any, programme: Any, by: str) -> Any:
    """(key, state, what it is ordered by), by each reason for which somebody sees them."""
    parts = []
    for rows in worklists.working_parts(user):
        here = rows if programme is None else rows.filter(programme_id=programme)
        dated = worklists.with_due_apart(here) if by == "due_at" else here
        parts.append(dated.order_by().annotate(ordered=F(by)).values_list("pk", "state", "ordered"))
    if not parts:
        return Application.objects.none().values_list("pk", "state", F("pk"))
    return parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]


@asked
def _numbers(user: Any, programme: Any) -> Any:
    rows = rows_of(user, programme, False).order_by().values_list("state")
    return rows.annotate(n=Count("pk")).values_list("state", "n")


@asked
def _keys(
    user: Any,
    many: bool,
    programme: Any,
    call: Any,
    state: str,
    order: tuple[str, ...],
    university: Any,
    specialty: Any,
    beyond: Any,
    backwards: bool,
    named: str,
    most: int,
    *words: str,
) -> Any:
    if call is not None and most and not state:
        return soonest_of_round(rows_of(user, programme, many), call, order, most)
    if programme is not None and most and state in A.values and order == BY_SCORE:
        return best_of_state(worklists.in_state(rows_of(user, programme, many), state), most)
    rows = dated(worklists.in_state(rows_of(user, programme, many), state), call, order)
    for word in words:
        if named == RARE:
            rows = rows.filter(AmongKnown("person_id", word))
        elif named == HELD:
            rows = rows.filter(AmongMany("person_id", called(word)))
        else:
            rows = rows.answering(word, False)
    rows = narrowed(rows, university, specialty)
    if beyond is not None:
        rows = rows.filter(pk__gt=beyond) if backwards else rows.filter(pk__lt=beyond)
    found = in_order(rows, order)
    return (found.reverse() if backwards else found).values_list("pk", flat=True)
