"""Requests to be erased, and what time takes away."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.privacy.enums import ErasureState
from partnerships.workflow.models import Stateful


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def visible_to(self, user: Any) -> "ErasureQuerySet":
        """One's own; the administrator and who guards the data see that there was one, and when."""
        access = access_of(user)
        if access.administers or access.guards_data:
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


class RetentionSetting(models.Model):
    """How long the administrator has something kept, where that differs from the usual."""

    key = models.CharField(_("rule"), max_length=60, unique=True)
    days = models.PositiveIntegerField(_("days"), validators=[MinValueValidator(1)])
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("time for keeping")
        verbose_name_plural = _("times for keeping")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class RetentionRunQuerySet(models.QuerySet["RetentionRun"]):
    def visible_to(self, user: Any) -> "RetentionRunQuerySet":
        """For who guards the data, and the administrator."""
        access = access_of(user)
        return self if access.guards_data or access.administers else self.none()


class RetentionRun(models.Model):
    """One night's work: what was due, what went, what failed."""

    started = models.DateTimeField(_("began"), default=timezone.now, db_index=True)
    finished = models.DateTimeField(_("finished"), null=True, editable=False)

    objects = RetentionRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of keeping")
        verbose_name_plural = _("reports of keeping")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started):%d.%m.%Y %H:%M}"


class RetentionLine(models.Model):
    """What became of one rule in one run. `error` is for the administrators: a class and its words."""

    run = models.ForeignKey(RetentionRun, models.CASCADE, related_name="lines")
    key = models.CharField(_("rule"), max_length=60)
    days = models.PositiveIntegerField(_("days"))
    due = models.PositiveIntegerField(_("due"))
    removed = models.PositiveIntegerField(_("removed"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("line of a report of keeping")
        verbose_name_plural = _("lines of reports of keeping")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="retention_line_once")]

    def __str__(self) -> str:
        return self.key
