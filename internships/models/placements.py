"""The practice itself: who is where, with whom, from when to when, and what is done before it begins."""

from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from internships.enums import (
    UNDERWAY_STATES,
    ClearanceKind,
    OnboardingKind,
    PlacementState,
)
from internships.models.application_rows import SERIAL, WHOLE
from internships.models.applications import Application
from internships.models.hazards import GROUPS, HazardClass
from internships.models.programmes import Programme, Vacancy
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models import Agreement
from partnerships.common.among import TRIGRAM, Among, AmongMany
from partnerships.common.clock import end_of_day
from partnerships.common.compiled import compiled
from partnerships.common.kinds import kind_in_query
from partnerships.common.models import Personal
from partnerships.common.text import fold
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization, Person
from partnerships.documents.models import Document
from partnerships.workflow.models import Stateful

# The day on which the next thing is due, the first or the last; none once it ended.
NEXT_ON = Case(
    When(state=PlacementState.PREPARING, then=F("starts")),
    When(
        state__in=[PlacementState.ACTIVE, PlacementState.SUSPENDED, PlacementState.FINISHED], then=F("ends")
    ),
    default=None,
    output_field=DateField(null=True),
)


def mark_within() -> timedelta:
    """How long after the last day the final mark is due: later it is late."""
    return timedelta(days=settings.PRACTICE_MARK_DAYS)


# Who supervises on the university's side.
TEACHERS = (Role.SUPERVISOR, Role.COORDINATOR, Role.LECTURER)


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: Any, *, own: bool = True) -> "PlacementQuerySet":
        """The student; the university's coordinator and named supervisor; the company's human resources, head
        and safety engineer of the unit, and named mentor, each as long as they are there; the operator for
        universities that have no coordinator. Behind a mentor's link, its one placement.
        `own=False`: not as the student, for lists of work."""
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        if access.link:
            return self.filter(mentor_id=access.person_id, pk__in=_linked(access.link))
        seen = access.once(("placements", own), lambda: reduce(or_, _seen(access, own)))
        return self.filter(seen)

    def reasons_of(self, user: Any, *, own: bool = True) -> "list[PlacementQuerySet]":
        """The rows of `visible_to` by each reason for which they are seen: some have several."""
        access = access_of(user)
        if access.administers or access.person_id is None or access.link:
            return [self.visible_to(user, own=own)]
        return [self.filter(seen) for seen in _seen(access, own, alone=True)]

    def answering(self, typed: str, *, short: bool | None = None) -> "PlacementQuerySet":
        """Those whose student or application's number answers to what was typed. `short`: fewer letters than
        an index of names can be asked for; many answer to them. A whole serial is looked up as well; a whole
        number is that one's alone."""
        if WHOLE.fullmatch(typed.strip()):
            return self.filter(application__number=typed.strip().upper())
        words = fold(typed)
        short = len(words) < TRIGRAM if short is None else short
        people = Person.objects.filter(folded__contains=words).order_by().values("pk")
        found = Q(person_id__in=people) if short else Q(Among("person_id", people))
        if SERIAL.search(typed):
            numbered = Application.objects.filter(number__icontains=typed.strip())
            found |= Q(Among("application_id", numbered.order_by().values("pk")))
        elif any(letter.isdecimal() for letter in typed):
            found |= Q(application__number__icontains=typed.strip())
        return self.filter(found)

    def underway(self) -> "PlacementQuerySet":
        return self.filter(state__in=UNDERWAY_STATES)

    def with_rows(self) -> "PlacementQuerySet":
        """With all that a list row, its buttons and its predicates look at: nothing more is asked per row."""
        return (
            self.select_related(
                "person",
                "application",
                "programme",
                "host",
                "unit",
                "university",
                "faculty",
                "mentor",
                "supervisor",
                "hazard",
                "report",
            )
            .prefetch_related("clearances")
            .with_contract()
        )

    def with_contract(self) -> "PlacementQuerySet":
        """`contract_in_force`: whether its contract is signed by all."""
        return self.annotate(contract_in_force=Exists(_contracts_in_force()))


