"""What became of organisations that are no more."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.directory.enums import Ending
from partnerships.directory.models.organizations import Organization


class Succession(models.Model):
    """The end of an organisation: how, when, and who goes on in its place. Its record stays, inactive."""

    organization = models.OneToOneField(
        Organization, models.PROTECT, related_name="succession", verbose_name=_("organisation")
    )
    successor = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessions",
        verbose_name=_("successor"),
    )
    how = models.CharField(_("what happened"), max_length=10, choices=Ending)
    on = models.DateField(_("when"))
    reason = models.CharField(_("reason"), max_length=1000)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("end of an organisation")
        verbose_name_plural = _("ends of organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("organization")), name="succeeded_by_another"
            ),
            models.CheckConstraint(
                condition=Q(how=Ending.CLOSED) | Q(successor__isnull=False), name="succeeded_unless_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}: {self.get_how_display()}"
