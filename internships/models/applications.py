"""Applications with their choices, orders of nomination, and what the company thinks of them."""

import re
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from internships.enums import (
    OPEN_STATES,
    REVIEW_STATES,
    ApplicationState,
    InterviewState,
    RefusalCode,
)
from internships.models.programmes import Programme, Vacancy
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models import Agreement, Party
from partnerships.calls.actions import access_of_subject
from partnerships.calls.models import Answer, Step
from partnerships.calls.models.codes import let_in_until
from partnerships.common.clock import today
from partnerships.common.indexes import NullsLastIndex, TrigramIndex
from partnerships.common.models import Personal
from partnerships.common.text import fold
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Organization, Person, Study
from partnerships.documents.models import Document
from partnerships.reviews.models import declared_conflicts
from partnerships.workflow.models import Stateful

_SERIAL = re.compile(r"\d{5}")
_FEW = 2000  # people whose keys are written into a query


class NominationOrder(Personal):
    """The university's order by which it nominates students for practice."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="orders", verbose_name=_("programme")
    )
    university = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("university")
    )
    number = models.CharField(_("number of the order"), max_length=40)
    date = models.DateField(_("date of the order"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("order of nomination")
        verbose_name_plural = _("orders of nomination")
        constraints = [
            models.UniqueConstraint(fields=["programme", "university", "number", "date"], name="order_once")
        ]

    def __str__(self) -> str:
        return f"№ {self.number}, {self.date:%d.%m.%Y}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: Any, *, own: bool = True) -> "ApplicationQuerySet":
        """One's own; the university's once sent; the company's once endorsed; the mentor's once accepted.

        Supervisors, mentors and interviewers see theirs as long as they are at that university or company.
        `own=False`: other people's alone, for lists of work.

        Written for a million rows: nothing is joined before a row is told apart, what few see is looked up by
        keys, and whoever sees much by one role alone has a plain condition that an index serves.
        """
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        rows, keys = _seen_as_staff(access), _seen_by_name(access)
        if own:
            rows.append(Q(person_id=access.person_id))
        if keys:
            every = [self.model._default_manager.filter(one).order_by().values("pk") for one in keys]
            rows.append(Q(pk__in=every[0].union(*every[1:]) if len(every) > 1 else every[0]))
        return self.filter(reduce(or_, rows)) if rows else self.none()

    def answering(self, typed: str) -> "ApplicationQuerySet":
        """Those whose candidate or number answers to what was typed.

        Names are looked up among the people, by trigrams, and the number only where there is a digit: asked
        as one OR over both tables, every application would be read. A whole serial is rare enough to be
        looked up as well; "2026" stands in every number, and is compared row by row.
        """
        people = Person.objects.filter(folded__contains=fold(typed)).order_by().values_list("pk", flat=True)
        # Given as values while they are few, so that the applications are found by them.
        few = list(people[: _FEW + 1])
        theirs, number = Q(person_id__in=few if len(few) <= _FEW else people), typed.strip()
        if not any(letter.isdecimal() for letter in number):
            return self.filter(theirs)
        if not _SERIAL.search(number):
            return self.filter(theirs | Q(number__icontains=number))
        every = Application.objects.order_by().values("pk")
        return self.filter(pk__in=every.filter(theirs).union(every.filter(number__icontains=number)))

    def in_motion(self) -> "ApplicationQuerySet":
        return self.filter(state__in=OPEN_STATES - {ApplicationState.DRAFT})

    def to_endorse(self) -> "ApplicationQuerySet":
        return self.filter(state=ApplicationState.SUBMITTED)

    def to_decide(self) -> "ApplicationQuerySet":
        return self.filter(state=ApplicationState.IN_REVIEW)

    def under_review(self) -> "ApplicationQuerySet":
        return self.filter(state__in=REVIEW_STATES)

    def offers_over(self) -> "ApplicationQuerySet":
        return self.filter(state=ApplicationState.OFFERED, offer_expires__lt=timezone.now())

    def with_late(self) -> "ApplicationQuerySet":
        """With the end of the access code that lets a draft be sent late: for lists that say by when."""
        return self.annotate(late_until=let_in_until(Application, Step.APPLY))

    def with_parties(self) -> "ApplicationQuerySet":
        """With those whom a verb concerns and the place that is offered, in one query: enough for a verb that
        looks at no choices. What it reads beyond that, it asks for."""
        rows: Any = self
        if settings.PLACEMENT_NEEDS_FRAMEWORK:
            rows = self.annotate(framework_in_force=Exists(_frameworks_now()))
        return rows.select_related(
            "person",
            "unit",
            "university",
            "affiliation",
            "programme__host",
            "programme__call",
            "offered_vacancy__position__unit",
            "offered_vacancy__period",
            "offered_vacancy__pool",
        )

    def with_choices(self) -> "ApplicationQuerySet":
        """With the chosen places, their rules and seats as well: what an offer is decided by."""
        choices = Choice.objects.select_related("vacancy__position__unit", "vacancy__pool", "vacancy__period")
        return (
            self.with_parties()
            .select_related("affiliation__study__specialty")
            .prefetch_related(
                "programme__call__deadlines",
                Prefetch("choices", choices),
                "choices__vacancy__pool__quotas",
                "choices__vacancy__position__specialties",
            )
        )

    def with_rows(self) -> "ApplicationQuerySet":
        """With all that a list row, its buttons and its predicates look at: nothing more is asked per row."""
        return self.with_choices().prefetch_related("interviews", "documents")


# Nobody is asked to hold a talk at a company for these.
_AT_UNIVERSITIES = {Role.STUDENT, Role.COORDINATOR, Role.SUPERVISOR, Role.LECTURER}


def _hosted(nodes: Any) -> Any:
    """Programmes of these organisations, as keys."""
    return Programme.objects.filter(host__in=nodes).order_by().values("pk")


def _apart(access: Any) -> Q:
    """Who declared a conflict of interest does not meet the candidate on the company's side."""
    return ~Q(pk__in=declared_conflicts("internships.commission", access.person_id))


