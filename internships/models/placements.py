"""The practice itself: who is where, with whom, from when to when, and what is done before it begins."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from internships.enums import (
    UNDERWAY_STATES,
    ClearanceKind,
    ConcernState,
    ConcernTopic,
    OnboardingKind,
    OutcomeKind,
    PlacementState,
)
from internships.models.applications import Application
from internships.models.programmes import Programme, Vacancy
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models import Agreement
from partnerships.common.clock import add_working_days, baku_date, end_of_day, working_days_ago
from partnerships.common.models import Personal
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization, Person
from partnerships.documents.models import Document
from partnerships.workflow.models import Stateful

ANSWER_DAYS = 3  # working days within which a concern is answered
GROUPS = [MinValueValidator(1), MaxValueValidator(5)]


class HazardClass(models.Model):
    """What the safety rules ask of whoever works at units of this class: kept by the administration.

    Whether students need a group at a site is the company's ruling, so it is a setting, not a rule in code.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name in Azerbaijani"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    entry_briefing = models.BooleanField(_("entry briefing"), default=True)
    workplace_briefing = models.BooleanField(_("workplace briefing"), default=True)
    electrical_group = models.PositiveSmallIntegerField(
        _("electrical-safety group at least"), null=True, blank=True, validators=GROUPS
    )
    briefer_group = models.PositiveSmallIntegerField(
        _("given by a worker of group at least"), default=3, validators=GROUPS
    )
    group_months = models.PositiveSmallIntegerField(_("the group is valid for, months"), default=12)
    protective_equipment = models.BooleanField(_("protective equipment"), default=True)
    medical = models.BooleanField(_("medical clearance"), default=False)

    class Meta:
        verbose_name = _("hazard class")
        verbose_name_plural = _("hazard classes")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "az").startswith("en") and self.name_en else self.name

    @property
    def required(self) -> list[ClearanceKind]:
        """What has to be cleared, in the order in which it is done."""
        asked = {
            ClearanceKind.MEDICAL: self.medical,
            ClearanceKind.ENTRY_BRIEFING: self.entry_briefing,
            ClearanceKind.ELECTRICAL_GROUP: self.electrical_group is not None,
            ClearanceKind.WORKPLACE_BRIEFING: self.workplace_briefing,
            ClearanceKind.PROTECTIVE_EQUIPMENT: self.protective_equipment,
        }
        return [kind for kind, needed in asked.items() if needed]


class UnitHazard(models.Model):
    """The hazard class of a unit; it holds for what stands below it too, unless that has one of its own."""

    unit = models.OneToOneField(
        Organization, models.CASCADE, related_name="unit_hazard", verbose_name=_("unit")
    )
    hazard = models.ForeignKey(
        HazardClass, models.PROTECT, related_name="units", verbose_name=_("hazard class")
    )

    class Meta:
        verbose_name = _("hazard class of a unit")
        verbose_name_plural = _("hazard classes of units")

    def __str__(self) -> str:
        return f"{self.unit}: {self.hazard}"


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: Any) -> "PlacementQuerySet":
        """The student; the university's coordinator and named supervisor; the company's human resources, head
        and safety engineer of the unit, and named mentor, each as long as they are there; the operator for
        universities that have no coordinator. Behind a mentor's link, its one placement."""
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        if access.link:
            return self.filter(mentor_id=access.person_id, pk__in=_linked(access.link))
        rows = Q(person_id=access.person_id)
        if access.has(Role.COORDINATOR):
            rows |= access.q("faculty", Role.COORDINATOR)
        if access.has(Role.HR):
            rows |= access.q("host", Role.HR)
        if access.has(Role.UNIT_HEAD, Role.SAFETY):
            rows |= access.q("unit", Role.UNIT_HEAD, Role.SAFETY)
        if access.workplaces:
            rows |= Q(mentor_id=access.person_id, host__root_id__in=access.workplaces)
        if access.has(Role.SUPERVISOR, Role.COORDINATOR, Role.LECTURER):
            theirs = access.roots(Role.SUPERVISOR, Role.COORDINATOR, Role.LECTURER)
            rows |= Q(supervisor_id=access.person_id, university_id__in=theirs)
        if access.operates:
            rows |= Q(university__isnull=False) & ~Q(university_id__in=access.kept_universities)
        return self.filter(rows)

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
            .annotate(contract_in_force=Exists(_contracts_in_force()))
        )


