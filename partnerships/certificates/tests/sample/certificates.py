"""A type of certificates for the tests of the engine: that somebody belongs to a company."""

from typing import Any

from django.utils.translation import get_language

from partnerships.certificates.kinds import CertificateType, Draft, Line, Signatory
from partnerships.common.refusals import Refusal
from partnerships.directory.access import access_of
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation

KEY = "sample.membership"


class Says:
    """Words in the reader's language, as gettext would give them, without a catalogue of the tests' own."""

    def __init__(self, az: str, en: str) -> None:
        self.az, self.en = az, en

    def __call__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.az


def draft(row: Affiliation) -> Draft:
    return Draft(
        holder=row.person,
        holder_name=row.person.full_name,
        issuer=row.organization.root,
        text=Says("bu təşkilatda çalışır", "works in this organisation"),
        lines=(
            Line("unit", Says("Bölmə", "Unit"), lambda: row.organization.display_name),
            Line("position", Says("Vəzifə", "Position"), row.position),
            Line("since", Says("Nə vaxtdan", "Since"), row.starts),
        ),
        signatories=(Signatory(Says("İnsan resursları", "Human resources"), "Leyla Rəhimova"),),
        valid_to=row.ends,
    )


def may(user: Any, row: Affiliation) -> bool:
    access = access_of(user)
    return row.person_id != access.person_id and access.covers(row.organization.path, Role.HR)


def ready(row: Affiliation) -> Refusal | None:
    return None if row.state == AffiliationState.VERIFIED else Refusal("hələ təsdiqlənməyib", "unverified")


def rows(user: Any) -> Any:
    access = access_of(user)
    found = Affiliation.objects.visible_to(user).filter(access.q("organization", Role.HR))
    return (
        found.filter(state=AffiliationState.VERIFIED)
        .exclude(person_id=access.person_id)
        .select_related("person", "organization")
    )


CERTIFICATES = (
    CertificateType(
        key=KEY,
        title=Says("Üzvlük sertifikatı", "Certificate of membership"),
        series="US",
        model="directory.Affiliation",
        draft=draft,
        may_issue=may,
        may_revoke=may,
        ready=ready,
        rows=rows,
        describe=lambda row: (row.person.full_name, row.organization.display_name),
    ),
)
