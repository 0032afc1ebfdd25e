"""What stands under agreements: what runs past their end, which of them sleep, what has none that holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from partnerships.agreements.enums import AgreementKind
from partnerships.agreements.models import Agreement, AgreementQuerySet
from partnerships.agreements.reports import chain_of
from partnerships.agreements.terms import add_months
from partnerships.common.asked import Part, ask_together
from partnerships.common.clock import today
from partnerships.common.direction import Activities, directions
from partnerships.common.query_words import Key, keys_of
from partnerships.directory.asked import asked

ASLEEP_AFTER = 12  # months in force without any activity
SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One activity as its reader sees it."""

    title: str
    detail: str
    url: str
    starts: date
    ends: date
    agreement: Agreement | None = None
    past: bool = False


@dataclass
class Standing:
    """Of one kind of activity under an agreement: how many run, how many past its end; `lines` are those past
    its end, of a `named` kind all of them."""

    label: Any
    running: int = 0
    past: int = 0
    lines: list[Line] = field(default_factory=list)
    named: bool = False


def all_activities() -> list[Activities]:
    return [kind for direction in directions() for kind in direction.activities]


def standing_under(agreement: Agreement, user: Any) -> list[Standing]:
    """How much stands under it, and how much of that runs past its last day, for whoever may read it; what
    runs past, and all of a `named` kind, is named to who may see it."""
    alone = not getattr(agreement, "has_chain", True)  # as `whole` has seen it
    keys = keys_of([agreement.pk] if alone else chain_of(agreement).values_list("pk", flat=True))
    last = agreement.ended_on or agreement.ends
    kinds = all_activities()
    counts = ask_together([part for kind in kinds for part in _counts(kind, last, keys)])
    found = []
    for n, kind in enumerate(kinds):
        running, past = counts[2 * n] or 0, counts[2 * n + 1] or 0
        if not running:
            continue
        rows = _under(kind, kind.rows(user), keys)
        lines = []
        if kind.named or past:
            rows = rows if kind.named else _late(kind, rows, last)
            lines = [_line(kind, row, last) for row in rows.order_by(kind.ends, "pk")[:SHOWN]]
        found.append(Standing(kind.label, running, past, lines, kind.named))
    return found


def _under(kind: Activities, rows: Any, keys: Sequence[int]) -> Any:
    """What is ahead or under way under agreements with these keys."""
    return rows.filter(kind.running, **{f"{kind.agreement}__in": keys})


def _late(kind: Activities, rows: Any, last: date | None) -> Any:
    return rows.filter(**{f"{kind.ends}__gt": last})


def _counts(kind: Activities, last: date | None, keys: Sequence[Key]) -> list[Part]:
    """How many run under these agreements, and how many of them past their last day."""
    past = None if last is None else _running_past(kind.key, last, *keys).counted()
    return [_running(kind.key, *keys).counted(), past]


@asked
def _running(kind: str, *keys: int) -> Any:
    found = _activity(kind)
    return _under(found, found.rows(None), keys)


@asked
def _running_past(kind: str, last: date, *keys: int) -> Any:
    found = _activity(kind)
    return _late(found, _under(found, found.rows(None), keys), last)


def _activity(key: str) -> Activities:
    return next(kind for kind in all_activities() if kind.key == key)


def _line(kind: Activities, row: Any, last: date | None = None) -> Line:
    """`last`: the day after which it runs past the end of its agreement."""
    title, detail = kind.line(row)
    starts, ends = getattr(row, kind.starts), getattr(row, kind.ends)
    past = last is not None and ends > last
    return Line(title, detail, row.get_absolute_url(), starts, ends, getattr(row, kind.agreement), past)


def asleep(user: Any) -> AgreementQuerySet:
    """In force for a year, with nothing done under it or its amendments in the last year. Contracts for one
    practice are themselves the activity."""
    since = add_months(today(), -ASLEEP_AFTER)
    rows = (
        Agreement.objects.visible_to(user)
        .in_force()
        .filter(in_force_since__date__lte=since)
        .exclude(Q(kind=AgreementKind.PLACEMENT) | Q(root__kind=AgreementKind.PLACEMENT))
    )
    for kind in all_activities():
        done = kind.rows(None).filter(**{f"{kind.ends}__gte": since})
        rows = rows.exclude(Exists(done.filter(_of_chain(kind.agreement))))
    return rows.order_by("in_force_since", "pk")


def _of_chain(name: str) -> Q:
    """An activity under the agreement of the outer query, its first or another amendment of it."""
    return (
        Q(**{name: OuterRef("pk")})
        | Q(**{name: OuterRef("root")})
        | Q(**{f"{name}__root": OuterRef("root")}) & Q(**{f"{name}__root__isnull": False})
        | Q(**{f"{name}__root": OuterRef("pk")})
    )


def uncovered(kind: Activities, user: Any) -> Any:
    """Activities ahead or under way that stand under no agreement, or under one that does not hold today and
    has neither an amendment nor a renewal that does."""
    own = OuterRef(kind.agreement)
    root = OuterRef(f"{kind.agreement}__root")
    holds = Agreement.objects.in_force().filter(
        Q(pk=own) | Q(root=own) | Q(pk=root) | Q(root=root) | Q(renews=own) | Q(renews__root=own)
    )
    rows = kind.rows(user).filter(kind.running).filter(~Exists(holds))
    return rows.order_by(F(kind.starts), "pk")


def lines_of(kind: Activities, rows: Any) -> list[Line]:
    """Activities as their reader sees them."""
    return [_line(kind, row) for row in rows.select_related(kind.agreement)]


def uncovered_lines(user: Any) -> list[tuple[Any, int, list[Line]]]:
    """(kind, how many, the first of them) for every kind of activity that has any."""
    found = []
    for kind in all_activities():
        rows = uncovered(kind, user)
        lines = lines_of(kind, rows[:SHOWN])
        if lines:
            many = len(lines) if len(lines) < SHOWN else rows.count()
            found.append((kind.label, many, lines))
    return found
