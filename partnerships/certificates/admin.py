"""Certificates in the administration: read, never edited; what moves them are their pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partnerships.certificates.models import Batch, Certificate
from partnerships.directory.admin import FoldedSearch
from partnerships.documents.admin import ReadOnly, SeenOnly


@admin.register(Certificate)
class CertificateAdmin(FoldedSearch, SeenOnly):
    list_display = ("serial", "holder_name", "kind", "issuer", "state", "issued_at", "valid_to")
    list_filter = ("state", "kind")
    list_select_related = ("issuer",)
    date_hierarchy = "issued_at"
    fields = (
        "serial", "kind", "holder", "holder_name", "issuer", "state", "reason", "replaced_by", "issued_at",
        "valid_to", "code", "template", "template_version", "snapshot", "sha256", "proven",
    )  # fmt: skip

    @admin.display(description=_("about"))
    def proven(self, certificate: Certificate) -> str:
        return str(certificate.object or "")


@admin.register(Batch)
class BatchAdmin(ReadOnly):
    """That it ran and for whom; its lines stay with the owner, and so does its address."""

    list_display = ("__str__", "kind", "owner", "language")
    search_fields = ("owner__email",)
    list_filter = ("kind",)
    list_select_related = ("owner",)
    fields = ("kind", "owner", "language", "job", "file", "created")
    readonly_fields = fields
