"""Who stands in for whom, in which role, from which day to which."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.clock import today
from partnerships.directory.access import access_of
from partnerships.directory.enums import DeputyState
from partnerships.directory.models.people import Affiliation, Person
from partnerships.workflow.models import Stateful


class DeputyshipQuerySet(models.QuerySet["Deputyship"]):
    def running(self, day: Any = None) -> "DeputyshipQuerySet":
        """That hold on this day (today in Baku by default)."""
        day = day or today()
        return self.filter(state=DeputyState.NAMED, starts__lte=day, ends__gte=day)

    def visible_to(self, user: Any) -> "DeputyshipQuerySet":
        """The two concerned, and the administrator."""
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        return self.filter(Q(holder_id=access.person_id) | Q(deputy_id=access.person_id))


class Deputyship(Stateful):
    """Somebody stands in for the holder of one role, for dates. It gives what the role gives, no more, while
    the holder has it; it begins and ends by its dates, without anybody's doing."""

    affiliation = models.ForeignKey(
        Affiliation, models.CASCADE, related_name="deputyships", verbose_name=_("role")
    )
    # The person of the affiliation, kept beside it: whom the history and the letters name.
    holder = models.ForeignKey(
        Person,
        models.CASCADE,
        related_name="deputyships_given",
        verbose_name=pgettext_lazy("of a deputy", "holder"),
    )
    deputy = models.ForeignKey(Person, models.CASCADE, related_name="deputyships", verbose_name=_("deputy"))
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=24, choices=DeputyState, default=DeputyState.NAMED)

    objects = DeputyshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy for dates")
        verbose_name_plural = _("deputies for dates")
        ordering = ["-starts", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=models.F("starts")),
                name="deputyship_dates",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(condition=~Q(holder=models.F("deputy")), name="deputyship_of_two"),
        ]
        indexes = [models.Index(fields=["deputy", "state", "ends"], name="deputyship_of_deputy")]

    def __str__(self) -> str:
        return f"{self.starts:%d.%m.%Y}–{self.ends:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("deputies")

    @property
    def is_over(self) -> bool:
        return self.ends < today()

    @property
    def is_running(self) -> bool:
        return self.state == DeputyState.NAMED and self.starts <= today() <= self.ends
