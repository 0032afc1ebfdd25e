"""Codes by which somebody who was invited may still do a step of a call after its deadline."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.calls.models.calls import Call, Step
from partnerships.common import clock

MOST_USES = 500


class AccessCodeQuerySet(models.QuerySet["AccessCode"]):
    def live(self) -> "AccessCodeQuerySet":
        """Neither taken back nor over; whether it is used up is counted when it is redeemed."""
        return self.filter(revoked_at=None, expires__gt=clock.now())


class AccessCode(models.Model):
    """Opens one step of one call for as many as were meant, until it expires. Only its hash is kept."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="codes", verbose_name=_("call"))
    step = models.CharField(_("step"), max_length=8, choices=Step)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("last signs"), max_length=4, editable=False)
    note = models.CharField(_("for whom"), max_length=200)
    uses = models.PositiveSmallIntegerField(
        _("how many people"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_USES)]
    )
    expires = models.DateTimeField(_("until"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("taken back by")
    )

    objects = AccessCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("access code")
        verbose_name_plural = _("access codes")
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(uses__gte=1) & Q(uses__lte=MOST_USES), name="access_code_uses"
            ),
            models.CheckConstraint(condition=Q(expires__gt=F("created")), name="access_code_expires"),
        ]

    def __str__(self) -> str:
        return f"…{self.hint}"

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires > timezone.now()


class AccessUse(models.Model):
    """One object that a code has let in. Who it belongs to is the object's to say."""

    code = models.ForeignKey(AccessCode, models.PROTECT, related_name="used", verbose_name=_("access code"))
    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.BigIntegerField()
    subject = GenericForeignKey()
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("use of a code")
        verbose_name_plural = _("uses of codes")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "content_type", "object_id"], name="access_use_once")
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="access_use_of_object")]

    def __str__(self) -> str:
        return f"{self.code_id} № {self.pk}"


def live_uses(model: type[models.Model], step: str) -> Any:
    """Uses of living codes for `step`, of objects of this model."""
    kind = ContentType.objects.get_for_model(model, for_concrete_model=True)
    codes = AccessCode.objects.live().filter(step=step)
    return AccessUse.objects.filter(content_type=kind, code__in=codes)


def let_in(model: type[models.Model], step: str) -> Exists:
    """For querysets of `model`: whether a living code lets this row do the step after its deadline."""
    return Exists(live_uses(model, step).filter(object_id=OuterRef("pk")))


def let_in_until(model: type[models.Model], step: str) -> Subquery:
    """For querysets of `model`: until when a living code lets this row do the step; empty where none does."""
    uses = live_uses(model, step).filter(object_id=OuterRef("pk")).order_by("-code__expires")
    return Subquery(uses.values("code__expires")[:1])
