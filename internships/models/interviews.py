"""Interviews: neither who asks nor who answers can be in two at once."""

from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from internships.enums import (
    InterviewState,
    Recommendation,
)
from internships.models.applications import Application
from internships.models.kept_apart import talks_kept_apart
from internships.models.programmes import Programme
from partnerships.bookings.models import Booking, Thing
from partnerships.common.addresses import addresses
from partnerships.common.among import Among
from partnerships.common.clock import BAKU
from partnerships.common.constraints import NoOverlap
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Person
from partnerships.workflow.models import Stateful


class InterviewQuerySet(models.QuerySet["Interview"]):
    def visible_to(self, user: Any) -> "InterviewQuerySet":
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        rounds = Programme.objects.order_by().values("pk")
        # Whoever has left the company leaves its candidates behind.
        # Whoever is human resources of a whole company sees its talks, whoever holds them.
        company = [
            Q(interviewer_id=person) & Q(Among("programme_id", rounds.filter(host__root_id__in=roots)))
            for person, roots in access.duties().items()
            if not access.holds_whole(roots, Role.HR)
        ]
        if access.has(Role.HR):
            company.append(Q(Among("programme_id", rounds.filter(access.q("host", Role.HR)))))
        met = reduce(or_, company, Q(pk__in=[])) & ~talks_kept_apart(access)
        return self.filter(Q(candidate_id=access.person_id) | met)

    def with_people(self) -> "InterviewQuerySet":
        rows = self.select_related("candidate", "interviewer", "application__programme__host", "booking")
        return rows.prefetch_related("booking__slots__thing__top")


class Interview(Stateful):
    """A talk at a time and a place. Neither who asks nor who answers can be in two at once."""

    kept_with_changes = ("starts", "ends", "place", "place_en", "link", "interviewer")

    state = models.CharField(
        _("state"), max_length=24, choices=InterviewState, default=InterviewState.SCHEDULED
    )
    application = models.ForeignKey(Application, models.CASCADE, related_name="interviews")
    candidate = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("candidate"))
    # That of the application: whoever asks for the talks of a day need not look up each application.
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+", editable=False)
    interviewer = models.ForeignKey(
        Person, models.PROTECT, related_name="interviews_held", verbose_name=_("interviewer")
    )
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    # What a room of the portal is called in English; empty where people typed the place.
    place_en = models.CharField(max_length=200, blank=True, default="", editable=False)
    link = models.URLField(_("link of the online meeting"), blank=True)
    active = models.BooleanField(default=True, editable=False)  # scheduled: what may not overlap
    # The room that it holds, where it is in one of the portal's: moves and ends with it.
    booking = models.OneToOneField(Booking, models.PROTECT, null=True, editable=False, related_name="+")
    recommendation = models.CharField(_("recommendation"), max_length=16, choices=Recommendation, blank=True)

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("starts")),
                name="interview_times",
                violation_error_message=_("The end lies before the beginning."),
            ),
            NoOverlap(
                name="interviewer_in_one_place",
                key="interviewer",
                start="starts",
                end="ends",
                violation_error_code="interviewer_busy",
                violation_error_message=_("The interviewer has another interview at this time."),
            ),
            NoOverlap(
                name="candidate_in_one_place",
                key="candidate",
                start="starts",
                end="ends",
                violation_error_code="candidate_busy",
                violation_error_message=_("The candidate has another interview at this time."),
            ),
        ]
        indexes = [
            models.Index(fields=["interviewer", "starts"], name="interview_of_interviewer"),
            models.Index(fields=["starts"], name="interview_of_day"),
            # What comes next in a full calendar; what is over and not written up.
            models.Index(fields=["starts", "id"], condition=Q(active=True), name="interview_by_day"),
            models.Index(
                fields=["interviewer", "ends"],
                condition=Q(state=InterviewState.SCHEDULED),
                name="interview_to_write_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts.astimezone(BAKU):%d.%m.%Y %H:%M}"

    @property
    def place_in_words(self) -> str:
        """The place in the reader's language, where it has one."""
        english = (get_language() or "az").startswith("en")
        return self.place_en if english and self.place_en else self.place

    @property
    def where(self) -> str:
        """The place, or the link of a talk that has none."""
        return self.place_in_words or self.link

    @property
    def room(self) -> Thing | None:
        """The room that is held for it; prefetched by with_people."""
        if self.booking is None:
            return None
        return next((slot.thing for slot in self.booking.slots.all() if slot.asked), None)

    def get_absolute_url(self) -> str:
        return addresses("internships:application")(self.application.uid)
