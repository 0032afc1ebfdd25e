"""Who is told of days confirmed and returned; who is reminded of days that wait or are not written."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from internships.actions.mentor_links import KIND, last_friday, waiting_since
from internships.enums import PlacementState
from internships.models import Absence, DiaryEntry, Placement
from internships.weeks import HANDED, missing_by_placement
from partnerships.common.clock import day_in_words, today
from partnerships.common.letters import Letter, ReminderRule
from partnerships.directory.models import Person

PLACEMENT = "internships.Placement"
QUIET = timedelta(days=7)  # so long without a word, and the student is asked; twice so long, the supervisor
WEEK = timedelta(days=7)


def diary_url(placement: Placement) -> str:
    return reverse("internships:diary", args=[placement.uid])


def _student(change: Any, placement: Placement) -> Iterable[Person]:
    return Person.objects.filter(pk=placement.person_id).select_related("user")


def _words(change: Any, placement: Placement) -> dict[str, Any]:
    days = int(change.data.get("days", 0))
    first, last = (date.fromisoformat(change.data[name]) for name in ("first", "last"))
    span = day_in_words(first) if first == last else f"{day_in_words(first)} – {day_in_words(last)}"
    return {
        "count": ngettext("%(count)s day", "%(count)s days", days) % {"count": days},
        "span": span,
        "note": change.note,
        "programme": placement.programme.title,
    }


LETTERS = [
    Letter(
        kind="internships.diary_confirmed",
        model=PLACEMENT,
        verbs=("diary_confirmed", "diary_paper"),
        audience=_student,
        context=_words,
        subject=_("Confirmed in the diary: %(count)s, %(span)s"),
        body=_("%(programme)s.\n\n%(note)s"),
        label=_("Days of my diary were confirmed"),
        url=diary_url,
        action=_("Open the diary"),
        mail=False,
    ),
    Letter(
        kind="internships.diary_returned",
        model=PLACEMENT,
        verbs=("diary_returned", "diary_reopened"),
        audience=_student,
        context=_words,
        subject=_("Please change the diary: %(count)s, %(span)s"),
        body=_("%(programme)s. The mentor asks:\n\n%(note)s"),
        label=_("Days of my diary were returned"),
        url=diary_url,
        action=_("Open the diary"),
        move=True,
    ),
]


# Every Friday -----------------------------------------------------------------------------------------
def _mentors_with_days() -> Any:
    """Mentors with an account whose interns' days have waited since Friday; the others are mailed their link
    (actions.send_weekly_links), under the same line of the preferences."""
    friday = last_friday()
    waiting = waiting_since(friday).values("placement__mentor_id")
    rows = Person.objects.filter(pk__in=waiting, user__is_active=True).select_related("user")
    return rows.annotate(due_at=Value(friday, DateTimeField()))


def _days_words(mentor: Person) -> dict[str, Any]:
    days = waiting_since(last_friday()).filter(placement__mentor=mentor).count()
    return {"count": ngettext("%(count)s day", "%(count)s days", days) % {"count": days}}


def _running() -> Any:
    return Placement.objects.filter(state=PlacementState.ACTIVE)


def _with_missing_days() -> Any:
    """Practices in which some day before last Friday is neither handed in nor excused."""
    friday = last_friday()
    running = _running().filter(starts__lte=friday.date()).select_related("hazard")
    missing = missing_by_placement(list(running.prefetch_related("clearances")), _day_before(friday))
    keys = [key for key, count in missing.items() if count]
    rows = Placement.objects.filter(pk__in=keys).with_rows()
    return rows.annotate(due_at=Value(friday, DateTimeField()))


def _day_before(friday: datetime) -> date:
    return friday.date() - timedelta(days=1)


def _missing_words(placement: Placement) -> dict[str, Any]:
    days = missing_by_placement([placement], _day_before(last_friday())).get(placement.pk, 0)
    return {
        "count": ngettext("%(count)s day", "%(count)s days", days) % {"count": days},
        "programme": placement.programme.title,
    }


# A week without a word --------------------------------------------------------------------------------
def _quiet() -> Any:
    """Practices whose diary has been silent for a week, each with the day of its last word."""
    written = DiaryEntry.objects.filter(placement=OuterRef("pk")).filter(
        Q(state__in=HANDED) | Q(submitted_at__isnull=False)
    )
    missed = Absence.objects.filter(placement=OuterRef("pk"))
    last = Greatest(
        Coalesce(Subquery(_latest(written)), "starts"), Coalesce(Subquery(_latest(missed)), "starts")
    )
    rows = _running().annotate(last_written=last).filter(last_written__lte=today() - QUIET)
    return rows.with_rows()


def _latest(rows: Any) -> Any:
    return rows.order_by().values("placement").annotate(latest=Max("date")).values("latest")


def _quiet_audience(placement: Placement, offset: timedelta) -> Iterable[Person]:
    """First the student; a week later the university's supervisor too."""
    keys = [placement.person_id, placement.supervisor_id if offset < timedelta(0) else None]
    return Person.objects.filter(pk__in=[key for key in keys if key]).select_related("user")


def _quiet_words(placement: Placement) -> dict[str, Any]:
    return {
        "student": placement.person.name,
        "programme": placement.programme.title,
        "since": day_in_words(placement.last_written),  # type: ignore[attr-defined]
    }


REMINDERS = [
    ReminderRule(
        kind=KIND,
        model="directory.Person",
        due="due_at",
        rows=_mentors_with_days,
        offsets=(timedelta(0),),
        audience=lambda mentor, _offset: [mentor],
        context=_days_words,
        subject=_("The diary waits for your confirmation: %(count)s"),
        body=_("A whole week, or all of them, can be confirmed at once."),
        label=_("Every Friday: days of practice wait for my confirmation"),
        url=lambda _mentor: reverse("todo"),
        action=_("Show what waits"),
    ),
    ReminderRule(
        kind="internships.remind_missing_days",
        model=PLACEMENT,
        due="due_at",
        rows=_with_missing_days,
        offsets=(timedelta(0),),
        audience=lambda placement, _offset: [placement.person],
        context=_missing_words,
        subject=_("Not handed in: %(count)s of the diary"),
        body=_("%(programme)s.\n\nWrite what you did on these days, or say that you were absent."),
        label=_("Every Friday: days of my diary are missing"),
        url=diary_url,
        action=_("Open the diary"),
    ),
    ReminderRule(
        kind="internships.remind_quiet_diary",
        model=PLACEMENT,
        due="diary_due",
        rows=_quiet,
        offsets=(timedelta(0), -WEEK),
        audience=_quiet_audience,
        context=_quiet_words,
        subject=_("Nothing in the diary since %(since)s: %(student)s"),
        body=_("%(programme)s.\n\nA day that is not written is not counted as practice."),
        label=_("Reminder: a diary is silent"),
        url=diary_url,
        action=_("Open the diary"),
    ),
]
