"""Conflicts of interest that were declared or written down, and those decided otherwise."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partnerships.common.models import Personal
from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.reviews import conflicts
from partnerships.reviews.kinds import types
from partnerships.reviews.models.rounds import ReviewRound


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def visible_to(self, user: Any) -> "ConflictQuerySet":
        """Whom it is about, alone: no page shows it, it only hides."""
        person_id = access_of(user).person_id
        return self.filter(person_id=person_id) if person_id is not None else self.none()


class Conflict(Personal):
    """A conflict of interest that somebody declared or a chair wrote down: of one person with one item."""

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    reason = models.TextField(_("reason"), max_length=2000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written down by")
    )

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "person"], name="conflict_once")]
        indexes = [models.Index(fields=["person", "kind"], name="conflict_of_person")]

    def __str__(self) -> str:
        return f"№ {self.pk}"


class OverrideQuerySet(models.QuerySet["ConflictOverride"]):
    def visible_to(self, user: Any) -> "OverrideQuerySet":
        """Those who lead the round, less what they stand in conflict with."""
        rows = self.filter(round__in=ReviewRound.objects.led_by(user).order_by().values("pk"))
        for kind in types().values():
            hidden = conflicts.hidden_keys(kind, access_of(user))
            rows = rows.exclude(kind=kind.key, object_id__in=hidden)
        return rows


class ConflictOverride(Personal):
    """That somebody may review although the portal sees a conflict: who decided so, and why."""

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    round = models.ForeignKey(
        ReviewRound, models.PROTECT, related_name="overrides", verbose_name=_("review round")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    tie = models.CharField(_("conflict"), max_length=16)
    reason = models.TextField(_("reason"), max_length=2000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("overridden conflict of interest")
        verbose_name_plural = _("overridden conflicts of interest")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "person"],
                condition=Q(ended_at=None),
                name="conflict_override_once",
            )
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"


def declared_conflicts(kind: str, person_id: int | None) -> Any:
    """Keys of the items with which this person has a conflict that was declared and not overridden: for the
    `visible_to` of a direction, whose rows the person then meets nowhere."""
    freed = ConflictOverride.objects.filter(
        kind=kind, person_id=person_id, ended_at=None, object_id=OuterRef("object_id")
    )
    rows = Conflict.objects.filter(~Exists(freed), kind=kind, person_id=person_id)
    return rows.values("object_id")
