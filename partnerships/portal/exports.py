"""What waits for me, my saved views, what a search found, the calendar, and the lists of the administration,
to be taken away."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.clock import BAKU
from partnerships.common.direction import Entry, Hit
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.refusals import Refused
from partnerships.portal import admin_lists, calendar, reports, searching
from partnerships.portal.dates import entries
from partnerships.portal.gathering import Unread, names_of
from partnerships.portal.models import SavedView
from partnerships.portal.saved_words import in_words, known_lists


@listing("portal.waiting", people=True)
def waiting(user: Any, params: QueryDict) -> Listed:
    """One's own alone, in the order of the page. Whoever reads a file does not see what the page says below
    its list: a short one is no file."""
    unread = Unread()
    rows = reports.waiting(user, unread)
    if unread:
        words = _("This could not be counted just now: %(names)s. Please try again in a few minutes.")
        raise Refused(words % {"names": names_of(unread.sources)})
    return Listed(_("What waits for me"), rows, WAITING)


WAITING = [
    ExportColumn(gettext_lazy("What"), lambda item: item.title, 60),
    ExportColumn(gettext_lazy("Details"), lambda item: item.detail, 60),
    ExportColumn(gettext_lazy("How many"), lambda item: item.count, 10),
    ExportColumn(gettext_lazy("Due"), lambda item: item.due, 18),
    ExportColumn(gettext_lazy("In whose place"), lambda item: item.place_of, 30),
]


@listing("portal.views")
def saved_views(user: Any, params: QueryDict) -> Listed:
    """One's own alone, each with the address that opens it."""
    known = known_lists()
    return Listed(
        _("Saved views"),
        SavedView.objects.visible_to(user),
        VIEWS,
        order=("path", "pk"),
        lines=lambda found: [(view, *in_words(view, user, known)) for view in found],
    )


def _in_full(address: str) -> str:
    """As it is sent on, from wherever it is opened."""
    return f"{settings.BASE_URL.rstrip('/')}{address}"


VIEWS = [
    ExportColumn(gettext_lazy("Name"), lambda row: row[0].name, 40),
    ExportColumn(gettext_lazy("List"), lambda row: row[1], 34),
    ExportColumn(
        gettext_lazy("Filters, search, order"), lambda row: " · ".join(row[2]) or _("the whole list"), 50
    ),
    ExportColumn(gettext_lazy("Address"), lambda row: _in_full(row[0].address), 60),
]


@listing("portal.found", people=True)
def found(user: Any, params: QueryDict) -> Listed:
    """What the page of the search shows for these words (`q`): as much of each kind, and no more."""
    groups = searching.search(user, params.get("q", "")[:100])
    return Listed(_("Search results"), [hit for group in groups for hit in group.hits], FOUND)


def _leads_to(hit: Hit) -> str:
    return _in_full(hit.url) if hit.url else ""


FOUND = [
    ExportColumn(gettext_lazy("Kind"), lambda hit: str(hit.group), 30),
    ExportColumn(gettext_lazy("Title"), lambda hit: str(hit.title), 50),
    ExportColumn(gettext_lazy("Details"), lambda hit: str(hit.detail), 50),
    ExportColumn(gettext_lazy("Address"), _leads_to, 60),
]


@listing("portal.calendar", people=True)
def dates(user: Any, params: QueryDict) -> Listed:
    """What is in the calendar of a month, or of the day that the page shows; all of a full day, too."""
    if "day" in params:
        day = calendar.day_asked(params.get("day", ""))
        if day is None:
            raise Http404
        first, last, name = day, day, calendar.day_label(day)
    else:
        month = calendar.first_day(params.get("month", ""))
        if month is None:
            raise Http404
        first, name = month, calendar.month_label(month)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Listed(f"{_('Calendar')}: {name}", entries(user, first, last), DATES)


def _begins(entry: Entry) -> date:
    """A day without an hour is written as a day."""
    starts: datetime = entry.starts.astimezone(BAKU)
    return starts.date() if entry.ends is None and starts.time() == time.min else starts


DATES = [
    ExportColumn(gettext_lazy("From"), _begins, 18),
    ExportColumn(gettext_lazy("Until"), lambda entry: entry.ends, 18),
    ExportColumn(gettext_lazy("What"), lambda entry: str(entry.title), 60),
    ExportColumn(gettext_lazy("Where"), lambda entry: str(entry.place), 40),
]


@listing(admin_lists.KIND, people=True)
def administration(user: Any, params: QueryDict) -> Listed:
    """Any list of the administration (`of=bookings.thing`), with the search, filters and order of its page.
    Each counts as one of people: most of them tell who did what, or whose it is."""
    return admin_lists.listed(user, params)
