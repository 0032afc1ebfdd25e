"""The certificate of a completed practice: what it says of a placement, and who issues it."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from internships import rules
from internships.enums import (
    DiaryState,
    EvaluationKind,
    EvaluationState,
    PlacementState,
    PracticeType,
    ProgrammeKind,
)
from internships.models import Placement
from internships.papers import hours, plain_credits
from partnerships.certificates.kinds import CertificateType, Draft, Line, Signatory
from partnerships.common.refusals import Refusal
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role

KEY = "internships.practice"


def practice(placement: Placement) -> Draft:
    """What is printed of an assessed placement."""
    application, programme = placement.application, placement.programme
    study = getattr(application.affiliation, "study", None) if application.affiliation else None
    host, unit = placement.host, placement.unit
    last = placement.last_day or placement.ends
    minutes = _confirmed(placement)
    lines = [
        Line("university", _("University"), lambda: _named(placement.university)),
        Line("faculty", _("Faculty"), lambda: _named(placement.faculty, within=placement.university)),
        Line("specialty", _("Specialty"), lambda: _specialty(study)),
        Line("programme", _("Programme"), lambda: programme.title),
        Line("kind", _("Kind"), _kind(programme)),
        Line("place", _("Place"), lambda: placement.vacancy.position.title),
        Line("unit", _("Enterprise and unit"), lambda: _named(unit, within=host)),
        Line("period", _("Period"), f"{placement.starts:%d.%m.%Y} – {last:%d.%m.%Y}"),
        Line("hours", _("Hours"), hours(minutes) if minutes else None),
        Line("credits", _("Credits"), _credits(placement)),
        Line("mark", _("Final mark (out of 100)"), placement.mark),
        Line("recommended", _("Recommendation of the mentor"), _recommendation(placement)),
        Line("mentor", _("Mentor in the enterprise"), _name(placement.mentor)),
        Line("supervisor", _("Supervisor at the university"), _name(placement.supervisor)),
        Line("order", _("Order of nomination"), str(application.order) if application.order else ""),
    ]  # fmt: skip
    return Draft(
        holder=placement.person,
        holder_name=placement.person.full_name,
        issuer=host.root,
        text=_text(placement, minutes),
        lines=lines,
        signatories=(
            Signatory(_("For the company"), ""),
            Signatory(_("Mentor in the enterprise"), _name(placement.mentor)),
        ),
    )


_TEXTS = {
    ProgrammeKind.PRACTICE: _(
        "completed the programme of practice in full and was assessed by the enterprise and the university"
    ),
    ProgrammeKind.INTERNSHIP: _(
        "completed the internship programme in full and was assessed by the enterprise"
    ),
}


_TEXTS_OF_A_PART = {
    ProgrammeKind.PRACTICE: _(
        "took part in the programme of practice and was assessed by the enterprise and the university"
    ),
    ProgrammeKind.INTERNSHIP: _("took part in the internship programme and was assessed by the enterprise"),
}


def _text(placement: Placement, minutes: int) -> Any:
    """Who has fewer hours confirmed than planned did not complete it in full. Where no day is recorded
    nothing is known of hours, and the mark speaks."""
    part = 0 < minutes < placement.planned_minutes
    return (_TEXTS_OF_A_PART if part else _TEXTS)[ProgrammeKind(placement.programme.kind)]


def _named(organization: Any, within: Any = None) -> str:
    """Its name in the language that is active; nothing where it is the whole that is named already."""
    return "" if organization is None or organization == within else organization.display_name


def _name(person: Any) -> str:
    return person.name if person else ""


def _specialty(study: Any) -> str:
    return f"{study.specialty.code} {study.specialty}" if study and study.specialty else ""


def _kind(programme: Any) -> Any:
    if programme.kind == ProgrammeKind.PRACTICE and programme.practice_type:
        return PracticeType(programme.practice_type).label
    return ProgrammeKind(programme.kind).label


def _credits(placement: Placement) -> Decimal | int | None:
    return None if placement.credits is None else plain_credits(placement.credits)


def _confirmed(placement: Placement) -> int:
    """Minutes of the days that the mentor confirmed."""
    return placement.diary.filter(state=DiaryState.CONFIRMED).aggregate(sum=Sum("minutes"))["sum"] or 0


def _recommendation(placement: Placement) -> Any:
    given = placement.evaluations.filter(
        kind=EvaluationKind.MENTOR_FINAL, state=EvaluationState.SUBMITTED, recommended=True
    )
    return _("Recommended for employment") if given.exists() else ""


def assessed(placement: Placement) -> Refusal | None:
    if placement.state == PlacementState.ASSESSED:
        return None
    return Refusal(_("The practice has first to be assessed with a final mark."), "not_assessed")


def to_certify(user: Any) -> Any:
    """Assessed placements of the companies where this user is human resources, never one's own."""
    access = access_of(user)
    return (
        Placement.objects.visible_to(user)
        .filter(access.q("host", Role.HR), state=PlacementState.ASSESSED)
        .exclude(person_id=access.person_id)
        .select_related("person", "programme", "unit", "host")
    )


def described(placement: Placement) -> tuple[str, str]:
    return placement.person.full_name, f"{placement.programme.title}, {placement.unit.display_name}"


CERTIFICATES = (
    CertificateType(
        key=KEY,
        title=_("Practice certificate"),
        series="TS",
        model="internships.Placement",
        draft=practice,
        may_issue=rules.runs_placement,
        may_revoke=rules.runs_placement,
        ready=assessed,
        mark="had_certificate",
        beside=("host",),
        rows=to_certify,
        describe=described,
    ),
)
