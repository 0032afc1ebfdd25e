"""The diary by day: written and handed in by the student, confirmed or returned by the mentor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from internships import rules
from internships.actions.conducting import lock_placement
from internships.enums import DiaryState, Source
from internships.models import DiaryEntry, Placement
from internships.placement_conditions import day_counts
from internships.workflow import DIARY
from partnerships.common.refusals import Blocked, IllegalTransition, Refused, StaleState
from partnerships.common.versions import must_be
from partnerships.documents import actions as documents
from partnerships.documents.models import Document, DocumentKind
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

EDITABLE = (DiaryState.DRAFT, DiaryState.RETURNED)
PHOTOS = 3
Seen = Sequence[tuple[str, int]]  # (uid, version) of days as they were shown


@dataclass
class DaysDone:
    """What became of several days: those done, and the others with the reason."""

    done: list[DiaryEntry] = field(default_factory=list)
    refused: list[tuple[date, Any]] = field(default_factory=list)


def _student(placement: Placement, actor: Any) -> None:
    by = as_actor(actor)
    if not (by.reaches(placement) and rules.writes_diary(by.principal, placement)):
        raise Refused(_("The student writes the diary."))


def day_refusal(placement: Placement, day: date, actor: Any = None) -> Any:
    """Why nothing can be written for this day (too early, outside, not cleared), or None."""
    return day_counts(DiaryEntry(placement=placement, date=day), actor)


@transaction.atomic
def write_day(
    placement: Placement, day: date, *, actor: Any, version: int | None = None, **values: Any
) -> DiaryEntry:
    """Keep a day as a draft; the first letters make its row.

    values   minutes, site, work, learned
    version  of the day as the writer saw it, 0 for a day that was not there; None asks nothing
    Raises Blocked for a day that cannot be written, IllegalTransition for one that is handed in, StaleState
    when another window wrote something else meanwhile, ValidationError for what no field takes.
    """
    placement = lock_placement(placement)
    _student(placement, actor)
    entry = DiaryEntry.objects.filter(placement=placement, date=day).first()
    if entry is None:
        if refusal := day_refusal(placement, day, actor):
            raise Blocked(refusal, placement)
        entry = DiaryEntry(placement=placement, date=day, **values)
        entry.full_clean(exclude=["placement"])
        entry.save()
        record(entry, "start", actor=actor, to_state=entry.state)
        return entry
    must_be(entry)
    entry.placement = placement
    if entry.state not in EDITABLE:
        raise IllegalTransition(
            _("This day is handed in: take it back first, while the mentor has not confirmed it."), entry
        )
    if version is not None and version != entry.version and _overwrites(entry, values):
        raise StaleState(_("This day was changed in another window."), entry)
    for name, value in values.items():
        setattr(entry, name, value)
    entry.full_clean(exclude=["placement"])
    now = timezone.now()
    DiaryEntry.objects.filter(pk=entry.pk).update(**values, updated=now, version=F("version") + 1)
    entry.version += 1
    return entry


def _overwrites(entry: DiaryEntry, values: Mapping[str, Any]) -> bool:
    """Whether these values would wipe out words of another window; what only goes on from them does not.

    An autosave may still be on its way when a button is pressed.
    """
    return any(
        not str(values.get(name, getattr(entry, name))).startswith(getattr(entry, name))
        for name in ("work", "learned")
    )


def days_of(placement: Placement, seen: Seen) -> QuerySet[DiaryEntry]:
    """The rows that were seen, if they still are as they were seen; ready for `apply_many`."""
    rows = DiaryEntry.objects.filter(placement=placement)
    wanted = Q(pk__in=[])
    for uid, version in seen:
        wanted |= Q(uid=uid, version=version)
    return rows.filter(wanted).select_related("placement__host", "placement__hazard")


@transaction.atomic
def _many(placement: Placement, seen: Seen, verb: str, *, actor: Any, note: str = "", **values: Any) -> Any:
    placement = lock_placement(placement)
    result = DIARY.apply_many(
        days_of(placement, seen).prefetch_related("placement__clearances"),
        verb,
        actor=actor,
        note=note,
        **values,
    )
    found = DaysDone(result.done, [(entry.date, reason) for entry, reason in result.refused])
    missed = {uid for uid, _version in seen} - {str(e.uid) for e in result.done}
    missed -= {str(entry.uid) for entry, _reason in result.refused}
    moved = DiaryEntry.objects.filter(placement=placement, uid__in=missed)
    if not as_actor(actor).reaches(placement):
        moved = moved.none()
    found.refused += [
        (day, _("It was changed meanwhile: look at it again."))
        for day in moved.exclude(state=DiaryState.DRAFT).values_list("date", flat=True)
    ]
    return found


def hand_in(placement: Placement, seen: Seen, *, actor: Any) -> DaysDone:
    """Give days to the mentor; those that cannot be are left with the reason, an empty one among them."""
    _student(placement, actor)
    keys = [uid for uid, _version in seen]
    empty = DiaryEntry.objects.filter(placement=placement, uid__in=keys, work="", state__in=EDITABLE)
    left = dict(empty.values_list("uid", "date"))
    given = [(uid, version) for uid, version in seen if uid not in {str(key) for key in left}]
    found = _many(placement, given, "submit", actor=actor, submitted_at=timezone.now())
    found.refused += [(day, _("Write first what you did on this day.")) for day in left.values()]
    return found


def take_back(entry: DiaryEntry, *, actor: Any) -> DiaryEntry:
    """Take a day back from the mentor to change it; whoever is quicker of the two wins."""
    return DIARY.apply(_again(entry), "take_back", actor=actor, submitted_at=None)


def _again(entry: DiaryEntry) -> DiaryEntry:
    rows = DiaryEntry.objects.select_related("placement__host", "placement__hazard")
    return rows.prefetch_related("placement__clearances").get(pk=entry.pk)


@transaction.atomic
def confirm(placement: Placement, seen: Seen, *, actor: Any, note: str = "") -> DaysDone:
    """Confirm days as they were seen: one, a week, or all. The student is told once."""
    source = Source.LINK if as_actor(actor).kind == "link" else Source.PORTAL
    found = _many(
        placement,
        seen,
        "confirm",
        actor=actor,
        note=note,
        confirmed_at=timezone.now(),
        confirmed_source=source,
    )
    _tell(placement, "diary_confirmed", found.done, actor=actor)
    return found


@transaction.atomic
def return_days(placement: Placement, seen: Seen, *, actor: Any, note: str) -> DaysDone:
    """Back to the student, with what is to be changed."""
    found = _many(placement, seen, "return", actor=actor, note=note)
    _tell(placement, "diary_returned", found.done, actor=actor, note=note)
    return found


@transaction.atomic
def reopen_days(placement: Placement, seen: Seen, *, actor: Any, note: str) -> DaysDone:
    """Take a confirmation back, with the reason: the days go back to the student."""
    found = _many(placement, seen, "reopen", actor=actor, note=note, confirmed_at=None, confirmed_source="")
    _tell(placement, "diary_reopened", found.done, actor=actor, note=note)
    return found


def _tell(placement: Placement, verb: str, days: Sequence[DiaryEntry], *, actor: Any, note: str = "") -> None:
    """One line of the placement's history for several days, of which the student is told once."""
    if days:
        dates = sorted(entry.date for entry in days)
        minutes = sum(entry.minutes for entry in days)
        data = {
            "days": len(days),
            "first": dates[0].isoformat(),
            "last": dates[-1].isoformat(),
            "minutes": minutes,
        }
        record(placement, verb, actor=actor, to_state=placement.state, note=note, data=data)


