"""Rubrics in versions, rounds, who reviews, reviews."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.common.among import Among
from partnerships.common.fields import FoldedField
from partnerships.common.models import Personal
from partnerships.common.wording import worded
from partnerships.directory.access import Access, access_of
from partnerships.directory.models import Organization, Person
from partnerships.reviews import conflicts, rubrics
from partnerships.reviews.enums import (
    ASSIGNED,
    MARKED,
    SWITCHES,
    TO_MARK,
    Blind,
    Phase,
    ReviewState,
    Switches,
)
from partnerships.reviews.kinds import ReviewKind, type_of, types
from partnerships.workflow.models import Stateful

SEEN = [phase for phase, switches in SWITCHES.items() if switches.seen]


class RubricQuerySet(models.QuerySet["Rubric"]):
    def visible_to(self, user: Any) -> "RubricQuerySet":
        """Those who lead rounds of some kind at the organisation."""
        access = access_of(user)
        roles = {role for kind in types().values() for role in kind.roles}
        return self.filter(access.q("organization", *sorted(roles)))


class Rubric(Personal):
    """Criteria under one name. Its versions never change: what was marked keeps the one it was marked by."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    title_az = models.CharField(_("name in Azerbaijani"), max_length=160)
    title_en = models.CharField(_("name in English"), max_length=160, blank=True)
    archived = models.BooleanField(_("no longer offered"), default=False)

    objects = RubricQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a review", "rubric")
        verbose_name_plural = pgettext_lazy("of a review", "rubrics")
        ordering = ["title_az", "pk"]

    def __str__(self) -> str:
        english = (get_language() or "az").startswith("en")
        return (self.title_en if english else "") or self.title_az

    def get_absolute_url(self) -> str:
        return reverse("reviews:rubric", args=[self.uid])

    @property
    def current(self) -> "RubricVersion":
        return max(self.versions.all(), key=lambda version: version.number)


