"""Certificates as they were printed, and batches of them."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.certificates import codes
from partnerships.certificates.enums import CertificateState, ItemState
from partnerships.certificates.kinds import types
from partnerships.certificates.snapshot import fingerprint, in_language
from partnerships.common.clock import today
from partnerships.common.fields import FoldedField
from partnerships.common.indexes import TrigramIndex
from partnerships.common.models import Job, JobState, Personal
from partnerships.common.text import folded_words
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization, Person
from partnerships.documents.models import Document
from partnerships.workflow.models import Stateful

# Who sees every certificate of their organisation; others see those of the objects that they see.
ISSUERS = (Role.HR, Role.ADMINISTRATOR)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Any) -> "CertificateQuerySet":
        """One's own; those that one's organisation issued; those of objects that one may see."""
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None or access.link:
            return self.none()
        # Issuers are found first, and each row is told by its key. Joined to them, few rows seem theirs:
        # PostgreSQL then reads and sorts all for a first page that the index by date has at once.
        rows = Q(holder_id=access.person_id) | Q(issuer_id__in=access.nodes(*ISSUERS))
        for kind in types().values():
            seen = kind.model_class._default_manager.all().visible_to(user)
            # Asked of each row: what somebody sees of a type may be ten thousand, and a list shows a few.
            rows |= Q(Exists(seen.order_by().filter(pk=OuterRef("object_id"))), kind=kind.key)
        return self.filter(rows)

    def live(self) -> "CertificateQuerySet":
        """Neither revoked nor replaced; a date may have passed."""
        return self.filter(state=CertificateState.ISSUED)

    def of(self, obj: models.Model) -> "CertificateQuerySet":
        return self.of_kind(type(obj)).filter(object_id=obj.pk)

    def of_kind(self, model: type[models.Model]) -> "CertificateQuerySet":
        """Of any object of this model."""
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def found_by(self, typed: str) -> "CertificateQuerySet":
        """By words of the holder's name, by number, or by code."""
        if code := codes.normalise(typed):
            return self.filter(code=code)
        rows = self
        for word in folded_words(typed):
            rows = rows.filter(folded__contains=word)
        return rows


