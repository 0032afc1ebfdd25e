"""The universities that take part in a programme, each with the agreement under which it does."""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from internships.models.programmes import Period, Programme
from partnerships.agreements.enums import READERS
from partnerships.agreements.models import Agreement
from partnerships.common.clock import today
from partnerships.common.models import Personal
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization


class PartnerQuerySet(models.QuerySet["ProgrammePartner"]):
    def visible_to(self, user: Any) -> "PartnerQuerySet":
        """Who reads the agreements of the company or of the university, where they see the programme."""
        access = access_of(user)
        if access.administers:
            return self
        own = access.q("programme__host", *READERS, Role.UNIT_HEAD) | access.q("university", *READERS)
        return self.filter(own, programme__in=Programme.objects.visible_to(user))

    def with_rows(self) -> "PartnerQuerySet":
        return self.select_related("programme__host", "university", "agreement__root")

    def with_days(self) -> "PartnerQuerySet":
        """`starts` and `ends`, of the programme's periods, and whether it is over; those without periods
        are left out."""
        periods = Period.objects.filter(programme=OuterRef("programme"))
        rows = self.annotate(
            starts=Subquery(periods.order_by("starts").values("starts")[:1]),
            ends=Subquery(periods.order_by("-ends").values("ends")[:1]),
        )
        return rows.filter(starts__isnull=False).annotate(
            is_over=models.ExpressionWrapper(Q(ends__lt=today()), models.BooleanField())
        )


class ProgrammePartner(Personal):
    """One university in a programme, with the agreement under which its students come.

    Found by itself where places are kept for the university or its students applied, with the agreement
    that holds; `chosen` says that somebody settled the agreement by hand, and nothing changes it then.
    """

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="partners", verbose_name=_("programme")
    )
    university = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("university")
    )
    agreement = models.ForeignKey(
        Agreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agreement"),
    )
    chosen = models.BooleanField(_("chosen by hand"), default=False)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("university of a programme")
        verbose_name_plural = _("universities of programmes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "university"], name="programme_partner_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.university}"

    def get_absolute_url(self) -> str:
        """The programme's page: there it is shown to whoever may see it."""
        return reverse("internships:programme", args=[self.programme.slug])
