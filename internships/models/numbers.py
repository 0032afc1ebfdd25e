"""Numbers of a year that are too many to be counted while somebody waits for the page."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KeptYear(models.Model):
    """The numbers of a year as all read them whose roles reach the same (`numbers.kept.reach_of`).

    Written by the clock, over and over, for those whose year has very many applications; `figures` names
    organisations and criteria by their keys, so that each reader has them in their own language.
    """

    reach = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField(_("Year"))
    figures = models.JSONField(default=dict)
    counted_at = models.DateTimeField(_("counted"), default=timezone.now)

    class Meta:
        verbose_name = _("kept numbers of a year")
        verbose_name_plural = _("kept numbers of years")
        constraints = [models.UniqueConstraint(fields=["reach", "year"], name="year_kept_once")]

    def __str__(self) -> str:
        return f"{self.reach} {self.year}"
