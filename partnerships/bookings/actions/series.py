"""Bookings that come again, each of them checked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.bookings.actions import booking as single
from partnerships.bookings.actions.locking import Unmoved, sensible
from partnerships.bookings.models import Booking, Series, Thing
from partnerships.bookings.workflow import BOOKING
from partnerships.common.clock import BAKU

MOST = 60
MOVABLE = BOOKING["move"].sources | BOOKING["move_ask"].sources


class SeriesClash(ValidationError):
    """Days of a series that cannot be had, each with its reason; nothing was booked. `taken`: those of them
    on which somebody has it."""

    def __init__(self, conflicts: list[tuple[datetime, str]], taken: Sequence[datetime] = ()) -> None:
        self.conflicts, self.taken = conflicts, list(taken)
        words = ngettext(
            "%(n)d day of the series cannot be had. Leave it out, or take another time.",
            "%(n)d days of the series cannot be had. Leave them out, or take another time.",
            len(conflicts),
        )
        super().__init__({"rule": ValidationError(words % {"n": len(conflicts)}, code="series")})


def occurrences(rule: str, first: datetime, left_out: Sequence[date] = ()) -> list[datetime]:
    """The beginnings by a rule of RFC 5545 ("FREQ=WEEKLY;UNTIL=20261231T235959"), in Baku's wall time.

    Raises ValidationError for what is no rule, for a rule that gives nothing and for more than sixty.
    """
    local = first.astimezone(BAKU).replace(tzinfo=None)
    try:
        found = list(islice(rrulestr(rule, dtstart=local), MOST + len(left_out) + 1))
    except (ValueError, TypeError) as error:
        raise ValidationError({"rule": _("This is no rule for a series.")}) from error
    found = [moment for moment in found if moment.date() not in set(left_out)]
    if not found:
        raise ValidationError({"rule": _("No day is left in this series.")})
    if len(found) > MOST:
        words = ngettext("A series has at most %(n)d day.", "A series has at most %(n)d days.", MOST)
        raise ValidationError({"rule": words % {"n": MOST}})
    return [moment.replace(tzinfo=BAKU) for moment in found]


@transaction.atomic
def book_series(
    things: Sequence[Thing],
    *,
    actor: Any,
    starts: datetime,
    ends: datetime,
    rule: str,
    left_out: Sequence[date] = (),
    skip_conflicts: bool = False,
    elsewhere: Mapping[date, Thing] | None = None,
    **values: Any,
) -> list[Booking]:
    """Book the same time on every day of a rule; every one of them is checked.

    left_out         days of the rule on which it is not needed
    skip_conflicts   leave out the days that cannot be had instead of refusing the whole
    elsewhere        another thing in place of these on some days, by its own rules; what was chosen so is
                     not left out by itself

    Raises SeriesClash with every such day and its reason, else as `book`.
    """
    sensible(starts, ends)
    length, conflicts, made = ends - starts, [], []
    chosen, taken, told = elsewhere or {}, [], set()
    moments = occurrences(rule, starts, left_out)
    series = Series.objects.create(
        rule=rule,
        first=moments[0],
        minutes=int(length.total_seconds() // 60),
        left_out=[day.isoformat() for day in left_out],
    )
    must = False
    for moment in moments:
        other = chosen.get(moment.date())
        asked = things if other is None else [other]
        key = frozenset(thing.pk for thing in asked)
        span: dict[str, Any] = {"starts": moment, "ends": moment + length, "follows": key in told}
        try:
            with transaction.atomic():
                made.append(single.book(asked, actor=actor, series=series, **span, **values))
            told.add(key)  # of each thing those who decide are told once
        except ValidationError as error:
            if not _about_its_day(error):
                raise
            conflicts.append((moment, " ".join(error.messages)))
            must |= other is not None
            if isinstance(error, single.Taken):
                taken.append(moment)
    if not made or must or (conflicts and not skip_conflicts):
        raise SeriesClash(conflicts, taken)
    if conflicts:
        series.skipped = [[moment.isoformat(), reason] for moment, reason in conflicts]
        series.first = made[0].starts
        series.save(update_fields=["skipped", "first"])
    return made


@transaction.atomic
def each_of(booking: Booking, scope: str, verb: str, act: Any, *, actor: Any, note: str) -> int:
    """One verb (its action `act`) on this booking, on those that follow it too, or on the whole series to
    come, where they are in a state for it. Answers with how many; what one refuses, none has."""
    rows = series_of(booking, scope)
    chosen = [row for row in rows if len(rows) == 1 or row.state in BOOKING[verb].sources]
    for row in chosen:
        act(row, actor=actor, note=note)
    return len(chosen)


@transaction.atomic
def move_series(
    booking: Booking,
    scope: str,
    *,
    actor: Any,
    starts: datetime,
    ends: datetime,
    note: str = "",
    skip_conflicts: bool = False,
) -> list[Booking]:
    """Move this booking and those of its series that `scope` means by as many days, to the same time of day.

    skip_conflicts   leave those where they are that cannot be moved, instead of moving none

    What has begun stays, and so does what has this time already. Raises SeriesClash with every day that
    cannot be had and its reason, else as `move`.
    """
    days = starts.astimezone(BAKU).date() - booking.starts.astimezone(BAKU).date()
    clock, length = starts.astimezone(BAKU).time(), ends - starts
    rows = [row for row in series_of(booking, scope) if row.state in MOVABLE and row.starts > timezone.now()]
    # Against the direction of the move, so that none is in the way of the one before it.
    rows.sort(key=lambda row: row.starts, reverse=starts > booking.starts)
    moved, conflicts, stays = [], [], 0
    for row in rows:
        day = row.starts.astimezone(BAKU).date() + days
        begins = datetime.combine(day, clock, tzinfo=BAKU)
        if (row.starts, row.ends) == (begins, begins + length):
            BOOKING.demand(row, single.moving(row), actor=actor)
            stays += 1
            continue
        try:
            with transaction.atomic():
                moved.append(single.move(row, actor=actor, starts=begins, ends=begins + length, note=note))
        except ValidationError as error:
            if not _about_its_day(error):
                raise
            conflicts.append((begins, " ".join(error.messages)))
    if stays and not moved and not conflicts:
        raise Unmoved
    if not moved or (conflicts and not skip_conflicts):
        raise SeriesClash(sorted(conflicts))
    return sorted(moved, key=lambda row: row.starts)


def _about_its_day(error: ValidationError) -> bool:
    """Whether another day could do: the time itself is in the way, not what was asked for."""
    return hasattr(error, "error_dict") and set(error.error_dict) == {"starts"}


def series_of(booking: Booking, scope: str) -> list[Booking]:
    """What an act on one means: itself, those that follow as well, or the whole series to come."""
    if booking.series_id is None or scope not in ("following", "all"):
        return [booking]
    rows = Booking.objects.with_rows().filter(series=booking.series_id, ends__gt=timezone.now())
    if scope == "following":
        rows = rows.filter(starts__gte=booking.starts)
    return list(rows.order_by("starts"))
