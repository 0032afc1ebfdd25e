"""What a placement puts into its contract, and where the two have drifted apart."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from internships.agreements import AMENDMENT
from internships.models import Placement
from internships.papers import plain_credits
from partnerships.agreements.kinds import kind_of
from partnerships.agreements.models import Agreement
from partnerships.common.templatetags.figures import grouped

Words = dict[str, str]
LANGUAGES = ("az", "en")
# What whoever opens the contract may word otherwise.
WORDED = ("insurance", "monitoring", "evaluation", "recognition")


def values_of(placement: Placement) -> dict[str, Words]:
    """Every place of the contract's text in both languages, as the placement stands now."""
    return {name: {language: _in(language, name, placement) for language in LANGUAGES} for name in _WRITERS}


def _in(language: str, name: str, placement: Placement) -> str:
    with override(language):
        return str(_WRITERS[name](placement) or "")


def _practice(placement: Placement) -> str:
    programme = placement.programme
    return programme.get_practice_type_display() if programme.practice_type else programme.get_kind_display()


def _studies(placement: Placement) -> str:
    study = placement.application.study
    if study is None:
        return _("not stated")
    specialty = f"{study.specialty.code} {study.specialty}" if study.specialty else ""
    year = _("year of study: %(year)s") % {"year": study.year}
    return ", ".join(part for part in (specialty, study.get_degree_display(), year) if part)


def _hours(minutes: int) -> str:
    return grouped(Decimal(minutes) / 60, 0 if minutes % 60 == 0 else 1)


def _pay(placement: Placement) -> str:
    programme = placement.programme
    if not programme.paid:
        return _("unpaid")
    return _("paid: %(amount)s") % {"amount": programme.stipend} if programme.stipend else _("paid")


def _insurance(placement: Placement) -> str:
    if placement.university_id is None:
        return _(
            "The enterprise insures against accidents at the workplace as the law asks; the participant's "
            "own health insurance stays in force."
        )
    return _(
        "The enterprise insures against accidents at the workplace as the law asks; the student's own health "
        "insurance stays in force."
    )


def _monitoring(placement: Placement) -> str:
    if placement.university_id is None:
        return _(
            "The participant writes a diary for each day; the supervisor in the enterprise confirms it every "
            "week."
        )
    return _(
        "The student writes a diary for each day; the supervisor in the enterprise confirms it every week. "
        "The supervisor at the university follows it in the portal and visits when needed."
    )


def _evaluation(placement: Placement) -> str:
    if placement.university_id is None:
        return _(
            "At the end the supervisor in the enterprise gives an evaluation and a review, the participant "
            "hands in a report."
        )
    return _(
        "At the end the supervisor in the enterprise gives an evaluation and a review, the student hands "
        "in a report."
    )


_WRITERS: dict[str, Any] = {
    "practice": _practice,
    "place": lambda placement: placement.vacancy.position.title,
    "studies": _studies,
    "unit": lambda placement: placement.unit.display_name,
    "mentor": lambda placement: (
        placement.mentor.full_name if placement.mentor else _("named before the start")
    ),
    "supervisor": lambda placement: (
        placement.supervisor.full_name if placement.supervisor else _("named before the start")
    ),
    "weekly_hours": lambda placement: _hours(placement.weekly_minutes),
    "hours": lambda placement: _hours(placement.planned_minutes),
    "credits": lambda placement: (
        grouped(plain_credits(placement.credits)) if placement.credits else _("none")
    ),
    "tasks": lambda placement: placement.vacancy.position.tasks or placement.vacancy.position.title,
    "pay": _pay,
    "insurance": _insurance,
    "monitoring": _monitoring,
    "evaluation": _evaluation,
    "recognition": lambda _placement: _(
        "The university recognises the practice with the credits stated here and enters the mark in the "
        "student's record."
    ),
}


def drift(placement: Placement, contract: Agreement) -> list[str]:
    """What stands otherwise in the placement than in its signed contract, in words; empty when they agree."""
    found = []
    if contract.starts != placement.starts or contract.ends != placement.ends:
        found.append(_("dates"))
    now = values_of(placement)
    for name, label in kind_of(AMENDMENT).places.items():
        if name not in WORDED and contract.values.get(name) not in (None, now[name]):
            found.append(str(label))
    return found
