"""All papers of a practice, or of many, as one PDF in the order in which they are read.

Annexes to the orders (for who coordinates), then for each student: referral, contract, diary, review, title
page of the report, certificate, statement. Each only where it is there and whoever asks may open it alone.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from internships import links, nominations
from internships.models import Placement
from internships.papers import order_annex, papers_of
from partnerships.agreements.enums import SIGNING_STATES, AgreementState
from partnerships.agreements.models import Agreement
from partnerships.agreements.printing import agreement_pdf
from partnerships.certificates.models import Certificate
from partnerships.certificates.printing import certificate_pdf
from partnerships.common.jobs import JobFailed, Progress, job, must_hold, start
from partnerships.common.models import Job
from partnerships.documents import actions as documents
from partnerships.documents.actions import ReadyFile
from partnerships.documents.content import PDF
from partnerships.documents.enums import DocumentKind
from partnerships.documents.printing import print_pdf, qr_svg
from partnerships.documents.printing.merging import Part, merged

PACK_JOB = "internships.packs"
MOST = 200  # practices in one file
# Between which of its own papers the contract and the certificate of a practice are read.
CONTRACT_AFTER, CERTIFICATE_BEFORE = "referral", "reference"
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SIGNED = (*SIGNING_STATES, AgreementState.IN_FORCE)


def rows() -> Any:
    """Placements with all that their papers look at."""
    found = Placement.objects.with_rows().select_related(
        "application__affiliation__study__specialty", "application__order"
    )
    return found.prefetch_related("diary")


def pack_of(placement: Placement, user: Any, language: str) -> bytes | None:
    """The papers of one practice that this user may open; None where there is none."""
    with translation.override(language):
        parts = list(_parts(placement, user, language, named=False))
        title = f"{_('Papers of the practice')} {placement.application.number}"
        return merged(parts, title=title) if parts else None


def start_packs(placements: Iterable[Placement], *, owner: Any, language: str) -> Job:
    """Have a worker put the papers of these practices into one file of `owner`, a user."""
    keys = [placement.pk for placement in placements][:MOST]
    return start(PACK_JOB, owner, placements=keys, language=language)


@job(PACK_JOB, gettext_lazy("Papers of many practices"))
def make_packs(work: Job, progress: Progress) -> dict[str, Any]:
    """Print what the owner may open now, put it together, keep it as a file of theirs for PAPERS_DAYS.

    Writes nothing before the file: a second try begins anew.
    """
    user, language = work.owner, work.arguments["language"]
    person = user.person
    if person is None:
        raise JobFailed(_("Your account has no person to whom the file could belong."))
    keys = work.arguments["placements"]
    seen = Placement.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
    found = list(rows().filter(pk__in=list(seen)).order_by("person__sort_key", "pk"))
    total = len(found) * 2
    parts: list[Part] = []
    without = []
    with translation.override(language):
        parts += _annexes(found, user, language)
        for number, placement in enumerate(found, start=1):
            own = list(_parts(placement, user, language, named=True))
            parts += own
            if not own:
                without.append(str(placement.uid))  # no name: the row is kept when somebody is erased
            progress(number, total)
        if not parts:
            raise JobFailed(_("None of the chosen practices has a paper to print."))
        count = len(found) - len(without)
        words = ngettext("Papers of %(count)d practice", "Papers of %(count)d practices", count)
        title = words % {"count": count}
        pdf = merged(parts, title=title, progress=lambda: progress(len(found), total))
    must_hold(work)
    prepared = ReadyFile(documents.clean_name(f"{title}.pdf", PDF, "papers"), PDF, pdf)
    document = documents.store(prepared, owner=person, kind=DocumentKind.PAPERS, actor=user)
    return {"document": str(document.uid), "students": count, "papers": len(parts), "without": without}


def without_paper(work: Job) -> list[UUID]:
    """The practices that had nothing to print. Results of before may hold names instead, which are not
    shown: nobody asked whether their reader may still see them."""
    kept = work.result.get("without", [])
    return [UUID(one) for one in kept if _UID.fullmatch(one)]


def _annexes(placements: list[Placement], user: Any, language: str) -> list[Part]:
    keys = {placement.application.order_id for placement in placements} - {None}
    if not keys or not nominations.nominates(user):
        return []
    return [
        (
            f"{_('Annex to the order')} {order.number}",
            print_pdf("internships/order_annex", order_annex(order), language=language),
        )
        for order in nominations.orders(user).filter(pk__in=keys).order_by("date", "pk")
    ]


def _parts(placement: Placement, user: Any, language: str, *, named: bool) -> Iterator[Part]:
    """The papers of one practice in their order; `named` puts the student before each in the outline."""
    before = f"{placement.person.name}: " if named else ""
    rest: dict[str, Any] = {
        "contract": _contract(placement, user),
        "certificate": _certificate(placement, user),
    }

    def contract() -> Iterator[Part]:
        found = rest.pop("contract", None)
        if found is not None:
            yield f"{before}{found.get_kind_display()}", agreement_pdf(found)

    def certificate() -> Iterator[Part]:
        found = rest.pop("certificate", None)
        if found is not None:
            yield f"{before}{_('Certificate')}", certificate_pdf(found, language=language)

    for paper in papers_of(placement):
        if paper.key != CONTRACT_AFTER:
            yield from contract()  # where nobody refers the student it comes first
        if paper.key == CERTIFICATE_BEFORE:
            yield from certificate()
        data = paper.data(placement)
        if "qr" in data:
            data["qr"] = qr_svg(links.printed_address(placement, user))
        yield f"{before}{paper.label}", print_pdf(f"internships/{paper.form}", data, language=language)


def _contract(placement: Placement, user: Any) -> Agreement | None:
    """What is signed, or being signed; amendments are papers of their own."""
    found = Agreement.objects.about(placement).visible_to(user).filter(state__in=SIGNED)  # type: ignore[attr-defined]
    return found.exclude(text=None).with_rows().first()


def _certificate(placement: Placement, user: Any) -> Certificate | None:
    return Certificate.objects.of(placement).live().visible_to(user).order_by("pk").first()