def _seen(access: Any, own: bool, *, alone: bool = False) -> list[Q]:
    """What somebody's roles let them see, and what names them. Plain where it can be: each further part has
    all practices gone through. `alone`: each is asked by itself."""
    found = [Q(person_id=access.person_id)] if own else []
    if access.has(Role.COORDINATOR):
        faculties = (
            _of_faculty(access) if alone else Q(faculty_id__in=compiled(access.nodes(Role.COORDINATOR)))
        )
        found.append(Q(university_id__in=access.roots(Role.COORDINATOR)) & faculties)
    if access.has(Role.HR):
        found.append(Q(host_id__in=compiled(access.nodes(Role.HR))))
    if access.has(Role.UNIT_HEAD, Role.SAFETY):
        found.append(Q(unit_id__in=compiled(access.nodes(Role.UNIT_HEAD, Role.SAFETY))))
    # Whoever is human resources of the whole company sees their own interns already.
    if access.workplaces and not access.holds_whole(access.workplaces, Role.HR):
        found.append(access.assigned("mentor_id", "host__root_id"))
    if access.has(*TEACHERS):
        found.append(access.assigned("supervisor_id", "university_id", *TEACHERS))
    if access.operates:
        found.append(Q(university__isnull=False) & ~Q(university_id__in=access.kept_universities))
    return found or [Q(pk__in=[])]


def _of_faculty(access: Any) -> Q:
    """At what a coordinator looks after, asked of each row: the university's own index has them in the order
    that is wanted, and by faculties all of them would be fetched first."""
    return Q(AmongMany("faculty_id", access.nodes(Role.COORDINATOR)))


def _contracts_in_force() -> models.QuerySet[Agreement]:
    """Signed contracts of a placement of the outer query, amendments counted."""
    return Agreement.objects.filter(
        content_type=kind_in_query(Placement),
        object_id=OuterRef("pk"),
        state=AgreementState.IN_FORCE,
    )


def _linked(scope: str) -> list[int]:
    label, _dot, key = scope.partition(":")
    return [int(key)] if label == "internships.Placement" and key.isdigit() else []


