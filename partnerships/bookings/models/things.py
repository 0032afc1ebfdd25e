"""Things that can be booked, when they are open, calendar addresses of them."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.bookings.enums import (
    KEEPERS,
    Audience,
    ClosureKind,
    ClosureState,
    ThingKind,
)
from partnerships.common.fields import FoldedField, SortKeyField
from partnerships.common.models import Personal
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization, Person
from partnerships.workflow.models import Stateful

SHORTEST = 15  # minutes: a quarter of the grid
DAY = 24 * 60


class ThingQuerySet(models.QuerySet["Thing"]):
    def visible_to(self, user: Any) -> "ThingQuerySet":
        """Those of one's own workplace, those that are open to one, and the sites in which these stand; what
        is out of use to who looks after it alone; nothing for who has no role."""
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None or not access.scopes:
            return self.none()
        shown = Q(shown_to=Audience.EVERYBODY) | Q(owner__root_id__in=access.workplaces)
        if access.workplaces:
            shown |= Q(shown_to=Audience.PARTNERS)
        around = Thing.objects.filter(shown, is_active=True).values("top_id")
        in_use = Q(shown | Q(pk__in=around, is_bookable=False), is_active=True)
        return (
            self.filter(in_use | access.q("owner", *KEEPERS)) if access.has(*KEEPERS) else self.filter(in_use)
        )

    def bookable(self) -> "ThingQuerySet":
        return self.filter(is_bookable=True, is_active=True)

    def below(self, thing: "Thing") -> "ThingQuerySet":
        """The thing and everything in it."""
        return self.filter(path__startswith=thing.path)


class Thing(Personal):
    """A node of the tree of what can be booked: a site, its buildings, floors, rooms and what stands in them.

    Whoever has a thing has everything below it and what it is made of (`parts`), and nobody else has those.
    A rule that is empty here is the one of the node above; `path` holds the keys from the root down.
    """

    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("owner"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    path = models.CharField(max_length=200, editable=False, db_index=True, default="")
    top = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    parts = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="wholes", verbose_name=_("made of")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ThingKind)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    about = models.TextField(_("what is there"), max_length=1000, blank=True)
    capacity = models.PositiveSmallIntegerField(_("people"), null=True, blank=True)
    is_bookable = models.BooleanField(_("can be booked"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)
    folded = FoldedField(sources=["name", "name_en", "about"], max_length=1300)
    sort_key = SortKeyField(sources=["name"])

    # Rules; empty: as the node above.
    audience = models.CharField(_("open to"), max_length=10, choices=Audience, blank=True)
    horizon_days = models.PositiveSmallIntegerField(_("days ahead, at most"), null=True, blank=True)
    notice_minutes = models.PositiveIntegerField(_("minutes before, at least"), null=True, blank=True)
    min_minutes = models.PositiveIntegerField(
        _("shortest, in minutes"), null=True, blank=True, validators=[MinValueValidator(SHORTEST)]
    )
    max_minutes = models.PositiveIntegerField(_("longest, in minutes"), null=True, blank=True)
    per_person = models.PositiveSmallIntegerField(
        _("bookings of one person at a time"), null=True, blank=True
    )
    buffer_before = models.PositiveSmallIntegerField(
        _("minutes to prepare"), null=True, blank=True, validators=[MaxValueValidator(DAY)]
    )
    buffer_after = models.PositiveSmallIntegerField(
        _("minutes to clean up"), null=True, blank=True, validators=[MaxValueValidator(DAY)]
    )
    approval = models.BooleanField(_("needs approval"), null=True, blank=True)
    check_in_minutes = models.PositiveSmallIntegerField(
        _("minutes until it is freed when nobody checks in"),
        null=True,
        blank=True,
        help_text=_("0: nobody has to check in."),
    )
    closed_on_holidays = models.BooleanField(_("closed on public holidays"), null=True, blank=True)
    # The audience that holds here, of this node or of one above; what queries ask.
    shown_to = models.CharField(
        max_length=10, choices=Audience, default=Audience.STAFF, editable=False, db_index=True
    )

    objects = ThingQuerySet.as_manager()

    class Meta:
        verbose_name = _("bookable thing")
        verbose_name_plural = _("bookable things")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="thing_named_once",
                violation_error_message=_("There is one of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(min_minutes=None) | Q(max_minutes=None) | Q(max_minutes__gte=F("min_minutes")),
                name="thing_lengths",
                violation_error_message=_("The longest is shorter than the shortest."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name in the reader's language, where there is one."""
        if (get_language() or "az").startswith("en") and self.name_en:
            return self.name_en
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("bookings:thing", args=[self.uid])

    @property
    def above(self) -> list[int]:
        """Keys of the node and of all above it, the root first."""
        return [int(key) for key in self.path.split(".") if key]


class Hours(models.Model):
    """When a thing and what is in it is open on a day of the week. A node without any has those above it;
    where there are none at all it is always open."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    thing = models.ForeignKey(Thing, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="hours_in_order",
                violation_error_message=_("It closes before it opens."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class RoomFeedQuerySet(models.QuerySet["RoomFeed"]):
    def visible_to(self, user: Any) -> "RoomFeedQuerySet":
        """One's own."""
        person_id = access_of(user).person_id
        return self.filter(person_id=person_id) if person_id is not None else self.none()


class RoomFeed(Personal):
    """A calendar address of a thing that somebody has had made: it shows what that person may read, as long
    as they may. Closing it is the end of the address; a new one differs."""

    thing = models.ForeignKey(Thing, models.CASCADE, related_name="feeds")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    objects = RoomFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address of a room")
        verbose_name_plural = _("calendar addresses of rooms")
        constraints = [models.UniqueConstraint(fields=["thing", "person"], name="room_feed_once")]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    def get_absolute_url(self) -> str:
        return self.thing.get_absolute_url()


class ClosureQuerySet(models.QuerySet["Closure"]):
    def visible_to(self, user: Any) -> "ClosureQuerySet":
        return self.filter(thing__in=Thing.objects.visible_to(user))

    def standing(self) -> "ClosureQuerySet":
        return self.filter(state=ClosureState.CLOSED, ends__gt=timezone.now())


class Closure(Stateful):
    """A time in which a thing and all that is in it cannot be booked. Bookings made before stay, their
    holders are told."""

    state = models.CharField(_("state"), max_length=10, choices=ClosureState, default=ClosureState.CLOSED)
    thing = models.ForeignKey(Thing, models.PROTECT, related_name="closures", verbose_name=_("what"))
    kind = models.CharField(_("kind"), max_length=8, choices=ClosureKind, default=ClosureKind.CLOSURE)
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="closure_times",
                violation_error_message=_("The end lies before the beginning."),
            )
        ]
        indexes = [models.Index(fields=["thing", "state", "ends"], name="closure_of_thing")]

    def __str__(self) -> str:
        return self.reason

    def get_absolute_url(self) -> str:
        return self.thing.get_absolute_url()

    @property
    def owner(self) -> Organization:
        return self.thing.owner
