"""Certificates on paper, drawn from their snapshots."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from partnerships.certificates.enums import CertificateState
from partnerships.certificates.models import Certificate
from partnerships.common.clock import baku_date
from partnerships.documents.printing import print_pdf, qr_svg


def certificate_pdf(certificate: Certificate, *, language: str) -> bytes:
    """One certificate in this language. A revoked or replaced one says so across the page."""
    return certificates_pdf([certificate], language=language)


def certificates_pdf(
    certificates: Sequence[Certificate], *, language: str, progress: Callable[[int], object] = id
) -> bytes:
    """One file with a page for each. All must stand on the same form; a batch is of one type and one day."""
    forms = {(row.template, row.template_version) for row in certificates}
    if len(forms) != 1:
        raise ValueError(f"certificates of {len(forms)} forms do not go into one file")
    template, version = forms.pop()
    pages = []
    with translation.override(language):
        for number, certificate in enumerate(certificates, start=1):
            pages.append(page_data(certificate))
            progress(number)
    return print_pdf(f"{template}-{version}", {"certificates": pages}, language=language)


def page_data(certificate: Certificate) -> dict[str, Any]:
    """What the form is given: the snapshot in the language that is active, number, code and dates."""
    return {
        "title": certificate.title,
        "holder": certificate.holder_name,
        "issuer": certificate.issuer_name,
        "text": certificate.text,
        "lines": [{"label": label, "value": value} for label, value in certificate.lines],
        "signatories": [{"position": position, "name": name} for position, name in certificate.signatories],
        "serial": certificate.serial,
        "code": certificate.grouped_code,
        # Without the code: whoever types the address types the code on its page.
        "where": f"{settings.BASE_URL.rstrip('/')}{reverse('verify')}",
        "qr": qr_svg(certificate.verify_url),
        "issued": baku_date(certificate.issued_at),
        "valid_to": certificate.valid_to,
        "void": "" if certificate.state == CertificateState.ISSUED else certificate.standing_words,
    }