class Placement(Stateful):
    """One student's practice at one unit. It is made when the offer is accepted.

    `faculty` is the node of the university at which the student studies; `ends` is the planned last day,
    moved by an extension; `last_day` is the real one when the practice ended early.
    """

    holds_documents = True
    about = "person"

    state = models.CharField(
        _("state"), max_length=24, choices=PlacementState, default=PlacementState.PREPARING
    )
    application = models.OneToOneField(
        Application, models.PROTECT, related_name="placement", verbose_name=_("application")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="placements", verbose_name=_("student"))
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="placements", verbose_name=_("programme")
    )
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="placements", verbose_name=_("place"))
    host = models.ForeignKey(
        Organization, models.PROTECT, related_name="placements_hosted", verbose_name=_("company")
    )
    unit = models.ForeignKey(
        Organization, models.PROTECT, related_name="placements_here", verbose_name=_("unit")
    )
    university = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="placements_sent", verbose_name=_("university")
    )
    faculty = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("faculty")
    )
    mentor = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="placements_mentored", verbose_name=_("mentor")
    )
    supervisor = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="placements_supervised",
        verbose_name=_("university supervisor"),
    )
    # The framework agreement under which it stands.
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stands under")
    )
    hazard = models.ForeignKey(
        HazardClass, models.PROTECT, null=True, related_name="placements", verbose_name=_("hazard class")
    )
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    last_day = models.DateField(_("ended on"), null=True, editable=False)
    weekly_minutes = models.PositiveIntegerField(_("minutes a week"), default=20 * 60)
    planned_minutes = models.PositiveIntegerField(_("minutes in all"), default=0)
    credits = models.DecimalField(_("credits"), max_digits=5, decimal_places=1, null=True)
    mark = models.PositiveSmallIntegerField(
        _("final mark (0–100)"), null=True, editable=False, validators=[MaxValueValidator(100)]
    )
    # Marked as its first certificate is issued, revoked or not since (partnerships/certificates/kinds.py).
    had_certificate = models.BooleanField(_("had a certificate"), default=False, editable=False)
    documents = GenericRelation(Document)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")),
                name="placement_dates",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(condition=Q(mark=None) | Q(mark__lte=100), name="placement_mark_range"),
        ]
        indexes = [
            models.Index(fields=["host", "state", "-id"], name="placement_of_host"),
            models.Index(fields=["university", "state", "-id"], name="placement_of_university"),
            models.Index(fields=["mentor", "state"], name="placement_of_mentor"),
            models.Index(fields=["supervisor", "state"], name="placement_of_supervisor"),
            # With the key, so that the first of a thousand that begin on one day are not sorted for; and with
            # what tells whether somebody has any, since those of one state lie together in the table.
            models.Index(fields=["state", "starts", "id", "host", "person"], name="placement_begins"),
            models.Index(fields=["state", "ends", "id"], name="placement_ends"),
            models.Index(
                fields=["host", "-id", "person"],
                condition=Q(state=PlacementState.ASSESSED, had_certificate=False),
                name="placement_to_certify",
            ),
            models.Index(NEXT_ON, "id", name="placement_by_next"),
            models.Index("university", NEXT_ON, "id", name="placement_of_university_next"),
        ]

    def __str__(self) -> str:
        return str(self.application)

    def get_absolute_url(self) -> str:
        return reverse("internships:placement", args=[self.uid])

    @property
    def diary_due(self) -> datetime:
        """When the diary has been silent for a week; of rows annotated with `last_written`."""
        return end_of_day(self.last_written + timedelta(days=6))  # type: ignore[attr-defined]

    @property
    def link_scope(self) -> str:
        """What a mentor's link is good for; all that is written during the practice shares it."""
        return f"internships.Placement:{self.pk}"

    @property
    def over_at(self) -> datetime:
        """The end of the last day in Baku, the real one where the practice ended early."""
        return end_of_day(self.last_day or self.ends)

    @property
    def keeps_documents(self) -> bool:
        return self.state in (PlacementState.ASSESSED, PlacementState.CANCELLED)

    def missing_clearance(self, day: date) -> list[ClearanceKind]:
        """What the hazard class asks for and is not there, or no longer valid, on that day.

        A unit without a hazard class is cleared by nobody: the class has to be named first.
        """
        if self.hazard is None:
            return [ClearanceKind.ENTRY_BRIEFING, ClearanceKind.WORKPLACE_BRIEFING]
        have = {clearance.kind: clearance for clearance in self.clearances.all()}
        return [
            kind
            for kind in self.hazard.required
            if kind not in have or not have[kind].holds(day, self.hazard)
        ]


class Clearance(Personal):
    """One part of the safety admission: done when, by whom of which group, under which journal number."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="clearances")
    kind = models.CharField(_("part of the admission"), max_length=10, choices=ClearanceKind)
    done_on = models.DateField(_("date"))
    given_by = models.CharField(_("given by"), max_length=160, blank=True)
    giver_group = models.PositiveSmallIntegerField(
        _("group of the one who gave it"), null=True, blank=True, validators=GROUPS
    )
    journal_number = models.CharField(_("number in the journal"), max_length=40, blank=True)
    group = models.PositiveSmallIntegerField(
        _("group given to the student"), null=True, blank=True, validators=GROUPS
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("part of a safety admission")
        verbose_name_plural = _("safety admissions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["placement", "kind"], name="clearance_once")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def holds(self, day: date, hazard: HazardClass) -> bool:
        """Whether it is there on that day and enough for the hazard class."""
        if day < self.done_on or (self.valid_until is not None and day > self.valid_until):
            return False
        if self.kind == ClearanceKind.ELECTRICAL_GROUP:
            return (self.group or 0) >= (hazard.electrical_group or 0)
        return True


class OnboardingTask(Personal):
    """One thing to have done before or on the first day; open until somebody ticks it."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="onboarding")
    kind = models.CharField(_("task"), max_length=10, choices=OnboardingKind)
    value = models.CharField(_("particulars"), max_length=200, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("onboarding task")
        verbose_name_plural = _("onboarding tasks")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["placement", "kind"], name="onboarding_once")]

    def __str__(self) -> str:
        return str(self.get_kind_display())
