"""Requests to be erased."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.privacy.enums import ErasureState
from partnerships.workflow.models import Stateful


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def visible_to(self, user: Any) -> "ErasureQuerySet":
        """One's own; the administrator's list says that there was one, and when."""
        access = access_of(user)
        if access.administers:
            return self
        return self.none() if access.person_id is None else self.filter(person_id=access.person_id)


class Erasure(Stateful):
    """That somebody asked to be erased. The row stays as proof, with nothing of the person in it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="erasures", verbose_name=_("person"))
    state = models.CharField(_("state"), max_length=24, choices=ErasureState, default=ErasureState.ASKED)
    due = models.DateTimeField(_("erased from"), editable=False)
    # What was done, in counts: rows removed and emptied, texts cleaned, files taken away.
    counts = models.JSONField(_("counts"), default=dict, editable=False)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="asked"), name="one_open_erasure")
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("my_data")
