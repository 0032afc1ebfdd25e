"""What bookings give the portal: what is to be decided or answered, the search, the calendar, the menu."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import DurationField, F, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partnerships.bookings import reports, rules
from partnerships.bookings.enums import HOLDING, KEEPERS, BookingState
from partnerships.bookings.models import Booking, Slot, Thing
from partnerships.common.addresses import addresses
from partnerships.common.among import TRIGRAM
from partnerships.common.clock import moment_in_words, start_of_day, today
from partnerships.common.direction import Entry, Hit, MenuItem, Source, Todo
from partnerships.common.indicator import Benefit, Indicator
from partnerships.common.piles import Daily, Dated, Pile, Sifted, Sought
from partnerships.common.prepared import PreparedRows
from partnerships.common.query_words import Typed
from partnerships.common.sharing import sharing
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role

ONE_BY_ONE = 3
ANSWERED = (BookingState.OFFERED, BookingState.REQUESTED)  # what waits for its holder at times
IN_A_MONTH = 500
ONE = timedelta(days=1)


def piles(user: Any) -> list[Pile]:
    """What has become free for this user, the requests that they decide, and what they hold while it is not
    open: one by one while few."""
    if access_of(user).person_id is None:
        return []
    return [
        Sifted(_waiting(user), 200, sift=_to_answer),
        Sifted(_hit(user), reports.MOST_HIT, sift=_to_move),
    ]


@asked
def _waiting(user: Any) -> Any:
    access = access_of(user)
    asked_more = Q(state=BookingState.REQUESTED, more_asked__isnull=False)
    mine = Q(Q(state=BookingState.OFFERED) | asked_more, state__in=ANSWERED, holder_id=access.person_id)
    if access.has(*KEEPERS):
        # What more information is asked for about is its holder's move.
        mine |= Q(access.q("owner", *KEEPERS), state=BookingState.REQUESTED, more_asked=None)
    return Booking.objects.filter(mine).select_related("holder").order_by("expires", "pk")


def _to_answer(rows: list[Booking]) -> list[Todo]:
    found = [
        Todo(
            _("It has become free: do you take it?"),
            f"{row.display_title} · {moment_in_words(row.starts)}",
            row.get_absolute_url(),
            due=row.expires,
        )
        for row in rows
        if row.state == BookingState.OFFERED
    ]
    found += [
        Todo(
            _("Answer what is asked about your request: %(title)s") % {"title": row.display_title},
            moment_in_words(row.starts),
            f"{row.get_absolute_url()}#messages",
            due=row.expires,
        )
        for row in rows
        if row.state == BookingState.REQUESTED and row.more_asked
    ]
    waiting = [row for row in rows if row.state == BookingState.REQUESTED and not row.more_asked]
    if len(waiting) > ONE_BY_ONE:
        words = ngettext("%(n)s booking to decide", "%(n)s bookings to decide", len(waiting))
        url = f"{reverse('bookings:list')}?show=decide"
        first = waiting[0]
        title = words % {"n": len(waiting)}
        return [*found, Todo(title, first.display_title, url, due=first.expires, count=len(waiting))]
    return found + [
        Todo(
            _("Decide about a booking: %(title)s") % {"title": row.display_title},
            f"{row.holder.name} · {moment_in_words(row.starts)}",
            row.get_absolute_url(),
            due=row.expires,
        )
        for row in waiting
    ]


@asked
def _hit(user: Any) -> Any:
    rows = Booking.objects.hit().filter(holder_id=access_of(user).person_id)
    return rows.with_rows().order_by("starts", "pk")


def _to_move(rows: list[Booking]) -> list[Todo]:
    """Those that are still not open: other hours, or the end of the closure, may have come since."""
    why = reports.shut(rows)
    closed = [row for row in rows if row.pk in why]
    if len(closed) > ONE_BY_ONE:
        words = ngettext(
            "It is not open at the time of %(n)s booking: move it or cancel it",
            "It is not open at the time of %(n)s bookings: move them or cancel them",
            len(closed),
        )
        url, first = f"{reverse('bookings:list')}?show=hit", closed[0]
        detail = f"{first.display_title} · {moment_in_words(first.starts)}"
        return [Todo(words % {"n": len(closed)}, detail, url, due=first.starts, count=len(closed))]
    return [
        Todo(
            _("Move it or cancel it, it is not open then: %(title)s") % {"title": row.display_title},
            f"{moment_in_words(row.starts)} · {why[row.pk]}",
            row.get_absolute_url(),
            due=row.starts,
        )
        for row in closed
    ]


@asked
def _found(user: Any, words: str) -> Any:
    rows = Thing.objects.visible_to(user).filter(folded__contains=words).order_by("sort_key", "pk")
    return rows.only("uid", "name", "name_en", "kind")


# Older bookings of one's own are found in their list.
FOUND_BACK = timedelta(days=90)


@asked
def _own_found(user: Any, words: str, since: date, indexed: bool) -> Any:
    """What belongs to something else, such as an interview, is found as that. `indexed`: enough letters for
    the index of titles, which has nothing to say of fewer and would be gone through."""
    own = Booking.objects.filter(
        holder_id=access_of(user).person_id, belongs_to="", starts__gte=start_of_day(since)
    )
    own = own if indexed else own.alias(called=Coalesce("folded", Value("")))
    rows = own.filter(**{"folded__contains" if indexed else "called__contains": words})
    return rows.only("uid", "title", "title_en", "starts", "state").order_by("-starts", "-pk")


def sought(user: Any, folded: str, limit: int) -> list[Sought]:
    """Things that are open to this user, and their own bookings."""
    if not user.is_authenticated:
        return []
    things = Sought(_found(user, Typed(folded)), limit, _thing_found)
    if access_of(user).person_id is None:
        return [things]
    own = _own_found(user, Typed(folded), today() - FOUND_BACK, len(folded) >= TRIGRAM)
    return [things, Sought(own, limit, _booking_found)]


def _thing_found(row: Thing) -> Hit:
    return Hit(row.display_name, row.get_kind_display(), row.get_absolute_url(), _("Rooms and equipment"))


def _booking_found(row: Booking) -> Hit:
    detail = f"{moment_in_words(row.starts)} · {row.get_state_display()}"
    return Hit(row.display_title, detail, row.get_absolute_url(), _("Bookings"), 1)


def dated(user: Any, first: date, last: date) -> list[Dated]:
    """One's own bookings. What belongs to something else, such as an interview, stands there as that."""
    if access_of(user).person_id is None:
        return []
    tell = partial(_hour, addresses("bookings:booking"))
    daily = Daily(_held_by_day(user), _BOOKINGS)
    begun = partial(_begun, user)
    held = _held(user, first, last)
    return [Dated(held, IN_A_MONTH, tell, beside=_with_things, daily=daily, beginning=begun, along=True)]


