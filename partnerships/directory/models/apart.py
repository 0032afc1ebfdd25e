"""Organisations that look like one and are two."""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.directory.enums import NameKind
from partnerships.directory.models.organizations import Organization, OrganizationName


class ToldApart(models.Model):
    """Somebody has seen that two records are two organisations, and why.

    It holds while both have the names that they had then (`names_of`): under another name they may be one
    after all.
    """

    first = models.ForeignKey(Organization, models.CASCADE, related_name="+", verbose_name=_("one record"))
    second = models.ForeignKey(Organization, models.CASCADE, related_name="+", verbose_name=_("the other"))
    first_names = models.TextField(editable=False)
    second_names = models.TextField(editable=False)
    reason = models.CharField(_("reason"), max_length=1000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("pair told apart")
        verbose_name_plural = _("pairs told apart")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="told_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="told_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"

    def holds(self, names: dict[int, str]) -> bool:
        """By the names of today, as `names_of` answers them."""
        return (names.get(self.first_id), names.get(self.second_id)) == (self.first_names, self.second_names)


def names_of(keys: Iterable[int]) -> dict[int, str]:
    """All names of organisations by which they can look like one, folded: acronyms are not among them."""
    rows = OrganizationName.objects.filter(organization__in=set(keys)).exclude(kind=NameKind.ACRONYM)
    found: dict[int, set[str]] = defaultdict(set)
    for key, folded in rows.order_by().values_list("organization_id", "folded"):
        found[key].add(folded)
    return {key: "\n".join(sorted(names)) for key, names in found.items()}
