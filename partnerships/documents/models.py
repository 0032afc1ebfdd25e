"""Private files: reached only through the rights of the object that they belong to."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.common.models import Personal
from partnerships.directory.access import access_of
from partnerships.directory.models import Person


class DocumentKind(models.TextChoices):
    CV = "cv", _("CV")
    TRANSCRIPT = "transcript", _("Transcript")
    LETTER = "letter", _("Motivation letter")
    OTHER = "other", _("Other")


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


class Document(Personal):
    """One stored file. A sent application keeps copies of its own, so that a later CV changes nothing."""

    owner = models.ForeignKey(Person, models.CASCADE, related_name="documents", verbose_name=_("owner"))
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True)
    object_id = models.BigIntegerField(null=True, blank=True)
    object = GenericForeignKey()
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    name = models.CharField(_("file name"), max_length=200)
    mime = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=120, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [models.Index(fields=["content_type", "object_id"], name="document_of_object")]

    def __str__(self) -> str:
        return self.name


class DocumentView(models.Model):
    """Who looked at a document, and when: shown to its owner."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="views", verbose_name=_("document"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("look at a document")
        verbose_name_plural = _("looks at documents")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.document_id}"
