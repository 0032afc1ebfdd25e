"""Types of agreement, as the administrator sets them."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.agreements import texts
from partnerships.agreements.enums import REMIND_DAYS, AgreementKind, TermKind
from partnerships.agreements.models.templates import AgreementTemplate


def remind_days() -> list[int]:
    return list(REMIND_DAYS)


class AgreementTypeQuerySet(models.QuerySet["AgreementType"]):
    def offered(self) -> "AgreementTypeQuerySet":
        """Types of which people make agreements themselves; a contract for a practice comes from that."""
        from partnerships.agreements.kinds import kinds

        keys = [
            key
            for key, kind in kinds().items()
            if kind.kind in (AgreementKind.FRAMEWORK, AgreementKind.GENERAL)
        ]
        return self.filter(active=True, text_kind__in=keys)


class AgreementType(models.Model):
    """What an agreement is called, which text it has, what it may cover and which way it goes."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_az = models.CharField(_("name in Azerbaijani"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    text_kind = models.CharField(_("kind of text"), max_length=60)
    template = models.ForeignKey(
        AgreementTemplate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("words of its own"),
        help_text=_("Without it the words of the kind of text."),
    )
    directions = models.JSONField(
        _("directions that it may cover"),
        default=list,
        blank=True,
        help_text=_("None chosen: all of them."),
    )
    term_kind = models.CharField(_("term"), max_length=8, choices=TermKind, default=TermKind.FIXED)
    renew_months = models.PositiveSmallIntegerField(
        _("renews by so many months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    notice_days = models.PositiveSmallIntegerField(
        _("notice period in days"), default=0, validators=[MaxValueValidator(730)]
    )
    remind_days = models.JSONField(
        _("reminders, days before the notice day"), default=remind_days, blank=True
    )
    needs_legal = models.BooleanField(_("legal review comes first"), default=False)
    needs_approval = models.BooleanField(_("internal approval comes first"), default=False)
    order = models.PositiveSmallIntegerField(pgettext_lazy("in a list", "order"), default=0)
    active = models.BooleanField(_("offered"), default=True)

    objects = AgreementTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("type of agreement")
        verbose_name_plural = _("types of agreement")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return texts.in_language(self.name_az, self.name_en)

    @property
    def kind(self) -> Any:
        from partnerships.agreements.kinds import kind_of

        return kind_of(self.text_kind)
