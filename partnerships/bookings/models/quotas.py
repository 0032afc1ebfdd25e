"""How many hours a month an organisation may have something."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.bookings.enums import KEEPERS
from partnerships.bookings.models.things import Thing
from partnerships.common.models import Personal
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization

MOST_HOURS = 9999  # several things for a whole month


class QuotaQuerySet(models.QuerySet["Quota"]):
    def visible_to(self, user: Any) -> "QuotaQuerySet":
        """Those of what one looks after, and those that bind an organisation of one's own at what is open
        to one."""
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None or not access.scopes:
            return self.none()
        mine = Q(organization=None) | Q(organization_id__in=access.own_roots)
        return self.filter(
            Q(mine, thing__in=Thing.objects.visible_to(user)) | access.q("thing__owner", *KEEPERS)
        )


class Quota(Personal):
    """Hours in a calendar month (Baku) that an organisation may have of a thing and all that is in it.

    Without an organisation it holds for each of them by itself, but for the owner, and but for those that
    have one of their own at the same thing. Where several things stand above each other have one, all hold.
    """

    thing = models.ForeignKey(Thing, models.PROTECT, related_name="quotas", verbose_name=_("what"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation"),
        help_text=_("Empty: each organisation by itself, but for the owner."),
    )  # fmt: skip
    hours = models.PositiveSmallIntegerField(
        _("hours a month"), validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)]
    )

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota of hours")
        verbose_name_plural = _("quotas of hours")
        ordering = ["thing", "organization", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["thing", "organization"],
                name="booking_quota_once",
                violation_error_message=_("It has a quota here already: change that one."),
            ),
            models.UniqueConstraint(
                fields=["thing"],
                condition=Q(organization=None),
                name="booking_quota_of_each",
                violation_error_message=_("It has a quota here already: change that one."),
            ),
            models.CheckConstraint(condition=Q(hours__gte=1), name="booking_quota_hours"),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("bookings:thing_quotas", args=[self.thing.uid])

    @property
    def owner(self) -> Organization:
        return self.thing.owner