class Certificate(Stateful):
    """One paper as it was issued. Only its state moves; what it says never does.

    `object` is what it certifies; `snapshot` holds every printed value in both languages, so that renames,
    corrections and new versions of the form leave it as it was. Of one type and object one is live.
    """

    state = models.CharField(
        _("state"), max_length=24, choices=CertificateState, default=CertificateState.ISSUED
    )
    kind = models.CharField(_("type"), max_length=60)
    serial = models.CharField(_("number"), max_length=40, unique=True)
    code = models.CharField(_("check code"), max_length=16, unique=True)
    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.BigIntegerField()
    object = GenericForeignKey()
    holder = models.ForeignKey(Person, models.PROTECT, related_name="certificates", verbose_name=_("holder"))
    holder_name = models.CharField(_("holder as printed"), max_length=320)
    issuer = models.ForeignKey(
        Organization, models.PROTECT, related_name="certificates", verbose_name=_("issued by")
    )
    template = models.CharField(_("form"), max_length=60)
    template_version = models.PositiveSmallIntegerField(_("version of the form"))
    snapshot = models.JSONField(_("what is printed"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    # Of the row once its holder was erased: the name is gone from it; the paper's own stays above.
    erased_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    issued_at = models.DateTimeField(_("issued"))
    valid_to = models.DateField(_("valid to"), null=True)
    reason = models.TextField(_("reason of revoking or replacing"), blank=True, max_length=2000)
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaces", verbose_name=_("replaced by")
    )
    folded = FoldedField(sources=["holder_name", "serial"], max_length=400)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "content_type", "object_id"],
                condition=Q(state=CertificateState.ISSUED),
                name="one_live_certificate",
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.ISSUED) | ~Q(reason=""),
                name="certificate_ends_with_a_reason",
            ),
        ]
        indexes = [
            # Who has had none is read from it alone.
            models.Index(fields=["content_type", "object_id", "kind"], name="certificate_of_kind"),
            models.Index(fields=["issuer", "-issued_at", "-id"], name="certificate_of_issuer"),
            models.Index(fields=["holder", "-issued_at", "-id"], name="certificate_of_holder"),
            models.Index(fields=["-issued_at", "-id"], name="certificate_newest"),
            models.Index(fields=["state", "-issued_at", "-id"], name="certificate_by_state"),
            models.Index(fields=["valid_to", "-id"], name="certificate_by_end"),
            TrigramIndex("folded", name="certificate_folded"),
        ]

    def __str__(self) -> str:
        return f"{self.serial} {self.holder_name}"

    def get_absolute_url(self) -> str:
        return reverse("certificate", args=[self.uid])

    @property
    def subject(self) -> Any:
        """The object with its relations, read once; none when it is not there any more."""
        if "_subject" not in self.__dict__:
            kind = types().get(self.kind)
            self.__dict__["_subject"] = kind.object_of(self.object_id) if kind else None
        return self.__dict__["_subject"]

    @property
    def title(self) -> str:
        return in_language(self.snapshot["title"], _language())

    @property
    def issuer_name(self) -> str:
        return in_language(self.snapshot["issuer"], _language())

    @property
    def text(self) -> str:
        return in_language(self.snapshot["text"], _language())

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(label, value) of all that is printed, in the reader's language."""
        language = _language()
        return [
            (in_language(line["label"], language), in_language(line["value"], language))
            for line in self.snapshot["lines"]
        ]

    @property
    def signatories(self) -> list[tuple[str, str]]:
        language = _language()
        return [(in_language(s["position"], language), s["name"]) for s in self.snapshot["signatories"]]

    @property
    def grouped_code(self) -> str:
        return codes.grouped(self.code)

    @property
    def verify_path(self) -> str:
        return reverse("verify_code", args=[self.code])

    @property
    def verify_url(self) -> str:
        return f"{settings.BASE_URL.rstrip('/')}{self.verify_path}"

    @property
    def expired(self) -> bool:
        """Whether its last day is over; the state stays as it is."""
        return self.valid_to is not None and self.valid_to < today()

    @property
    def is_sound(self) -> bool:
        """Whether the row says what it said when it was issued, or when its holder was erased."""
        return fingerprint(self) == (self.erased_sha256 or self.sha256)

    @property
    def standing(self) -> str:
        """How it stands, for pages: "issued", "expired", "revoked" or "replaced"."""
        return "expired" if self.state == CertificateState.ISSUED and self.expired else self.state

    @property
    def standing_words(self) -> Any:
        return _("Expired") if self.standing == "expired" else CertificateState(self.state).label


def _language() -> str:
    return (get_language() or "az")[:2]


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: Any) -> "BatchQuerySet":
        """One's own alone."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.filter(owner_id=user.pk)


class Batch(Personal):
    """Certificates issued together by a Job, with what became of each and one file to print."""

    holds_documents = True
    keeps_documents = False

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="certificate_batches", verbose_name=_("owner")
    )
    kind = models.CharField(_("type"), max_length=60)
    language = models.CharField(_("language of the print"), max_length=2, default="az")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", verbose_name=_("job"))
    file = models.ForeignKey(
        Document, models.SET_NULL, null=True, related_name="+", verbose_name=_("file to print")
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of certificates")
        verbose_name_plural = _("batches of certificates")
        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created):%d.%m.%Y %H:%M:%S}"

    def get_absolute_url(self) -> str:
        return reverse("certificate_batch", args=[self.uid])

    @property
    def is_working(self) -> bool:
        return self.job is not None and self.job.is_working

    @property
    def has_stopped(self) -> bool:
        """Whether the work ended before it was done."""
        return self.job is None or self.job.state == JobState.FAILED


class BatchItem(models.Model):
    """One object of a batch."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items", verbose_name=_("batch"))
    object_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=320)
    state = models.CharField(_("state"), max_length=8, choices=ItemState, default=ItemState.WAITING)
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, null=True, related_name="+", verbose_name=_("certificate")
    )
    reason = models.CharField(_("why not"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("line of a batch")
        verbose_name_plural = _("lines of batches")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "object_id"], name="batch_item_once")]

    def __str__(self) -> str:
        return self.name
