"""Something that two partners could do together, noted before it is forgotten."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.common.clock import end_of_day, today
from partnerships.common.fields import FoldedField
from partnerships.directory.access import Access, access_of
from partnerships.directory.enums import MEETING_ROLES
from partnerships.directory.models import Organization, Person
from partnerships.ideas.enums import OVERSEERS, CameUp, IdeaState
from partnerships.workflow.models import Stateful


class IdeaQuerySet(models.QuerySet["Idea"]):
    def visible_to(self, user: Any) -> "IdeaQuerySet":
        """What one looks after or noted where one still works, or stands in for who does; who runs the
        partnership sees those of their organisation."""
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        mine = self._named(access, "owner_id") | self._named(access, "noted_by_id")
        return self.filter(mine | access.q("home", *OVERSEERS))

    @staticmethod
    def _named(access: Access, field: str) -> Q:
        return access.assigned(field, "home_id", *MEETING_ROLES)

    def looked_after_by(self, user: Any) -> "IdeaQuerySet":
        """Their own to move, and those of whom they stand in for."""
        return self.filter(self._named(access_of(user), "owner_id"))

    def open(self) -> "IdeaQuerySet":
        return self.filter(state=IdeaState.OPEN)

    def late(self) -> "IdeaQuerySet":
        """Open, with a next step whose day has gone by."""
        return self.open().filter(next_on__lt=today())

    def with_rows(self) -> "IdeaQuerySet":
        return self.select_related("owner__user", "noted_by", "partner", "home")


class Idea(Stateful):
    """A cooperation idea: one line, who looks after it, the next step and its day, what became of it."""

    state = models.CharField(_("state"), max_length=10, choices=IdeaState, default=IdeaState.OPEN)
    title = models.CharField(_("idea"), max_length=200)
    text = models.TextField(_("details"), max_length=4000, blank=True)
    # The organisation of whoever noted it: its leadership and partnership managers see it.
    home = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", editable=False, verbose_name=_("kept by")
    )
    partner = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("partner")
    )
    came_up = models.CharField(_("where it came up"), max_length=10, choices=CameUp, default=CameUp.MEETING)
    said_on = models.DateField(_("date"), default=today)
    noted_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", editable=False, verbose_name=_("noted by")
    )
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("looked after by"))
    next_step = models.CharField(_("next step"), max_length=200)
    next_on = models.DateField(_("deadline"))
    # What became of it: an agreement, a programme, a need, an event.
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True, editable=False)
    object_id = models.BigIntegerField(null=True, editable=False)
    result = GenericForeignKey()
    folded = FoldedField(sources=["title", "text", "next_step"], max_length=5000)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("cooperation idea")
        verbose_name_plural = _("cooperation ideas")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(object_id=None) | Q(content_type__isnull=False), name="idea_result_whole"
            ),
            models.CheckConstraint(
                condition=~Q(state=IdeaState.BECAME) | Q(object_id__isnull=False),
                name="idea_became_something",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "next_on"], name="idea_of_owner"),
            models.Index(fields=["home", "-id"], name="idea_of_home"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ideas:idea", args=[self.uid])

    @property
    def due(self) -> datetime:
        """The end of the day until which the next step is promised."""
        return end_of_day(self.next_on)

    @property
    def is_late(self) -> bool:
        return self.state == IdeaState.OPEN and self.next_on < today()
