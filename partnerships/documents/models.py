"""Private files: reached only through the rights of the object that they belong to."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.common.clock import baku_date
from partnerships.common.models import Job, Personal
from partnerships.common.told import SaidField, SaidJSONField
from partnerships.directory.access import access_of
from partnerships.directory.enums import DeputyState
from partnerships.directory.models import Affiliation, Deputyship, Person
from partnerships.documents.enums import DocumentKind, FateKind, ImportState, RowState
from partnerships.workflow.models import Stateful


def holders() -> list[type[models.Model]]:
    """Models whose objects hold documents: those with `holds_documents = True`."""
    return [model for model in apps.get_models() if getattr(model, "holds_documents", False)]


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: Any) -> "DocumentQuerySet":
        """One's own files, and those of objects that one may see."""
        access = access_of(user)
        rows = Q(pk__in=[])
        if access.person_id is not None:
            rows |= Q(owner_id=access.person_id)
        for model in holders():
            seen = model._default_manager.all().visible_to(user)  # type: ignore[attr-defined]
            rows |= Q(
                content_type=ContentType.objects.get_for_model(model),
                object_id__in=seen.order_by().values("pk"),
            )
        return self.filter(rows)

    def described_to(self, user: Any) -> "DocumentQuerySet":
        """Rows whose particulars (name, size, owner; never the content) the administration may list."""
        access = access_of(user)
        return self if access.administers or user.is_superuser else self.visible_to(user)


class Document(Personal):
    """One stored file. A sent application keeps copies of its own, so that a later CV changes nothing."""

    owner = models.ForeignKey(Person, models.CASCADE, related_name="documents", verbose_name=_("owner"))
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, verbose_name=_("belongs to")
    )
    object_id = models.BigIntegerField(null=True, blank=True)
    object = GenericForeignKey()
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    name = models.CharField(_("file name"), max_length=200)
    mime = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    stored = models.CharField(max_length=120, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="document_of_object"),
            models.Index(fields=["stored"], name="document_of_blob"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.uid])


class DocumentViewQuerySet(models.QuerySet["DocumentView"]):
    def visible_to(self, user: Any) -> "DocumentViewQuerySet":
        """The looks at one's own files."""
        access = access_of(user)
        if access.person_id is None:
            return self.none()
        return self.filter(document__owner_id=access.person_id)

    def with_people(self) -> "DocumentViewQuerySet":
        """With the file, who looked at it, and where they work (`whence`)."""
        held = Affiliation.objects.verified().select_related("organization__root")
        there = models.Prefetch("user__person__affiliations", held, "held")
        stood_in = Deputyship.objects.select_related("holder")
        away = models.Prefetch("user__person__deputyships", stood_in, "stood_in")
        return self.select_related("document__owner", "user__person").prefetch_related(there, away)

    def logged_to(self, user: Any) -> "DocumentViewQuerySet":
        """All looks, for who guards the data: who looked when at what kind of file, not what it says."""
        return self if access_of(user).guards_data else self.none()


class DocumentView(models.Model):
    """Who looked at a document, and when: shown to its owner."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="views", verbose_name=_("document"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    request_id = models.CharField(max_length=64, blank=True)

    objects = DocumentViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a document")
        verbose_name_plural = _("looks at documents")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.document_id}"

    @property
    def whence(self) -> str:
        """Where whoever looked worked on that day, as what, and for whom they stood in. Of rows
        `with_people`."""
        day, person = baku_date(self.at), getattr(self.user, "person", None)
        held = [
            one
            for one in getattr(person, "held", [])
            if one.starts <= day and (one.ends is None or one.ends >= day)
        ]
        named = [f"{one.organization.root.short_name}, {one.get_role_display()}" for one in held]
        for one in getattr(person, "stood_in", []):
            held_then = one.state == DeputyState.NAMED or self.at < one.state_since
            if held_then and one.starts <= day <= one.ends:
                named.append(gettext("in place of: %(name)s") % {"name": one.holder.name})
        return " · ".join(dict.fromkeys(named))


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: Any) -> "ImportRunQuerySet":
        """One's own alone: a table of people is nobody else's to read."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.filter(owner_id=user.pk)


