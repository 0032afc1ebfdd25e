"""How many interns a mentor takes, and the address behind which one acts without an account."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from internships.models.placements import Placement
from partnerships.common.models import Personal
from partnerships.directory.models import Person


class MentorLimit(models.Model):
    """How many interns one mentor takes at once where the general cap (a setting) does not fit."""

    one_is_enough = True  # when two records of a person are merged

    person = models.OneToOneField(
        Person, models.CASCADE, related_name="mentor_limit", verbose_name=_("mentor")
    )
    most = models.PositiveSmallIntegerField(_("interns at once at most"))
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("limit of a mentor")
        verbose_name_plural = _("limits of mentors")

    def __str__(self) -> str:
        return f"{self.person}: {self.most}"


class MentorLink(Personal):
    """An address behind which the mentor acts without an account: for one placement, until it is revoked.

    The address is the row's uid signed with the portal's key, so that it can be printed again; the row says
    whether it still opens.
    """

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="mentor_links")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("mentor"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    last_used = models.DateTimeField(_("last opened"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("revoked by")
    )

    class Meta:
        verbose_name = _("mentor's link")
        verbose_name_plural = _("mentors' links")
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement"], condition=Q(revoked_at=None), name="one_live_mentor_link"
            )
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.person_id}"