# One day by its row: the API's verbs ------------------------------------------------------------------
@transaction.atomic
def submit_day(entry: DiaryEntry, *, actor: Any) -> DiaryEntry:
    """Hand a day in to the mentor."""
    entry = _again(entry)
    if not entry.work and entry.state in EDITABLE:
        raise ValidationError({"work": _("Write first what you did on this day.")})
    return DIARY.apply(entry, "submit", actor=actor, submitted_at=timezone.now())


@transaction.atomic
def confirm_day(entry: DiaryEntry, *, actor: Any) -> DiaryEntry:
    """Confirm one day."""
    source = Source.LINK if as_actor(actor).kind == "link" else Source.PORTAL
    values: dict[str, Any] = {"confirmed_at": timezone.now(), "confirmed_source": source}
    entry = DIARY.apply(_again(entry), "confirm", actor=actor, **values)
    _tell(entry.placement, "diary_confirmed", [entry], actor=actor)
    return entry


@transaction.atomic
def return_day(entry: DiaryEntry, *, actor: Any, note: str) -> DiaryEntry:
    """Return one day to the student with what is to be changed."""
    entry = DIARY.apply(_again(entry), "return", actor=actor, note=note)
    _tell(entry.placement, "diary_returned", [entry], actor=actor, note=note)
    return entry


