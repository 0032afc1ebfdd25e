"""The states of a certificate. It is made in the first: issuing is the making of the row."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.certificates.conditions import object_ready
from partnerships.certificates.enums import CertificateState as C
from partnerships.certificates.rules import answers_for_certificate
from partnerships.workflow.engine import Transition, Workflow

CERTIFICATE = Workflow(
    "certificate",
    C,
    Transition("reissue", {C.ISSUED}, C.REPLACED, answers_for_certificate, _("Reissue"),
               told=pgettext_lazy("certificate", "Issued anew"), conditions=(object_ready,), needs=("note",)),
    Transition("revoke", {C.ISSUED}, C.REVOKED, answers_for_certificate, _("Revoke"),
               told=pgettext_lazy("certificate", "Revoked"), needs=("note",), danger=True),
    initial=C.ISSUED,
    terminal={C.REVOKED, C.REPLACED},
)  # fmt: skip
