"""The contracts of a placement: what their texts may name. Collected by `partnerships.agreements.kinds`."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from partnerships.agreements.enums import AgreementKind, PartyRole
from partnerships.agreements.kinds import TextKind, read_texts

DATA = Path(__file__).parent / "data"
THREE, TWO, AMENDMENT = "internships.placement", "internships.placement_two", "internships.amendment"

# The minimum content that Erasmus+ asks of a traineeship agreement, and what Azerbaijani contracts name.
PLACES = {
    "practice": _("Kind of practice or internship"),
    "place": _("Title of the place"),
    "studies": _("Specialty, level and year of the student"),
    "unit": _("Unit of the enterprise"),
    "mentor": _("Supervisor in the enterprise"),
    "supervisor": _("Supervisor at the university"),
    "weekly_hours": _("Hours a week"),
    "hours": _("Hours in all"),
    "credits": _("Credits"),
    "tasks": _("What the student does"),
    "pay": _("Paid or unpaid"),
    "insurance": _("Insurance"),
    "monitoring": _("How the practice is followed"),
    "evaluation": _("How it is evaluated"),
    "recognition": _("How the university recognises it"),
}

AGREEMENTS = (
    TextKind(
        key=THREE,
        label=_("Tripartite practice contract"),
        kind=AgreementKind.PLACEMENT,
        roles=(PartyRole.STUDENT, PartyRole.UNIVERSITY, PartyRole.COMPANY),
        series="TM",
        places=PLACES,
        first=lambda: read_texts(DATA, "contract"),
        amendment=AMENDMENT,
    ),
    # Somebody who applied alone to an open internship and studies nowhere: there is no university to sign.
    TextKind(
        key=TWO,
        label=_("Internship contract without a university"),
        kind=AgreementKind.PLACEMENT,
        roles=(PartyRole.STUDENT, PartyRole.COMPANY),
        series="TM",
        places=PLACES,
        first=lambda: read_texts(DATA, "contract_two"),
        amendment=AMENDMENT,
        called={PartyRole.STUDENT: _("Participant")},
    ),
    TextKind(
        key=AMENDMENT,
        label=_("Amendment to a practice contract"),
        kind=AgreementKind.AMENDMENT,
        roles=(PartyRole.STUDENT, PartyRole.COMPANY),
        series="",
        places=PLACES,
        first=lambda: read_texts(DATA, "contract_amendment"),
        amendment=AMENDMENT,
    ),
)
