"""Seats: a pool with a capacity, quotas, holds that expire, and a waiting list."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.directory.models import Organization


class Pool(models.Model):
    """A number of seats. `taken` counts live holds, offered ones included; its row is the lock."""

    capacity = models.PositiveIntegerField(_("seats"))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    quota_only = models.BooleanField(
        _("only universities with a quota"),
        default=False,
        help_text=_("Universities without a quota of their own get no seat here."),
    )

    class Meta:
        verbose_name = _("seats")
        verbose_name_plural = _("seats")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="pool_not_oversold",
                violation_error_message=_("More seats are taken than there would be."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.taken}/{self.capacity}"

    @property
    def left(self) -> int:
        return self.capacity - self.taken


class Quota(models.Model):
    """The most seats of a pool that one university may hold."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="quotas")
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("university"), related_name="+"
    )
    places = models.PositiveIntegerField(_("places"))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.UniqueConstraint(fields=["pool", "organization"], name="quota_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("places")), name="quota_not_oversold"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.places}"


class HoldState(models.TextChoices):
    OFFERED = "offered", _("Offered")
    TAKEN = "taken", _("Taken")
    RELEASED = "released", _("Released")


class Hold(models.Model):
    """One seat of a pool held for a claimant: an offer until it expires, or taken for good.

    `claimant` is the key of the row that claims (an application); which model that is, the owner of
    the pool knows. A hold is released once and never comes back; a new offer is a new hold.
    """

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="holds", verbose_name=_("seats"))
    claimant = models.BigIntegerField(_("key of the object"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("university")
    )
    state = models.CharField(_("state"), max_length=8, choices=HoldState, default=HoldState.OFFERED)
    expires = models.DateTimeField(_("valid until"), null=True)
    created = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "claimant"], condition=~Q(state="released"), name="one_live_hold_per_claimant"
            )
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}: {self.get_state_display()}"


class Waiting(models.Model):
    """A claimant in line for a pool. The lowest place is next; equals stand in order of coming."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="waiting", verbose_name=_("seats"))
    claimant = models.BigIntegerField(_("key of the object"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("university")
    )
    place = models.IntegerField(_("place in line"), default=0)
    created = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("place in line")
        verbose_name_plural = _("waiting list")
        ordering = ["place", "created", "pk"]
        constraints = [models.UniqueConstraint(fields=["pool", "claimant"], name="waiting_once")]

    def __str__(self) -> str:
        return f"№ {self.pk}"
