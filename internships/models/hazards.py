"""What the safety rules ask at a unit."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from internships.enums import (
    ClearanceKind,
)
from partnerships.directory.models import Organization

GROUPS = [MinValueValidator(1), MaxValueValidator(5)]


class HazardClass(models.Model):
    """What the safety rules ask of whoever works at units of this class: kept by the administration.

    Whether students need a group at a site is the company's ruling, so it is a setting, not a rule in code.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name in Azerbaijani"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    entry_briefing = models.BooleanField(_("entry briefing"), default=True)
    workplace_briefing = models.BooleanField(_("workplace briefing"), default=True)
    electrical_group = models.PositiveSmallIntegerField(
        _("electrical-safety group at least"), null=True, blank=True, validators=GROUPS
    )
    briefer_group = models.PositiveSmallIntegerField(
        _("given by a worker of group at least"), default=3, validators=GROUPS
    )
    group_months = models.PositiveSmallIntegerField(_("the group is valid for, months"), default=12)
    protective_equipment = models.BooleanField(_("protective equipment"), default=True)
    medical = models.BooleanField(_("medical clearance"), default=False)
    adults_only = models.BooleanField(
        _("only from 18 years"),
        default=False,
        help_text=_("Human resources look at an identity document; no date of birth is kept."),
    )

    class Meta:
        verbose_name = _("hazard class")
        verbose_name_plural = _("hazard classes")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "az").startswith("en") and self.name_en else self.name

    @property
    def required(self) -> list[ClearanceKind]:
        """What has to be cleared, in the order in which it is done."""
        asked = {
            ClearanceKind.OF_AGE: self.adults_only,
            ClearanceKind.MEDICAL: self.medical,
            ClearanceKind.ENTRY_BRIEFING: self.entry_briefing,
            ClearanceKind.ELECTRICAL_GROUP: self.electrical_group is not None,
            ClearanceKind.WORKPLACE_BRIEFING: self.workplace_briefing,
            ClearanceKind.PROTECTIVE_EQUIPMENT: self.protective_equipment,
        }
        return [kind for kind, needed in asked.items() if needed]


class UnitHazard(models.Model):
    """The hazard class of a unit; it holds for what stands below it too, unless that has one of its own."""

    unit = models.OneToOneField(
        Organization, models.CASCADE, related_name="unit_hazard", verbose_name=_("unit")
    )
    hazard = models.ForeignKey(
        HazardClass, models.PROTECT, related_name="units", verbose_name=_("hazard class")
    )

    class Meta:
        verbose_name = _("hazard class of a unit")
        verbose_name_plural = _("hazard classes of units")

    def __str__(self) -> str:
        return f"{self.unit}: {self.hazard}"
