"""Who is told what about certificates: the holder, always; who follows one, what becomes of it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.certificates.enums import CertificateState
from partnerships.certificates.models import Certificate
from partnerships.common.letters import FOLLOWED, Letter, News, told_as
from partnerships.directory.models import Person


@told_as(_("as the holder"))
def holder(change: Any, certificate: Certificate) -> Iterable[Person]:
    return Person.objects.filter(pk=certificate.holder_id).select_related("user")


def words(change: Any, certificate: Certificate) -> dict[str, Any]:
    return {
        "title": certificate.title,
        "serial": certificate.serial,
        "code": certificate.grouped_code,
        "url": certificate.verify_url,
        "issuer": certificate.issuer_name,
        "note": change.note if change else "",
        "replaced": change.data.get("replaces", "") if change else "",
    }


def _letter(kind: str, verb: str, subject: Any, body: Any, label: Any, action: Any) -> Letter:
    return Letter(
        kind=f"certificates.{kind}",
        model="certificates.Certificate",
        verbs=(verb,),
        audience=holder,
        context=words,
        subject=subject,
        body=body,
        label=label,
        action=action,
    )


LETTERS = [
    _letter(
        "issued",
        "issue",
        _("Your certificate: %(title)s"),
        _(
            "Your certificate is ready: %(title)s, number %(serial)s. Issued by: %(issuer)s.\n\n"
            "Anybody can check it without signing in. Check code: %(code)s, address: %(url)s"
        ),
        _("I get a certificate"),
        _("Open the certificate"),
    ),
    _letter(
        "reissued",
        "issue_anew",
        _("Your certificate was issued anew: %(title)s"),
        _(
            "You have a new certificate, number %(serial)s, in place of number %(replaced)s. The old one is "
            "shown as replaced to whoever checks it; use the new one.\n\n"
            "Check code: %(code)s, address: %(url)s"
        ),
        _("My certificate is issued anew"),
        _("Open the certificate"),
    ),
    _letter(
        "revoked",
        "revoke",
        _("Your certificate was revoked: %(title)s"),
        _(
            "Your certificate number %(serial)s is no longer valid. Revoked by: %(issuer)s.\n\n"
            "Reason: %(note)s\n\nIf you believe that this is a mistake, write to whoever issued it."
        ),
        _("My certificate is revoked"),
        _("Open the certificate"),
    ),
]


def revoked_before(_change: Any, certificate: Certificate) -> Iterable[Certificate]:
    """The one that was revoked and is followed by this one: whoever follows it hears that there is another.
    Of one that was replaced they are told by its own move."""
    earlier = Certificate.objects.filter(
        kind=certificate.kind,
        content_type=certificate.content_type_id,
        object_id=certificate.object_id,
        pk__lt=certificate.pk,
    )
    last = earlier.order_by("-pk").first()
    return [last] if last is not None and last.state == CertificateState.REVOKED else []


def anew(_change: Any, certificate: Certificate) -> str:
    return _now("issued again, number %(serial)s") % {"serial": certificate.serial}


NEWS = [
    News(
        "certificates.Certificate",
        ("issue",),
        "certificates.Certificate",
        revoked_before,
        anew,
        kind=FOLLOWED,
    )
]