def _contracts_in_force() -> models.QuerySet[Agreement]:
    """Signed contracts of a placement of the outer query, amendments counted."""
    return Agreement.objects.filter(
        content_type__app_label="internships",
        content_type__model="placement",
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
            models.Index(fields=["state", "starts"], name="placement_to_begin"),
            models.Index(fields=["state", "ends"], name="placement_to_finish"),
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


class MentorLimit(models.Model):
    """How many interns one mentor takes at once where the general cap (a setting) does not fit."""

    person = models.OneToOneField(
        Person, models.CASCADE, related_name="mentor_limit", verbose_name=_("mentor")
    )
    most = models.PositiveSmallIntegerField(_("interns at once at most"))
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("limit of a mentor")
        verbose_name_plural = _("limits of mentors")

    def __str__(self) -> str:
        return f"{self.person}: {self.most}"


class MentorLink(Personal):
    """An address behind which the mentor acts without an account: for one placement, until it is revoked.

    The address is the row's uid signed with the portal's key, so that it can be printed again; the row says
    whether it still opens.
    """

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="mentor_links")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("mentor"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    last_used = models.DateTimeField(_("last opened"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("revoked by")
    )

    class Meta:
        verbose_name = _("mentor's link")
        verbose_name_plural = _("mentors' links")
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement"], condition=Q(revoked_at=None), name="one_live_mentor_link"
            )
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.person_id}"


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: Any) -> "ConcernQuerySet":
        """Who raised it; the university's coordinator; the company's human resources where the student wanted
        it to know; the operator's partnership manager where there is no coordinator or the answer is late.

        Never the mentor of that placement, nor who was it when it was raised, and nobody for the sake of
        administering."""
        access = access_of(user)
        if access.person_id is None or access.link:
            return self.none()
        rows = Q(author_id=access.person_id)
        others = access.q("placement__faculty", Role.COORDINATOR)
        others |= Q(to_company=True) & access.q("placement__host", Role.HR)
        if access.manages_partners:
            others |= Q(placement__university__isnull=False) & (
                ~Q(placement__university_id__in=access.kept_universities) | _late_answer()
            )
        mentored = Placement.objects.filter(pk=OuterRef("placement"), mentor_id=access.person_id)
        return self.filter(rows | (others & ~Exists(mentored) & ~Q(mentor_id=access.person_id)))

    def with_placement(self) -> "ConcernQuerySet":
        """With all that its page, its predicates and its letters look at."""
        return self.select_related(
            "author",
            "placement__person",
            "placement__programme",
            "placement__application",
            "placement__host",
            "placement__unit",
            "placement__faculty",
            "placement__university",
        )


def _late_answer() -> Q:
    until = end_of_day(working_days_ago(ANSWER_DAYS))
    return ~Q(state=ConcernState.CLOSED) & Q(raised_at__lte=until)


class Concern(Stateful):
    """What troubles a student, told past the mentor."""

    state = models.CharField(_("state"), max_length=24, choices=ConcernState, default=ConcernState.OPEN)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="concerns")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("raised by"))
    mentor = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("mentor at that time")
    )
    raised_at = models.DateTimeField(_("raised"), default=timezone.now, editable=False)
    topic = models.CharField(_("about"), max_length=10, choices=ConcernTopic)
    text = models.TextField(_("what happened"), max_length=4000)
    to_company = models.BooleanField(_("the company's human resources may read it too"), default=False)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["placement", "state"], name="concern_of_placement")]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.topic}"

    def get_absolute_url(self) -> str:
        return reverse("internships:concern", args=[self.uid])

    @property
    def answer_by(self) -> datetime:
        """Until when an answer is promised: the end of the third working day after it was raised."""
        return end_of_day(add_working_days(baku_date(self.raised_at), ANSWER_DAYS))

    @property
    def is_late(self) -> bool:
        return self.state != ConcernState.CLOSED and timezone.now() > self.answer_by


class Outcome(Personal):
    """What became of the student after the practice, as the company says. The pool asks for consent, dated.

    `consent_until` is when the person is forgotten; `paused_until` holds it for army service.
    """

    placement = models.OneToOneField(
        Placement, models.PROTECT, related_name="outcome", verbose_name=_("placement")
    )
    kind = models.CharField(_("what became of the student"), max_length=6, choices=OutcomeKind)
    decided_on = models.DateField(_("date"))
    unit = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    position = models.CharField(_("position"), max_length=160, blank=True)
    staff_number = models.CharField(_("staff number"), max_length=40, blank=True)
    consent_at = models.DateTimeField(_("student's consent"), null=True, editable=False)
    consent_until = models.DateField(_("consent until"), null=True, blank=True)
    paused_until = models.DateField(_("paused until (army)"), null=True, blank=True)
    note = models.TextField(_("note for colleagues"), blank=True, max_length=2000)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("outcome of a practice")
        verbose_name_plural = _("outcomes of practice")
        indexes = [models.Index(fields=["kind", "decided_on"], name="outcome_by_kind")]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.kind}"
