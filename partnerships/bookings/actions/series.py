"""Bookings that come again, each of them checked."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.bookings.actions import booking as single
from partnerships.bookings.actions.locking import sensible
from partnerships.bookings.models import Booking, Series, Thing
from partnerships.common.clock import BAKU, day_in_words

MOST = 60


class SeriesClash(ValidationError):
    """Days of a series that cannot be had, each with its reason; nothing was booked."""

    def __init__(self, conflicts: list[tuple[datetime, str]]) -> None:
        self.conflicts = conflicts
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
    **values: Any,
) -> list[Booking]:
    """Book the same time on every day of a rule; every one of them is checked.

    left_out         days of the rule on which it is not needed
    skip_conflicts   leave out the days that cannot be had instead of refusing the whole

    Raises SeriesClash with every such day and its reason, else as `book`.
    """
    sensible(starts, ends)
    length, conflicts, made = ends - starts, [], []
    moments = occurrences(rule, starts, left_out)
    series = Series.objects.create(
        rule=rule,
        first=moments[0],
        minutes=int(length.total_seconds() // 60),
        left_out=[day.isoformat() for day in left_out],
    )
    for moment in moments:
        try:
            with transaction.atomic():
                made.append(
                    single.book(
                        things, actor=actor, starts=moment, ends=moment + length, series=series, **values
                    )
                )
        except ValidationError as error:
            if not _about_its_day(error):
                raise
            conflicts.append((moment, " ".join(error.messages)))
    if not made or (conflicts and not skip_conflicts):
        raise SeriesClash(conflicts)
    if conflicts:
        series.skipped = [[moment.isoformat(), reason] for moment, reason in conflicts]
        series.first = made[0].starts
        series.save(update_fields=["skipped", "first"])
    return made


def _about_its_day(error: ValidationError) -> bool:
    """Whether another day could do: the time itself is in the way, not what was asked for."""
    return hasattr(error, "error_dict") and set(error.error_dict) == {"starts"}


def in_words(conflicts: list[tuple[datetime, str]]) -> list[tuple[str, str]]:
    """Days with their reasons, for a page."""
    return [(day_in_words(moment.astimezone(BAKU).date()), reason) for moment, reason in conflicts]
