"""Pieces that several pages of this direction show: rules with what to do, the chain of deadlines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from internships.eligibility import Check
from internships.forms.programme import BEGINNINGS
from internships.models import Application, Programme
from partnerships.calls import sheets
from partnerships.calls.models import Step

STUDY_CODES = frozenset({"study", "specialty", "degree", "year", "gpa", "mode"})


@dataclass(frozen=True)
class Rule:
    """One requirement as the student reads it: whether it is met, the values, and what can be done."""

    ok: bool
    text: str
    advice: str = ""
    of_study: bool = False  # what the student can mend in their studies
    blocks: bool = True  # a place without a free seat may still be chosen


def advice_for(code: str) -> str:
    """What somebody can do about a rule that is not met."""
    return {
        "study": _("Say where and what you study; it takes a minute."),
        "specialty": _("Look for places that take your specialty, or correct it if it is wrong."),
        "degree": _("Look for places of your level, or correct it if it is wrong."),
        "year": _("Come back when you are in that year, or correct it if it is wrong."),
        "gpa": _("Correct it if it is out of date; your university confirms it."),
        "mode": _("Look for a place that takes part-time students, or correct it if it is wrong."),
        "citizenship": _("Look for a place that is not on a protected site."),
        "foreigners": _("Look for a programme that is open to citizens of other countries."),
        "no_seat": _(
            "You can still put it among your choices: a seat may become free, and there is a waiting list."
        ),
        "no_quota": _("You can still put it among your choices: a seat of your university may become free."),
    }.get(code, "")


def rules_of(checks: Iterable[Check], seat: Any = None) -> list[Rule]:
    """The rules of a place, with advice under those not met; `seat` says why there is no seat, if so."""
    rules = [
        Rule(check.ok, check.text, "" if check.ok else advice_for(check.code), check.code in STUDY_CODES)
        for check in checks
        if not (check.ok and check.code == "foreigners")  # a citizen need not read of others
    ]
    if seat is not None:
        rules.append(Rule(False, str(seat.reason), advice_for(seat.code), blocks=False))
    return rules


@dataclass(frozen=True)
class Link:
    """One deadline of the chain, for the list of them."""

    label: str
    moment: datetime
    passed: bool
    whole_day: bool = False  # practice starts on a day; what has to be done is due at a minute
    begins: bool = False  # once it has passed it is not over: it has begun


def chain_of(programme: Programme) -> list[Link]:
    """The programme's deadlines in their order; the university's only where it has a part."""
    call = programme.call
    return [
        Link(
            str(Step(step).label),
            moment,
            call.passed(step),
            whole_day=step == Step.START,
            begins=step in BEGINNINGS,
        )
        for step, moment in call.chain.items()
        if step != Step.ENDORSE or programme.endorsement_required
    ]


def study_url(back: str) -> str:
    """The page that asks where and what one studies, and then leads `back`."""
    return f"{reverse('profile_study')}?{urlencode({'next': back})}"


def with_programme(application: Application) -> Application:
    """Give the chosen positions the programme that is in hand, so that rules do not ask for it again."""
    for choice in application.choices.all():
        choice.vacancy.position.programme = application.programme
    return application


def chip_kind(state: str, mine: bool) -> str:
    """The kind of chip for a state as its reader sees it: amber only for the reader's own move."""
    if mine:
        return "move"
    if state == "accepted":
        return "good"
    if state in ("refused", "not_endorsed", "lapsed"):
        return "bad"
    return "on" if state in ("submitted", "in_review", "interview", "offered", "waitlisted") else ""


def answers_told(application: Application) -> list[sheets.Told]:
    """What was asked and answered, to be read by whoever may see the application. No query where nothing is
    asked."""
    asked = application.programme.call.asked
    return sheets.told(asked, application.answers.select_related("document")) if asked else []