_OF_AN_ENTRY = ("uid", "version", "title", "title_en", "starts", "ends")


@asked
def _held(user: Any, first: date, last: date) -> Any:
    rows = _own(user).filter(starts__lt=start_of_day(last + ONE), ends__gt=start_of_day(first))
    return sharing(rows).only(*_OF_AN_ENTRY).order_by("starts", "pk")


@asked
def _begun(user: Any, first: date, last: date) -> Any:
    # The first in order, from the index of days. By the index of states, which PostgreSQL would rather take,
    # all that a busy holder has ahead were read and sorted: so the state is compared as what it holds.
    rows = Booking.objects.alias(held=Coalesce("state", Value(""))).filter(
        holder_id=access_of(user).person_id, held__in=HOLDING, belongs_to=""
    )
    rows = rows.filter(starts__gte=start_of_day(first), starts__lt=start_of_day(last + ONE))
    return sharing(rows).only(*_OF_AN_ENTRY).order_by("starts", "pk")


def _own(user: Any) -> Any:
    holder = access_of(user).person_id
    return Booking.objects.filter(holder_id=holder, state__in=HOLDING, belongs_to="")


_THINGS: PreparedRows[Slot] = PreparedRows(
    lambda keys: (
        Slot.objects.filter(booking_id__in=keys, asked=True)
        .select_related("thing")
        .only("booking_id", "thing__name", "thing__name_en", "thing__sort_key")
        .order_by()
    ),
    widths=(50, 200, IN_A_MONTH),
)


def _with_things(rows: list[Booking]) -> None:
    """What each was asked for, as `with_rows` brings it along."""
    asked_for: dict[int, list[Slot]] = {row.pk: [] for row in rows}
    for slot in _THINGS(list(asked_for)):
        asked_for[slot.booking_id].append(slot)
    for row in rows:
        row.asked = asked_for[row.pk]  # type: ignore[attr-defined]


@asked
def _held_by_day(user: Any) -> Any:
    return _own(user).order_by().values_list("pk", "starts")


_BOOKINGS: PreparedRows[Booking] = PreparedRows(
    lambda keys: Booking.objects.filter(pk__in=keys).only(*_OF_AN_ENTRY)
)


def _hour(to: Callable[[Any], str], row: Booking) -> list[Entry]:
    return [
        Entry(
            f"booking-{row.uid}",
            row.display_title,
            row.starts,
            ends=row.ends,
            place=row.where,
            url=to(row.uid),
            sequence=row.version,
        )
    ]


INDICATORS = (
    Indicator(
        key="bookings.hours",
        title=gettext_lazy("Hours in which rooms and equipment were used"),
        unit=pgettext_lazy("unit", "hours"),
        formula=gettext_lazy("Length of the bookings that took place, in the year in which they began."),
        benefit=Benefit.EDUCATION,
        model="bookings.Booking",
        owner=Role.TRAINER,
        where=Q(state__in=[BookingState.IN_USE, BookingState.FINISHED]),
        when="starts",
        value=Sum(F("ends") - F("starts"), output_field=DurationField()),
        sides=("owner",),
        line=lambda row: (row.display_title, moment_in_words(row.starts)),
    ),
)

SOURCE = Source(
    key="bookings",
    indicators=INDICATORS,
    piles=piles,
    sought=sought,
    dated=dated,
    menu=(MenuItem(gettext_lazy("Rooms and equipment"), "bookings:grid", rules.books),),
)
