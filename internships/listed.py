"""The working list in kept words (docs/speed.md): its numbers, and the keys of a page. What narrows it beyond
this (a place, what is late, a number among the words) is asked plainly, by `worklists`."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from internships import worklists
from internships.enums import ApplicationState as A
from internships.forms.worklist import SORTS
from internships.models import Application, Programme
from internships.models.application_rows import COMMISSION, named_few
from partnerships.common.paging import Found, Keyset, groups_of, in_order, keyset_asked, made_up, size_of
from partnerships.common.query_words import Key, Typed
from partnerships.directory.asked import asked
from partnerships.reviews import reports as reviews
from partnerships.reviews.models import ReviewRound

BY_KEY = ("-pk",)


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


def numbers(user: Any, programme: Programme | None) -> dict[str, Found]:
    """`worklists.counted_states` of this round, or of all."""
    question = _rows(user, _key(programme))
    if worklists.works_on_much(user):
        return groups_of(question.every_row, "state", A.values)
    return {state: (n, False) for state, n in _numbers(user, _key(programme))}


def page(
    user: Any, wanted: Wanted, params: Any, counts: dict[str, Found]
) -> tuple[Keyset[Application], Found | None] | None:
    """The page, and how many there are where something but a state narrows it; None as in `keyset_asked`."""
    # Of thousands the newest are met soon, going back from the last; a few are found by their round.
    many = wanted.order == BY_KEY and any(more for _n, more in counts.values())
    few = named_few(wanted.typed) if wanted.typed else True
    call = Key(wanted.programme.call_id) if wanted.programme and "due_at" in wanted.order else None

    def ask(beyond: int | None, backwards: bool) -> Any:
        return _keys(
            user,
            *(many, _key(wanted.programme), call, wanted.state, wanted.order),
            *(_given(wanted.university), _given(wanted.specialty)),
            *(_given(beyond), backwards, few),
            *([Typed(wanted.typed)] if wanted.typed else []),
        )

    return keyset_asked(
        ask,
        params,
        order=wanted.order,
        reader=user,
        filled=worklists.lines_of,
        counting=wanted.narrows,
    )


def by_marks(user: Any, programme: Programme, commission: ReviewRound, state: str) -> Keyset[Application]:
    """The first page by the means of the commission, less what its reader must not meet."""
    order, size = SORTS["commission"], size_of(user)
    means = dict(_by_marks(user, Key(programme.pk), Key(commission.pk), state, order)[: size + 1])
    keys = list(means)[:size]
    rows = {row.pk: row for row in worklists.lines_of(keys)}
    page = [rows[key] for key in keys if key in rows]
    for row in page:
        row.commission_mean = means[row.pk]  # type: ignore[attr-defined]  # where a page ends
    return made_up(page, len(means) > size, order=order, beyond=False, backwards=False, chosen=size)


@asked
def _by_marks(user: Any, programme: Key, found: Key, state: str, order: tuple[str, ...]) -> Any:
    rows = worklists.in_state(_scope(user, programme, False), state)
    rows = rows.annotate(commission_mean=reviews.mean_of(COMMISSION, found, programme, user))
    return in_order(rows, order).values_list("pk", "commission_mean")


def _key(programme: Programme | None) -> Key | None:
    return None if programme is None else Key(programme.pk)


def _given(key: int | None) -> Key | None:
    return None if key is None else Key(key)


def _scope(user: Any, programme: Any, many: bool) -> Any:
    rows = worklists.working_rows(user, many=many)
    return rows if programme is None else rows.filter(programme_id=programme)


@asked
def _rows(user: Any, programme: Any) -> Any:
    return _scope(user, programme, False).order_by().values_list("state")


@asked
def _numbers(user: Any, programme: Any) -> Any:
    rows = _scope(user, programme, False).order_by().values_list("state")
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
    few: bool,
    *words: str,
) -> Any:
    rows = worklists.in_state(_scope(user, programme, many), state)
    if "due_at" in order:
        rows = worklists.with_due(rows, None) if call is None else worklists.with_due_of(rows, call)
    for word in words:
        rows = rows.answering(word, few)
    if university is not None:
        rows = rows.filter(university_id=university)
    if specialty is not None:
        rows = rows.filter(affiliation__study__specialty_id=specialty)
    if beyond is not None:
        rows = rows.filter(pk__gt=beyond) if backwards else rows.filter(pk__lt=beyond)
    found = in_order(rows, order)
    return (found.reverse() if backwards else found).values_list("pk", flat=True)