@transaction.atomic
def reopen_day(entry: DiaryEntry, *, actor: Any, note: str) -> DiaryEntry:
    """Take the confirmation of one day back, with the reason."""
    values: dict[str, Any] = {"confirmed_at": None, "confirmed_source": ""}
    entry = DIARY.apply(_again(entry), "reopen", actor=actor, note=note, **values)
    _tell(entry.placement, "diary_reopened", [entry], actor=actor, note=note)
    return entry


# Photos -----------------------------------------------------------------------------------------------
def add_photo(entry: DiaryEntry, upload: Any, *, actor: Any) -> Document:
    """Keep a photo with a day while it is the student's to change; three at most."""
    _student(entry.placement, actor)
    if entry.state not in EDITABLE:
        raise IllegalTransition(_("This day is handed in."), entry)
    if entry.documents.filter(kind=DocumentKind.PHOTO).count() >= PHOTOS:
        raise ValidationError(_("A day keeps at most %(count)s photos.") % {"count": PHOTOS})
    return documents.store(
        upload, owner=entry.placement.person, kind=DocumentKind.PHOTO, actor=actor, subject=entry
    )


def remove_photo(entry: DiaryEntry, uid: str, *, actor: Any) -> None:
    for document in entry.documents.filter(kind=DocumentKind.PHOTO):
        if str(document.uid) == uid:
            documents.remove(document, actor=actor)


# From paper -------------------------------------------------------------------------------------------
@transaction.atomic
def enter_paper(
    placement: Placement, hours: Mapping[date, int], *, actor: Any, scan: Any, note: str = ""
) -> DaysDone:
    """Human resources enter days that the mentor has signed on paper, with the scan of it.

    hours  minutes by day. A day that the student handed in here is confirmed as the student wrote it; one
           that is not in the portal is written down as confirmed; one still being written is left.
    Every day keeps the scan, and says that it came from paper and who entered it.
    """
    placement = lock_placement(placement)
    by = as_actor(actor)
    if by.user is None or not rules.runs_placement(by.principal, placement):
        raise Refused(_("Human resources of the company enter what was signed on paper."))
    if scan is None:
        raise ValidationError({"scan": _("Add the scan of the signed paper.")})
    if not hours:
        raise ValidationError(_("Give the hours of at least one day."))
    there = {entry.date: entry for entry in placement.diary.select_for_update().filter(date__in=list(hours))}
    found = DaysDone()
    for day, minutes in sorted(hours.items()):
        entry = there.get(day)
        if refusal := day_refusal(placement, day, actor):
            found.refused.append((day, refusal.reason))
        elif entry is None:
            found.done.append(_signed(placement, day, minutes, actor=actor, note=note))
        elif entry.state == DiaryState.SUBMITTED:
            entry.placement = placement
            values: dict[str, Any] = {"confirmed_at": timezone.now(), "confirmed_source": Source.PAPER}
            found.done.append(DIARY.apply(entry, "enter_paper", actor=actor, note=note, **values))
        elif entry.state == DiaryState.CONFIRMED:
            found.refused.append((day, _("This day is confirmed already.")))
        else:
            found.refused.append((day, _("The student is writing this day here and has to hand it in.")))
    if found.done:
        _attach_scan(found.done, scan, by)
        _tell(placement, "diary_paper", found.done, actor=actor, note=note)
    return found


def _signed(placement: Placement, day: date, minutes: int, *, actor: Any, note: str) -> DiaryEntry:
    now = timezone.now()
    entry = DiaryEntry(
        placement=placement,
        date=day,
        minutes=minutes,
        state=DiaryState.CONFIRMED,
        submitted_at=now,
        confirmed_at=now,
        confirmed_source=Source.PAPER,
    )
    entry.full_clean(exclude=["placement"])
    entry.save()
    record(entry, "paper", actor=actor, to_state=entry.state, note=note)
    return entry


def _attach_scan(entries: Iterable[DiaryEntry], scan: Any, by: Any) -> None:
    """One file, named by every day that it proves."""
    first, *others = entries
    document = documents.store(scan, owner=by.user.person, kind=DocumentKind.SCAN, actor=by, subject=first)
    for entry in others:
        documents.copy_to(document, entry, actor=by)