class ImportRun(Stateful):
    """One table brought in by somebody: read, shown with every row's fate, written once confirmed."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="imports", verbose_name=_("owner")
    )
    kind = models.CharField(_("kind"), max_length=60)
    context = models.JSONField(default=dict)
    file = models.ForeignKey(
        Document, models.SET_NULL, null=True, related_name="imports", verbose_name=_("file")
    )
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=24, choices=ImportState, default=ImportState.UPLOADED)
    # The row of the file in which the headings begin, where its owner has said so.
    heading_row = models.PositiveIntegerField(null=True, editable=False)
    # Counts by fate and by outcome, and what was assumed about the file: see import_work.do_preview.
    summary = SaidJSONField(default=dict)
    problem = SaidField(_("why it failed"), blank=True)
    # When its rows and its file were taken away because the time for keeping them was over.
    forgotten = models.DateTimeField(_("rows removed"), null=True, editable=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", verbose_name=_("job"))

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created"]
        indexes = [models.Index(fields=["owner", "kind", "sha256"], name="import_of_file")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import_run", args=[self.uid])


class ExportRunQuerySet(models.QuerySet["ExportRun"]):
    def visible_to(self, user: Any) -> "ExportRunQuerySet":
        """One's own alone; the administration reads the log in its own pages."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.filter(owner_id=user.pk)


class ExportRun(Personal):
    """One list taken away as a table: who, when, which, narrowed how, how many rows. Written when it happens
    and never changed afterwards, but for the file that a worker makes of a long one."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name=_("who")
    )
    kind = models.CharField(_("kind"), max_length=60)
    name = models.CharField(_("list"), max_length=300)
    query = models.TextField(_("filters"), blank=True)
    format = models.CharField(_("format"), max_length=4)
    people = models.BooleanField(_("tells of people"), default=False)
    rows = models.PositiveIntegerField(_("rows"), null=True)
    request_id = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey(
        Document, models.SET_NULL, null=True, related_name="exports", verbose_name=_("file")
    )
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", verbose_name=_("job"))

    objects = ExportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-created"]
        indexes = [models.Index(fields=["owner", "-created"], name="export_of_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("export_run", args=[self.uid])


class ColumnChoiceQuerySet(models.QuerySet["ColumnChoice"]):
    def visible_to(self, user: Any) -> "ColumnChoiceQuerySet":
        """One's own alone."""
        return self.filter(owner_id=user.pk) if getattr(user, "is_active", False) else self.none()


class ColumnChoice(models.Model):
    """What somebody has said of the columns of a table, once for all tables with such headings."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    kind = models.CharField(_("kind"), max_length=60)
    signature = models.CharField(max_length=64)  # common.importer.headings.Headings.signature
    choices = models.JSONField(default=dict)  # heading -> key of a column, "" for one that is left out
    updated = models.DateTimeField(auto_now=True)

    objects = ColumnChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind", "signature"], name="columns_said_once")
        ]

    def __str__(self) -> str:
        return self.kind


class ImportRow(models.Model):
    """One row of the file as it was typed, what would become of it, and what did."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    values = models.JSONField(_("values"), default=dict)
    errors = SaidJSONField(_("errors"), default=dict)
    fate = models.CharField(_("fate"), max_length=8, choices=FateKind)
    fate_text = SaidField(blank=True)
    state = models.CharField(_("state"), max_length=8, choices=RowState, default=RowState.WAITING)
    outcome = SaidField(_("outcome"), blank=True)
    done_at = models.DateTimeField(_("written at"), null=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["run", "fate", "number"], name="import_row_fate")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.number}"
