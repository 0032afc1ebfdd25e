"""What is kept of the reviews of one item, so that a long table is read by its index."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.reviews.models.rounds import ReviewRound


class TallyQuerySet(models.QuerySet["Tally"]):
    def visible_to(self, _user: Any) -> "TallyQuerySet":
        """Nobody by themselves: tables and reports read them for those who may (`table`, `reports`)."""
        return self.none()


class Tally(models.Model):
    """How many were asked for one item of a round and what they gave, as its reviews say: written with each
    of them, under the lock of the round (`tallies.tally`)."""

    round = models.ForeignKey(
        ReviewRound,
        models.CASCADE,
        related_name="tallies",
        db_index=False,  # the constraint begins with it
        verbose_name=_("review round"),
    )
    object_id = models.BigIntegerField()
    asked = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    dropped = models.PositiveSmallIntegerField(default=0)
    mean = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    spread = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    differ = models.BooleanField(default=False)
    scores = models.TextField(blank=True)  # of what was handed in, by the age of the reviews: "4.20 3.80"

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of reviews")
        verbose_name_plural = _("results of reviews")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "object_id"], name="review_tally_once")]
        indexes = [
            models.Index(
                fields=["round", "-mean", "object_id"],
                condition=Q(mean__isnull=False),
                name="review_tally_by_mean",
            ),
            # What is hidden from somebody is looked up by its keys, in several rounds at once; what still
            # lacks reviews is told from here alone.
            models.Index(fields=["object_id", "round", "asked"], name="review_tally_of_item"),
        ]

    def __str__(self) -> str:
        return f"№ {self.object_id}"


def marks_of(scores: str) -> tuple[Decimal, ...]:
    """The scores as numbers."""
    return tuple(map(Decimal, scores.split()))
