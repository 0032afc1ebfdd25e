"""What was counted, what is aimed at, and what people report where nothing can be counted."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.common.models import Personal
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization, Person
from partnerships.documents.models import Document
from partnerships.indicators import catalogue, rules
from partnerships.indicators.enums import Grade, ValueState
from partnerships.workflow.models import Stateful


def place_of(organization_id: int | None, partner_id: int | None = None) -> str:
    """ "" for everything, "12" for an organisation, "12:34" for what it has in common with another."""
    if organization_id is None:
        return ""
    return f"{organization_id}:{partner_id}" if partner_id is not None else str(organization_id)


class Measure(models.Model):
    """An indicator as it was counted for a year and a place. Written by the clock, over and over.

    people  how many persons stand behind it, None where it is not about people; others  of them, those in
            whose rows the organisation that runs the portal has no part
    veiled  is not shown to who looks in from the operator; veiled_outside  nor on a paper for outside
    """

    indicator = models.CharField(_("indicator"), max_length=60)
    year = models.PositiveSmallIntegerField(_("Year"))
    place = models.CharField(_("place"), max_length=44)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, related_name="+", verbose_name=_("organisation")
    )
    partner = models.ForeignKey(
        Organization, models.CASCADE, null=True, related_name="+", verbose_name=_("partner")
    )
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    people = models.PositiveIntegerField(_("people"), null=True)
    others = models.PositiveIntegerField(null=True)
    veiled = models.BooleanField(default=False)
    veiled_outside = models.BooleanField(default=False)
    counted_at = models.DateTimeField(_("counted"), default=timezone.now)

    counted_anew = True  # of organisations that become one, by the clock

    class Meta:
        verbose_name = _("counted value")
        verbose_name_plural = _("counted values")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year", "place"], name="measured_once"),
        ]
        indexes = [models.Index(fields=["place", "year"], name="measure_of_place")]

    def __str__(self) -> str:
        return f"{catalogue.title_of(self.indicator)}, {self.year}"


class YearCounted(models.Model):
    """When a year of an indicator was counted last, and how far the portal's history was looked through for
    it (`mark`): a finished year is counted anew only when something in it has changed since."""

    indicator = models.CharField(_("indicator"), max_length=60)
    year = models.PositiveSmallIntegerField(_("Year"))
    counted_at = models.DateTimeField(_("counted"), default=timezone.now)
    mark = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("counted year")
        verbose_name_plural = _("counted years")
        constraints = [models.UniqueConstraint(fields=["indicator", "year"], name="year_counted_once")]

    def __str__(self) -> str:
        return f"{catalogue.title_of(self.indicator)}, {self.year}"


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, user: Any) -> "TargetQuerySet":
        """Those of one's organisation; who runs the partnership sees all."""
        if rules.sees_all(user):
            return self
        return self.filter(organization_id__in=rules.own_roots(user))


class Target(Personal):
    """What an organisation, or all of them together, aims at in a year."""

    indicator = models.CharField(_("indicator"), max_length=60)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("organisation")
    )
    year = models.PositiveSmallIntegerField(_("Year"))
    value = models.DecimalField(
        _("target"), max_digits=16, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("set by")
    )

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "organization", "year"],
                condition=Q(organization__isnull=False),
                name="one_target_of_organization",
            ),
            models.UniqueConstraint(
                fields=["indicator", "year"], condition=Q(organization=None), name="one_target_of_all"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="target_not_below_none"),
        ]

    def __str__(self) -> str:
        return f"{catalogue.title_of(self.indicator)}, {self.year}"


class ValueQuerySet(models.QuerySet["ReportedValue"]):
    def visible_to(self, user: Any) -> "ValueQuerySet":
        """Those of one's organisation, and confirmed ones in which it is the partner; who runs the
        partnership sees all."""
        if rules.sees_all(user):
            return self
        if access_of(user).person_id is None:
            return self.none()
        mine = rules.own_roots(user)
        shared = Q(partner_id__in=mine, state=ValueState.CONFIRMED)
        return self.filter(Q(organization_id__in=mine) | shared)

    def with_rows(self) -> "ValueQuerySet":
        return self.select_related("organization", "partner", "reported_by__user", "confirmed_by", "document")


class ReportedValue(Stateful):
    """A number that somebody reports with its source. It counts once somebody else has confirmed it."""

    holds_documents = keeps_documents = True  # a number stays with what proves it

    state = models.CharField(_("state"), max_length=10, choices=ValueState, default=ValueState.REPORTED)
    indicator = models.CharField(_("indicator"), max_length=60)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    partner = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("partner")
    )
    year = models.PositiveSmallIntegerField(_("Year"))
    amount = models.DecimalField(
        _("value"), max_digits=16, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    grade = models.CharField(_("how it was found"), max_length=10, choices=Grade, default=Grade.MEASURED)
    source = models.CharField(_("source"), max_length=200)
    note = models.TextField(_("how it was worked out"), max_length=2000, blank=True)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("evidence"),
    )
    reported_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", editable=False, verbose_name=_("reported by")
    )
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("confirmed by")
    )

    objects = ValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported value")
        verbose_name_plural = _("reported values")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ValueState.CONFIRMED) | Q(confirmed_by__isnull=False),
                name="value_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("reported_by")),
                name="value_confirmed_by_another",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="value_more_than_none"),
        ]
        indexes = [models.Index(fields=["indicator", "state", "year"], name="value_of_indicator")]

    def __str__(self) -> str:
        return self.source

    def get_absolute_url(self) -> str:
        return reverse("indicators:value", args=[self.uid])
