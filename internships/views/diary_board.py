"""What a mentor does with a diary, the same on the desk and behind the link: confirm, return, absences."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internships import actions
from internships.actions.diary import DaysDone, Seen
from internships.enums import AbsenceState, PlacementState
from internships.forms.acts import NOTE
from internships.forms.diary import AbsenceForm
from internships.models import Absence, Placement
from internships.weeks import Day, Week, weeks_of
from internships.workflow import ABSENCE, DIARY
from partnerships.common.clock import day_in_words
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, StaleState
from partnerships.workflow.actors import as_actor

NAMED = 10  # refused days that are told one by one
ABSENCE_ID = "absence_%s"


@dataclass
class AbsenceShown:
    absence: Absence
    verbs: set[str]

    @property
    def key(self) -> str:
        """By which a form names it."""
        return str(self.absence.uid)


@dataclass
class Board:
    """The weeks of a diary as whoever confirms it sees them: what waits first, the oldest on top."""

    placement: Placement
    weeks: list[Week]
    absences: list[AbsenceShown]
    may_confirm: bool  # the mentor
    may_keep: bool  # absences, and taking a confirmation back: human resources too
    form: AbsenceForm
    kept: dict[str, Any] = field(default_factory=dict)  # what was typed, when something was refused

    @property
    def waiting_weeks(self) -> list[Week]:
        return [week for week in self.weeks if week.waiting]

    @property
    def other_weeks(self) -> list[Week]:
        return [week for week in reversed(self.weeks) if week.filled and not week.waiting]

    @property
    def waiting(self) -> list[Day]:
        return [day for week in self.weeks for day in week.waiting]

    @property
    def confirmed_minutes(self) -> int:
        return sum(week.confirmed_minutes for week in self.weeks)

    @property
    def waiting_minutes(self) -> int:
        return sum(day.entry.minutes for day in self.waiting if day.entry)

    @property
    def reported(self) -> list[AbsenceShown]:
        return [shown for shown in self.absences if shown.absence.state == AbsenceState.REPORTED]


def board(placement: Placement, who: Any, refused: AbsenceForm | None = None) -> Board:
    """`refused`: the form of an absence as it was sent and not taken."""
    weeks = weeks_of(placement, drafts=False)
    absences = [day.absence for week in weeks for day in week.days if day.absence is not None]
    shown = []
    for absence in absences:
        absence.placement = placement
        shown.append(
            AbsenceShown(
                absence, {item.name for item in ABSENCE.available(absence, who) if item.refusal is None}
            )
        )
    by = as_actor(who)
    settled = placement.state == PlacementState.ASSESSED
    confirms, keeps = (
        not settled and by.reaches(placement) and DIARY.may(verb)(by.principal, placement)
        for verb in ("confirm", "reopen")
    )
    return Board(placement, weeks, shown, confirms, keeps, refused or AbsenceForm(auto_id=ABSENCE_ID))


def seen_of(data: QueryDict) -> Seen:
    """The days that were picked, each as it was shown: "uid.version"."""
    found = []
    for value in data.getlist("pick"):
        uid, _dot, version = value.partition(".")
        try:
            found.append((str(UUID(uid)), int(version)))
        except ValueError as error:
            raise BadRequest from error
    if len(found) > 400:
        raise BadRequest
    return found


@dataclass
class Outcome:
    """What a press came to: `error` is told on the page with everything typed kept, `said` after it; on the
    fields of `form`, where it is about these."""

    error: str = ""
    form: AbsenceForm | None = None
    done: str = ""
    left: list[str] = field(default_factory=list)

    def tell(self, request: HttpRequest) -> None:
        if self.done:
            messages.success(request, self.done)
        for line in self.left:
            messages.warning(request, line)


def act(placement: Placement, actor: Any, data: QueryDict) -> Outcome | None:
    """Do what the pressed button says; None for a button that is not of this board."""
    verb = data.get("do", "")
    if verb not in _VERBS:
        return None
    try:
        outcome = _VERBS[verb](placement, actor, data)
    except ValidationError as error:
        return Outcome(error=" ".join(error.messages))
    except (Missing, Blocked, IllegalTransition, StaleState) as refused:
        return Outcome(error=str(refused.reason))
    if outcome.left and not outcome.done and _note(data):
        # The days have moved on meanwhile, and with them the form: its reason is shown to be copied.
        raise IllegalTransition(" ".join(outcome.left))
    return outcome


def outcome_of(found: DaysDone, told: str) -> Outcome:
    outcome = Outcome(done=told if found.done else "")
    refused = sorted(found.refused)[:NAMED]
    outcome.left = [f"{day_in_words(day)}: {reason}" for day, reason in refused]
    if more := len(found.refused) - len(refused):
        outcome.left.append(ngettext("%(count)s more day", "%(count)s more days", more) % {"count": more})
    if not found.done and not found.refused:
        outcome.left.append(_("Nothing waits here any more."))
    return outcome


def _note(data: QueryDict) -> str:
    """As typed; ValidationError where it is longer than what is kept."""
    note = data.get("note", "").strip()
    MaxLengthValidator(NOTE)(note)
    return note


def _confirm(placement: Placement, actor: Any, data: QueryDict) -> Outcome:
    seen = seen_of(data)
    if not seen:
        return Outcome(error=_("Choose at least one day."))
    found = actions.confirm(placement, seen, actor=actor)
    n = len(found.done)
    return outcome_of(
        found, ngettext("Confirmed: %(count)s day", "Confirmed: %(count)s days", n) % {"count": n}
    )


def _return(placement: Placement, actor: Any, data: QueryDict) -> Outcome:
    seen, note = seen_of(data), _note(data)
    if not seen:
        return Outcome(error=_("Choose at least one day."))
    if not note:
        return Outcome(error=_("Write what is to be changed: the student reads it."))
    verb = actions.reopen_days if data["do"] == "reopen" else actions.return_days
    found = verb(placement, seen, actor=actor, note=note)
    n = len(found.done)
    told = ngettext("Returned to the student: %(count)s day", "Returned to the student: %(count)s days", n)
    return outcome_of(found, told % {"count": n})


def _absence(placement: Placement, actor: Any, data: QueryDict) -> Outcome:
    form = AbsenceForm(data, auto_id=ABSENCE_ID)
    if form.is_valid():
        c = form.cleaned_data
        try:
            actions.report_absence(placement, c["date"], actor=actor, reason=c["reason"], note=c["note"])
        except ValidationError as error:
            form.add_error("date", error.messages)
        except Blocked as blocked:
            form.add_error("date", str(blocked.reason))
    if form.errors:
        return Outcome(error=_("The absence was not recorded."), form=form)
    return Outcome(done=_("Recorded: absent on %(day)s") % {"day": day_in_words(c["date"])})


def _of(placement: Placement, data: QueryDict) -> Absence:
    try:
        found = placement.absences.filter(uid=UUID(data.get("absence", ""))).first()
    except ValueError as error:
        raise BadRequest from error
    if found is None:
        raise BadRequest
    return found


def _excuse(placement: Placement, actor: Any, data: QueryDict) -> Outcome:
    actions.excuse_absence(_of(placement, data), actor=actor, note=_note(data))
    return Outcome(done=_("The absence is excused."))


def _not_excuse(placement: Placement, actor: Any, data: QueryDict) -> Outcome:
    actions.not_excuse_absence(_of(placement, data), actor=actor, note=_note(data))
    return Outcome(done=_("The absence is not excused; the student reads why."))


def _make_up(placement: Placement, actor: Any, data: QueryDict) -> Outcome:
    try:
        day = date.fromisoformat(data.get("made_up_on", ""))
    except ValueError:
        return Outcome(error=_("Give the day on which it was made up."))
    actions.make_up_absence(_of(placement, data), actor=actor, made_up_on=day)
    return Outcome(done=_("Recorded: made up on %(day)s") % {"day": day_in_words(day)})


def _reopen_absence(placement: Placement, actor: Any, data: QueryDict) -> Outcome:
    note = _note(data)
    if not note:
        return Outcome(error=_("Say why: the other side reads it."))
    actions.reopen_absence(_of(placement, data), actor=actor, note=note)
    return Outcome(done=_("The absence is open again."))


_VERBS: dict[str, Callable[[Placement, Any, QueryDict], Outcome]] = {
    "confirm": _confirm,
    "return": _return,
    "reopen": _return,
    "absence": _absence,
    "excuse": _excuse,
    "not_excuse": _not_excuse,
    "make_up": _make_up,
    "reopen_absence": _reopen_absence,
}
