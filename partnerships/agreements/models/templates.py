"""Texts of agreements before anything is filled in, in versions."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AgreementTemplate(models.Model):
    """The text of one kind of agreement; its versions hold the words."""

    key = models.CharField(_("kind of text"), max_length=60, unique=True)
    # A template that the administrators add: its name, and the kind of text whose places it may name.
    name = models.CharField(_("name"), max_length=120, blank=True)
    base = models.CharField(_("parties and places as in"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("agreement template")
        verbose_name_plural = _("agreement templates")
        ordering = ["key"]

    def __str__(self) -> str:
        from partnerships.agreements.kinds import kinds

        kind = kinds().get(self.key)
        return self.name or (str(kind.label) if kind else self.key)

    @property
    def kind_key(self) -> str:
        """The kind of text whose places its words may name."""
        return self.base or self.key

    @property
    def current(self) -> "TemplateVersion | None":
        return self.versions.order_by("-number").first()


class TemplateVersion(models.Model):
    """The words of a template. Rows are never edited: whoever changes a word writes the next version."""

    template = models.ForeignKey(
        AgreementTemplate, models.PROTECT, related_name="versions", verbose_name=_("template")
    )
    number = models.PositiveIntegerField(_("version"))
    title_az = models.CharField(_("title in Azerbaijani"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    body_az = models.TextField(_("text in Azerbaijani"))
    body_en = models.TextField(_("text in English"), blank=True)
    note = models.CharField(_("what has changed"), max_length=300, blank=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("version of a template")
        verbose_name_plural = _("versions of templates")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_once")]

    def __str__(self) -> str:
        return f"{self.template}, {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("a version of a template is never edited: write the next one")
        super().save(*args, **kwargs)