def _seen_as_staff(access: Any) -> list[Q]:
    """What coordinators, human resources, supervisors and the operator see: conditions on the row itself."""
    rows = []
    if access.has(Role.COORDINATOR):
        theirs = Q(university_id__in=access.roots(Role.COORDINATOR), unit__in=access.nodes(Role.COORDINATOR))
        rows.append(Q(submitted_at__isnull=False) & theirs)
    if access.has(Role.HR):
        hosted = _hosted(access.nodes(Role.HR))
        rows.append(Q(reached_company_at__isnull=False, programme__in=hosted) & _apart(access))
    if access.has(Role.SUPERVISOR):
        led = access.assigned("supervisor_id", "university_id", Role.SUPERVISOR)
        rows.append(led & Q(submitted_at__isnull=False))
    if access.operates:
        orphan = Q(submitted_at__isnull=False) & ~Q(university_id__in=access.kept_universities)
        rows.append(orphan & Q(university__isnull=False))
    return rows


def _seen_by_name(access: Any) -> list[Q]:
    """What somebody sees because of a place, a candidate or a talk of theirs: few rows, by their keys."""
    rows = []
    if access.has(Role.UNIT_HEAD):
        chosen = Choice.objects.filter(vacancy__position__unit__in=access.nodes(Role.UNIT_HEAD))
        keys = chosen.order_by().values("application_id")
        rows.append(Q(pk__in=keys, reached_company_at__isnull=False) & _apart(access))
    if access.has(Role.MENTOR):
        mine = access.assigned("position__mentors", "position__programme__host__root_id", Role.MENTOR)
        places = Vacancy.objects.filter(mine).order_by().values("pk")
        rows.append(Q(state=ApplicationState.ACCEPTED, offered_vacancy__in=places))
    companies = {scope.root_id for scope in access.scopes if scope.role not in _AT_UNIVERSITIES}
    # Whoever is human resources of the whole company sees these already.
    if companies and not access.holds_whole(companies, Role.HR):
        talks = access.assigned("interviewer_id", "application__programme__host__root_id")
        asked = apps.get_model("internships", "Interview").objects.filter(talks)
        talked = asked.exclude(state=InterviewState.CANCELLED).order_by().values("application_id")
        rows.append(Q(pk__in=talked) & _apart(access))
    return rows


def _frameworks_now() -> Any:
    """Framework agreements of the university and the company of the outer query that hold now or are signed
    for later. Whether one holds on the first day of a place is asked when that is offered."""

    def party(of: str) -> Exists:
        named = Party.objects.filter(agreement=OuterRef("pk"), organization=OuterRef(OuterRef(of)))
        return Exists(named)

    return (
        Agreement.objects.frameworks()
        .filter(Q(ends=None) | Q(ends__gte=today()), state=AgreementState.IN_FORCE)
        .filter(party("university"), party("programme__host__root"))
    )


