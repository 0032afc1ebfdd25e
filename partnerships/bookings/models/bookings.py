"""Who has what when."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.bookings.enums import (
    HOLDING,
    KEEPERS,
    MOVABLE,
    OPEN,
    BookingState,
)
from partnerships.bookings.models.things import SHORTEST, Thing
from partnerships.common.addresses import mounted
from partnerships.common.among import Among
from partnerships.common.clock import BAKU, now
from partnerships.common.constraints import NoOverlap
from partnerships.common.fields import FoldedField
from partnerships.common.indexes import TrigramIndex
from partnerships.common.kinds import kind_in_query
from partnerships.common.sharing import sharing
from partnerships.common.wording import worded
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization, Person
from partnerships.workflow.models import Change, Stateful

# What its history says where a closure or other opening hours came over a booking.
HIT = ("disturbed", "outside")


class Series(models.Model):
    """A booking that comes again: the rule (RFC 5545), the days left out, and the days that were taken."""

    rule = models.CharField(_("rule"), max_length=200)
    first = models.DateTimeField(_("from"))
    minutes = models.PositiveIntegerField(_("length"))
    left_out = models.JSONField(_("days left out"), default=list)
    skipped = models.JSONField(_("days that were taken"), default=list)

    class Meta:
        verbose_name = _("series of bookings")
        verbose_name_plural = _("series of bookings")

    def __str__(self) -> str:
        return self.rule


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: Any) -> "BookingQuerySet":
        """One's own, those of the things that one looks after, and what is not private at one's workplace."""
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        own = Q(holder_id=access.person_id)
        # Owners are found first and told by their keys: nothing is joined to rows that are one's own anyway.
        at_work = Organization.objects.order_by().filter(root_id__in=access.workplaces).values("pk")
        colleagues = Q(owner_id__in=at_work, private=False)
        return self.filter(own | colleagues | Q(owner_id__in=access.nodes(*KEEPERS)))

    def holding(self) -> "BookingQuerySet":
        return self.filter(state__in=HOLDING)

    def upcoming(self) -> "BookingQuerySet":
        return self.filter(state__in=OPEN, ends__gt=now())

    def hit(self) -> "BookingQuerySet":
        """Those that a closure or other hours came over while they can still be moved or given up. Whether
        it is open by now: `reports.shut`."""
        told = Change.objects.filter(content_type=kind_in_query(self.model), verb__in=HIT, from_state="")
        hit = Among("pk", told.values("object_id"))  # few: found before the bookings of a busy holder
        return self.filter(hit, state__in=MOVABLE, ends__gt=now())

    def with_rows(self) -> "BookingQuerySet":
        slots = sharing(Slot.objects.filter(asked=True)).select_related("thing")
        rows = sharing(self).select_related("holder__user", "owner", "series")
        return rows.prefetch_related(models.Prefetch("slots", slots, "asked"))


class Booking(Stateful):
    """Somebody has one or several things from a moment to another; all of them or none."""

    kept_with_changes = ("starts", "ends", "expires")

    state = models.CharField(_("state"), max_length=10, choices=BookingState, default=BookingState.BOOKED)
    holder = models.ForeignKey(Person, models.PROTECT, related_name="bookings", verbose_name=_("booked for"))
    # That of its things: who looks after them decides, who works there sees.
    owner = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", editable=False, verbose_name=_("owner")
    )
    # Whose hours it takes: where its holder belongs; none where it belongs to something else.
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, editable=False, db_index=False, related_name="+",
        verbose_name=_("for the organisation"),
    )  # fmt: skip
    title = models.CharField(_("what for"), max_length=120)
    title_en = models.CharField(max_length=120, blank=True, editable=False)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    people = models.PositiveSmallIntegerField(_("how many people"), null=True, blank=True)
    private = models.BooleanField(_("others see only that it is taken"), default=False)
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    needs_approval = models.BooleanField(_("needs approval"), default=False, editable=False)
    # An unanswered request or offer ends then.
    expires = models.DateTimeField(_("to be answered by"), null=True, editable=False)
    # Since when its holder is asked for more information before it is decided.
    more_asked = models.DateTimeField(_("more information asked for"), null=True, editable=False)
    # When nobody has checked in by then, it is free again.
    check_in_by = models.DateTimeField(_("to check in by"), null=True, editable=False)
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, editable=False, related_name="bookings", verbose_name=_("series")
    )
    # What it is the room of ("internships.interview"), with which it moves and ends; and that thing's page,
    # without what the portal is mounted below: `belongs_page` has it.
    belongs_to = models.CharField(_("belongs to"), max_length=60, blank=True, editable=False)
    belongs_url = models.CharField(max_length=200, blank=True, editable=False)
    # Without the note, which only its holder and who keeps the room may read.
    folded = FoldedField(sources=["title", "title_en"], max_length=1200)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts") + timedelta(minutes=SHORTEST)),
                name="booking_times",
                violation_error_message=_("It takes a quarter of an hour at least."),
            )
        ]
        indexes = [
            models.Index(fields=["holder", "state", "starts"], name="booking_of_holder"),
            models.Index(fields=["holder", "starts", "id"], name="booking_by_day"),
            models.Index(fields=["owner", "state", "starts"], name="booking_of_owner"),
            models.Index(fields=["organization", "ends"], name="booking_of_organization"),
            models.Index(fields=["state", "expires"], name="booking_expires"),
            models.Index(fields=["state", "check_in_by"], name="booking_check_in"),
            TrigramIndex("folded", name="booking_folded"),
        ]

    def __str__(self) -> str:
        return self.display_title

    def get_absolute_url(self) -> str:
        return reverse("bookings:booking", args=[self.uid])

    @property
    def display_title(self) -> str:
        return str(worded(self, "title"))

    @property
    def belongs_page(self) -> str:
        return mounted(self.belongs_url)

    @property
    def things(self) -> list[Thing]:
        """What was asked for, in the order of names; prefetched by with_rows."""
        asked = getattr(self, "asked", None)
        if asked is None:
            asked = list(self.slots.filter(asked=True).select_related("thing"))
        return sorted((slot.thing for slot in asked), key=lambda thing: (thing.sort_key, thing.pk))

    @property
    def where(self) -> str:
        return ", ".join(thing.display_name for thing in self.things)

    @property
    def is_over(self) -> bool:
        return self.ends <= timezone.now()


class Slot(models.Model):
    """One thing kept by one booking, with the time to prepare and to clean up. Two of one thing never
    overlap while they are active: the database refuses the second, however it comes about."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="slots")
    thing = models.ForeignKey(Thing, models.PROTECT, related_name="slots")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    # The booking itself, so that a month is counted and put in order without a look at each of its bookings.
    booked_from = models.DateTimeField()
    booked_until = models.DateTimeField()
    asked = models.BooleanField(default=True)  # else: kept because it is in or a part of what was asked for
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("kept time")
        verbose_name_plural = _("kept times")
        constraints = [
            models.UniqueConstraint(fields=["booking", "thing"], name="slot_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="slot_times"),
            NoOverlap(
                name="thing_kept_once",
                key="thing",
                start="starts",
                end="ends",
                violation_error_code="taken",
                violation_error_message=_("It is taken at this time."),
            ),
        ]
        indexes = [models.Index(fields=["thing", "active", "ends"], name="slot_of_thing")]

    def __str__(self) -> str:
        return f"{self.thing} {self.starts.astimezone(BAKU):%d.%m.%Y %H:%M}"