class RubricVersion(models.Model):
    """The criteria as they were written once (rubrics.clean)."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    criteria = models.JSONField(_("criteria"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = pgettext_lazy("of a review", "version of a rubric")
        verbose_name_plural = pgettext_lazy("of a review", "versions of rubrics")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["rubric", "number"], name="rubric_version_once")]

    def __str__(self) -> str:
        return f"{self.rubric} ({self.number})"

    @property
    def scale(self) -> rubrics.Scale:
        return rubrics.scale_of(self)


def reviewing(kind: ReviewKind, access: Access, of: str = "") -> Q:
    """Rounds of this kind in which somebody reviews once they are a member: begun, and in their house unless
    the kind asks outsiders. `of`: the way to the round."""
    house = {} if kind.outsiders else {f"{of}organization__root_id__in": access.workplaces}
    return Q(**{f"{of}kind": kind.key, f"{of}state__in": SEEN, **house})


class RoundQuerySet(models.QuerySet["ReviewRound"]):
    def led_by(self, user: Any) -> "RoundQuerySet":
        access = access_of(user)
        rows = Q(pk__in=[])
        for kind in types().values():
            rows |= Q(kind=kind.key) & access.q("organization", *kind.roles)
        return self.filter(rows)

    def visible_to(self, user: Any) -> "RoundQuerySet":
        """Those that one leads, and those in which one reviews, once marking has begun."""
        access = access_of(user)
        if access.person_id is None or access.link:
            return self.none()
        mine = ReviewMember.objects.filter(round=OuterRef("pk"), person_id=access.person_id, active=True)
        house = Q(kind__in=[k.key for k in types().values() if k.outsiders]) | Q(
            organization__root_id__in=access.workplaces
        )
        rows = Q(Exists(mine), state__in=SEEN) & house
        for kind in types().values():
            rows |= Q(kind=kind.key) & access.q("organization", *kind.roles)
        reader = Value(access.person_id, models.BigIntegerField())
        found = self.filter(rows).annotate(reader=reader, reviewed_by_reader=Exists(mine))
        return found.select_related("organization", "rubric__rubric")

    def of(self, kind: str, container_id: int) -> "RoundQuerySet":
        """The rounds of one container, the newest first."""
        return self.filter(kind=kind, container_id=container_id).order_by("-pk")


class ReviewRound(Stateful):
    """One reviewing of what stands in one container: by whom, by what scale, by when, who sees whom."""

    kept_with_changes = ("due",)

    state = models.CharField(_("phase"), max_length=24, choices=Phase, default=Phase.PREPARING)
    kind = models.CharField(_("kind"), max_length=60)
    container_id = models.BigIntegerField()
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    title = models.CharField(_("title in Azerbaijani"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True, default="")
    rubric = models.ForeignKey(
        RubricVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rounds",
        verbose_name=_("marked by"),
    )
    blind = models.CharField(_("who knows whom"), max_length=8, choices=Blind, default=Blind.OPEN)
    show_files = models.BooleanField(_("reviewers open the files"), default=True)
    due = models.DateTimeField(_("marks due by"))
    per_item = models.PositiveSmallIntegerField(
        _("reviewers for each"), default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    cap = models.PositiveSmallIntegerField(
        _("most for one reviewer"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    folded = FoldedField(sources=["title", "title_en"], max_length=400)
    # Of the items that somebody is asked for: how many there are, with a mean, marked differently; of their
    # reviews, asked for and handed in. Written with each of them, as what a member has (`tallies.tally`).
    items_asked = models.PositiveIntegerField(_("reviewed: asked of somebody"), default=0, editable=False)
    items_marked = models.PositiveIntegerField(_("reviewed: with marks"), default=0, editable=False)
    items_differ = models.PositiveIntegerField(_("reviewed: marks far apart"), default=0, editable=False)
    asked = models.PositiveIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("review round")
        verbose_name_plural = _("review rounds")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "container_id"], condition=~Q(state="closed"), name="one_open_review_round"
            )
        ]
        indexes = [models.Index(fields=["kind", "container_id"], name="review_round_of")]

    def __str__(self) -> str:
        return self.display_title

    def get_absolute_url(self) -> str:
        return reverse("reviews:round", args=[self.uid])

    @property
    def display_title(self) -> str:
        """The title in the reader's language, where it has one."""
        return str(worded(self, "title"))

    @property
    def reviewed(self) -> ReviewKind:
        return type_of(self.kind)

    @property
    def switches(self) -> Switches:
        return SWITCHES[self.state]

    @property
    def scale(self) -> rubrics.Scale:
        return rubrics.scale_of(self.rubric)

    @property
    def scale_name(self) -> str:
        return str(self.rubric.rubric) if self.rubric_id and self.rubric else str(_("Five-point scale"))

    @property
    def hides_items(self) -> bool:
        """Whether reviewers must not learn whose work they mark."""
        return self.blind == Blind.DOUBLE


class MemberQuerySet(models.QuerySet["ReviewMember"]):
    def visible_to(self, user: Any) -> "MemberQuerySet":
        """Oneself while in the round, and whoever reviews in the rounds that one leads."""
        access = access_of(user)
        if access.person_id is None or access.link:
            return self.none()
        mine = Q(person_id=access.person_id, active=True)
        return self.filter(mine | Q(round__in=ReviewRound.objects.led_by(user).order_by().values("pk")))


