"""All agreements on one line of years: when each begins, until when it holds, by when it is decided."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from partnerships.agreements.enums import REVIEW_STATES, AgreementKind, AgreementState
from partnerships.agreements.models import Agreement, AgreementQuerySet
from partnerships.agreements.moves import state_shown
from partnerships.common.clock import today

SHOWN = 200
LEAST_YEARS, MOST_YEARS = 3, 12
WIDTH = 1000  # units of the drawing
PREPARED = (AgreementState.PROPOSED, AgreementState.DRAFT, *REVIEW_STATES)


@dataclass(frozen=True)
class Bar:
    """x and width in units of the drawing, width 0 of what lies outside the years drawn; notice  where the
    notice day lies, None outside or without one; css  how it is drawn: its state, "prepared" for all that no
    party has been asked to sign yet, "over" for what came to its end.
    """

    agreement: Agreement
    state: str
    kind: str
    x: int
    width: int
    notice: int | None
    open_end: bool
    css: str


@dataclass(frozen=True)
class Timeline:
    years: list[int]
    now: int
    bars: list[Bar]
    more: bool
    width: int = WIDTH


def timeline_rows(user: Any) -> AgreementQuerySet:
    """What holds, held or is on its way, from the proposal on; contracts for one practice would hide the
    others, and what was rejected or withdrawn never held."""
    never = (AgreementState.REJECTED, AgreementState.WITHDRAWN)
    rows = Agreement.objects.visible_to(user).exclude(state__in=never)
    return rows.exclude(kind=AgreementKind.PLACEMENT).exclude(root__kind=AgreementKind.PLACEMENT)


def timeline_of(user: Any) -> Timeline:
    rows = timeline_rows(user).with_rows().order_by("-starts", "-pk")  # type: ignore[attr-defined]
    found = list(rows[: SHOWN + 1])
    shown = found[:SHOWN]
    year = today().year
    first = min([year, *(one.starts.year for one in shown)])
    last = max([year + 1, *(_last(one).year for one in shown if _last(one) is not None)])  # type: ignore[union-attr]
    first = max(first, year - MOST_YEARS // 2)
    last = min(max(last, first + LEAST_YEARS - 1), first + MOST_YEARS - 1)
    begins, ends = date(first, 1, 1), date(last, 12, 31)
    days = (ends - begins).days

    def at(day: date) -> int:
        return round(min(max((day - begins).days, 0), days) * WIDTH / days)

    bars = []
    for one in shown:
        until = _last(one)
        x, end = at(one.starts), at(until) if until is not None else WIDTH
        in_sight = one.notice_by is not None and begins <= one.notice_by <= ends
        undecided = in_sight and one.state == AgreementState.IN_FORCE and not one.decision
        notice = at(one.notice_by) if undecided and one.notice_by is not None else None
        words, kind = state_shown(one)
        css = "prepared" if one.state in PREPARED else "over" if one.is_expired else one.state
        outside = one.starts > ends or (until is not None and until < begins)
        width = 0 if outside else max(end - x, 6)
        bars.append(Bar(one, words, kind, x, width, notice, until is None, css))
    return Timeline(list(range(first, last + 1)), at(today()), bars, len(found) > SHOWN)


def _last(one: Agreement) -> date | None:
    """Its last day as far as it is known; None of one that goes on."""
    return one.ended_on or one.ends
