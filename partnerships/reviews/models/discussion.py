"""What reviewers and chairs say to each other about one item, where the phase lets them."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partnerships.directory.access import access_of
from partnerships.directory.threads import LONGEST, Entry
from partnerships.reviews import conflicts
from partnerships.reviews.enums import SWITCHES
from partnerships.reviews.kinds import types
from partnerships.reviews.models.rounds import ReviewMember, ReviewRound

SHOWN = [phase for phase, switches in SWITCHES.items() if switches.others]
REMARK = LONGEST


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible_to(self, user: Any) -> "RemarkQuerySet":
        """Those of rounds that one leads or reviews in, in phases that show what the others gave, less what
        is about an item with which one stands in conflict."""
        access = access_of(user)
        if access.person_id is None or access.link:
            return self.none()
        house = Q(round__kind__in=[kind.key for kind in types().values() if kind.outsiders]) | Q(
            round__organization__root_id__in=access.workplaces
        )
        mine = ReviewMember.objects.filter(round=OuterRef("round"), person_id=access.person_id, active=True)
        led = Q(round__in=ReviewRound.objects.led_by(user).order_by().values("pk"))
        rows = self.filter(led | (Q(Exists(mine)) & house), round__state__in=SHOWN)
        for kind in types().values():
            hidden = conflicts.hidden_keys(kind, access)
            rows = rows.exclude(round__kind=kind.key, object_id__in=hidden)
        return rows


class Remark(Entry):
    """A word in the discussion of one item. What its author has taken back keeps its place, not its words."""

    round = models.ForeignKey(
        ReviewRound, models.CASCADE, related_name="remarks", verbose_name=_("review round")
    )
    object_id = models.BigIntegerField()

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark of a review round")
        verbose_name_plural = _("remarks of review rounds")
        ordering = ["pk"]
        indexes = [models.Index(fields=["round", "object_id"], name="remark_of_item")]

    def get_absolute_url(self) -> str:
        return self.round.get_absolute_url()