class ReviewMember(Personal):
    """Somebody who reviews in a round."""

    round = models.ForeignKey(
        ReviewRound, models.CASCADE, related_name="members", verbose_name=_("review round")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("reviewer"))
    cap = models.PositiveSmallIntegerField(
        _("most for this reviewer"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(500)],
    )
    active = models.BooleanField(_("active"), default=True)
    # As their reviews say: written with each of them, under the lock of the round (`tallies.tally`).
    asked = models.PositiveIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    declined = models.PositiveIntegerField(default=0, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a review round")
        verbose_name_plural = _("members of review rounds")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="review_member_once")]

    def __str__(self) -> str:
        return self.person.name

    def get_absolute_url(self) -> str:
        return reverse("reviews:mine")

    @property
    def most(self) -> int | None:
        """The most reviews that this member takes."""
        return self.round.cap if self.cap is None else self.cap


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: Any) -> "ReviewQuerySet":
        """One's own while the phase shows them; the chair's, less what the chair stands in conflict with."""
        access = access_of(user)
        if access.person_id is None or access.link:
            return self.none()
        rows = Q(pk__in=Review.objects.own(user).order_by().values("pk"))
        for kind in types().values():
            if access.has(*kind.roles):
                met = Q(round__kind=kind.key) & access.q("round__organization", *kind.roles)
                rows |= met & ~Q(object_id__in=conflicts.hidden_keys(kind, access))
        return self.filter(rows)

    def own(self, user: Any) -> "ReviewQuerySet":
        """Those that this person writes, less what they stand in conflict with."""
        access = access_of(user)
        if access.person_id is None or access.link or not access.workplaces:
            return self.none()
        rows = Q(pk__in=[])
        for kind in types().values():
            # By their memberships: of all that a round has, a member has little.
            sits = ReviewMember.objects.filter(
                reviewing(kind, access, "round__"), person_id=access.person_id, active=True
            )
            met = ~Q(object_id__in=conflicts.hidden_keys(kind, access.narrowed(None)))
            rows |= Q(Among("member_id", sits.order_by().values("pk"))) & met
        return self.filter(rows).exclude(state__in=[ReviewState.CONFLICT, ReviewState.WITHDRAWN])

    def assigned(self) -> "ReviewQuerySet":
        return self.filter(state__in=ASSIGNED)

    def to_mark(self) -> "ReviewQuerySet":
        """Waiting for their reviewer, of what is still up for review."""
        standing = Q(pk__in=[])
        for kind in types().values():
            # Row by row, of few reviews: of what stands there may be very much.
            stands = kind.standing().order_by().filter(pk=OuterRef("object_id"))
            standing |= Q(round__kind=kind.key) & Q(Exists(stands))
        return self.filter(standing, state__in=TO_MARK, round__state__in=MARKED)

    def counted(self) -> "ReviewQuerySet":
        return self.filter(state=ReviewState.SUBMITTED)

    def with_rows(self) -> "ReviewQuerySet":
        return self.select_related("round__organization", "round__rubric__rubric", "member__person")


class Review(Stateful):
    """What one member makes of one item: marks by criterion, a score out of the scale's top, a comment."""

    kept_with_changes = ("object_id",)

    state = models.CharField(_("state"), max_length=24, choices=ReviewState, default=ReviewState.INVITED)
    round = models.ForeignKey(
        ReviewRound, models.CASCADE, related_name="reviews", verbose_name=_("review round")
    )
    member = models.ForeignKey(
        ReviewMember, models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    object_id = models.BigIntegerField()
    marks = models.JSONField(_("marks"), default=dict)
    comment = models.TextField(_("for the commission"), max_length=4000, blank=True)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, editable=False)
    submitted_at = models.DateTimeField(_("handed in"), null=True, editable=False)
    by_hand = models.BooleanField(default=False, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["object_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "object_id"], name="review_once"),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(score__isnull=False), name="review_submitted_with_score"
            ),
        ]
        indexes = [
            models.Index(fields=["round", "object_id", "state"], name="review_of_item"),
            models.Index(fields=["round", "state"], name="review_by_state"),
            models.Index(fields=["member", "state", "object_id", "round"], name="review_of_member"),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:review", args=[self.uid])

    @property
    def value(self) -> Decimal | None:
        return self.score if self.state == ReviewState.SUBMITTED else None


def due_members() -> Any:
    """Members who still have something to mark, each with `due_at`: what reminders go by."""
    waiting = Review.objects.to_mark().filter(member=OuterRef("pk"))
    rows = ReviewMember.objects.filter(Exists(waiting), active=True, round__state=Phase.MARKING)
    return rows.annotate(due_at=F("round__due")).select_related(
        "person__user", "round__organization", "round__rubric__rubric"
    )