class Application(Stateful):
    """One student's application to one programme, with up to three places in order of preference."""

    holds_documents = True
    kept_with_changes = ("offered_vacancy", "offer_expires", "refusal_code", "reached_company_at")

    state = models.CharField(
        _("state"), max_length=24, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    number = models.CharField(_("number"), max_length=20, null=True, unique=True, editable=False)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="applications", verbose_name=_("programme")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="applications", verbose_name=_("candidate")
    )
    affiliation = models.ForeignKey(
        Affiliation, models.PROTECT, null=True, related_name="+", verbose_name=_("studies")
    )
    unit = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("faculty")
    )
    university = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="applications", verbose_name=_("university")
    )
    motivation = models.TextField(_("why this place"), blank=True, max_length=2000)
    eligibility = models.JSONField(default=dict, editable=False)
    submitted_at = models.DateTimeField(_("sent"), null=True, editable=False)
    reached_company_at = models.DateTimeField(_("reached the company"), null=True, editable=False)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("nominated by")
    )
    order = models.ForeignKey(
        NominationOrder, models.PROTECT, null=True, related_name="applications", verbose_name=_("order")
    )
    supervisor = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supervised",
        verbose_name=_("university supervisor"),
    )
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, editable=False)
    offered_vacancy = models.ForeignKey(
        Vacancy, models.PROTECT, null=True, related_name="offered_to", verbose_name=_("offered place")
    )
    offer_expires = models.DateTimeField(_("answer by"), null=True, editable=False)
    refusal_code = models.CharField(_("reason"), max_length=12, choices=RefusalCode, blank=True)
    documents = GenericRelation(Document)
    answers = GenericRelation(Answer)

    form_opened: datetime | None = None  # no column: since when the form that is now sent was open

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person"],
                name="one_application_per_programme",
                violation_error_message=_(
                    "There is already an application of this person to this programme."
                ),
            )
        ]
        indexes = [
            # What working lists count and filter by stands in these whole: no row is read for a number.
            models.Index(
                fields=["programme", "state", "-id", "person", "reached_company_at", "submitted_at"],
                name="application_worklist",
            ),
            models.Index(
                fields=["university", "state", "-id", "unit", "person", "submitted_at"],
                name="application_of_university",
            ),
            models.Index(
                fields=[
                    "university",
                    "programme",
                    "state",
                    "-id",
                    "unit",
                    "person",
                    "submitted_at",
                    "offer_expires",
                ],
                name="application_of_round",
            ),
            models.Index(
                fields=["state", "-id", "programme", "person", "reached_company_at", "submitted_at"],
                name="application_by_state",
            ),
            NullsLastIndex(fields=["programme", "-score", "-id"], name="application_by_score"),
            models.Index(fields=["person", "state"], name="application_of_person"),
            models.Index(
                fields=["offer_expires"], condition=Q(state="offered"), name="application_offer_expires"
            ),
            TrigramIndex("number", upper=True, name="application_number_parts"),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft"))

    def get_absolute_url(self) -> str:
        return reverse("internships:application", args=[self.uid])

    @property
    def study(self) -> Study | None:
        return getattr(self.affiliation, "study", None) if self.affiliation else None

    @property
    def keeps_documents(self) -> bool:
        """Whether its documents stay as they are: once sent, unless it is back in the student's hands.

        A draft that was given up without being sent holds nothing back.
        """
        with_student = self.state in (ApplicationState.DRAFT, ApplicationState.RETURNED)
        return not with_student and (self.submitted_at is not None or self.reached_company_at is not None)

    @property
    def document_kinds(self) -> set[str]:
        return {document.kind for document in self.documents.all()}

    @property
    def due(self) -> Any:
        """By when the one whose move it is should have moved; None when nobody has to."""
        step = {
            ApplicationState.DRAFT: Step.APPLY,
            ApplicationState.RETURNED: Step.DECIDE,  # it may be sent again until the company answers
            ApplicationState.SUBMITTED: Step.ENDORSE,
            ApplicationState.IN_REVIEW: Step.DECIDE,
            ApplicationState.INTERVIEW: Step.DECIDE,
            ApplicationState.WAITLISTED: Step.START,
        }.get(ApplicationState(self.state))
        if self.state == ApplicationState.OFFERED:
            return self.offer_expires
        if self.state == ApplicationState.DRAFT and self.programme.call.passed(Step.APPLY):
            return self._late_until() or self.programme.call.at(Step.APPLY)
        return self.programme.call.at(step) if step else None

    def _late_until(self) -> datetime | None:
        """Until when an access code lets it be sent after the deadline."""
        if hasattr(self, "late_until"):  # rows of `with_late` bring it along
            return self.late_until
        code = access_of_subject(self, Step.APPLY)
        return code.expires if code else None


class Choice(models.Model):
    """A place that the student wants, and as the how-many-eth."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="choices")
    rank = models.PositiveSmallIntegerField(_("rank"))
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="choices", verbose_name=_("place"))

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["application", "rank"], name="choice_rank_once"),
            models.UniqueConstraint(fields=["application", "vacancy"], name="choice_vacancy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.vacancy_id}"


class Assessment(Personal):
    """What one person of the company thinks of an application; the candidate never sees it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="assessments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    score = models.PositiveSmallIntegerField(
        _("score (0–100)"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    note = models.TextField(_("note for colleagues"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-updated"]
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="assessment_once"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=100), name="assessment_range"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.score}"
