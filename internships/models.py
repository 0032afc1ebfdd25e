"""Programmes with their places, applications to them, and interviews."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
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
    PracticeType,
    ProgrammeKind,
    ProgrammeState,
    Recommendation,
    RefusalCode,
)
from partnerships.calls.models import Call, Step, open_calls
from partnerships.common.constraints import NoOverlap
from partnerships.common.fields import FoldedField
from partnerships.common.models import Personal
from partnerships.directory.access import access_of
from partnerships.directory.enums import Degree, Role
from partnerships.directory.models import Affiliation, Organization, Person, Skill, Specialty, Study
from partnerships.directory.validators import GPA
from partnerships.documents.models import Document
from partnerships.seats.models import Pool
from partnerships.workflow.models import Stateful

PUBLIC_STATES = (ProgrammeState.PUBLISHED, ProgrammeState.ARCHIVED)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: Any) -> "ProgrammeQuerySet":
        """Published ones everybody; drafts and cancelled ones the company that runs them."""
        access = access_of(user)
        if access.administers:
            return self
        public = Q(state__in=PUBLIC_STATES)
        return self.filter(public | access.q("host", Role.HR, Role.UNIT_HEAD, Role.PARTNERSHIPS))

    def open(self) -> "ProgrammeQuerySet":
        """Published and taking applications now."""
        return self.filter(open_calls(), state=ProgrammeState.PUBLISHED)

    def with_call(self) -> "ProgrammeQuerySet":
        return self.select_related("host", "call").prefetch_related("call__deadlines")


class Programme(Stateful):
    """One round of practice or internship at a company, with its own deadlines."""

    state = models.CharField(_("state"), max_length=24, choices=ProgrammeState, default=ProgrammeState.DRAFT)
    slug = models.SlugField(_("address"), max_length=140, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ProgrammeKind)
    practice_type = models.CharField(_("type of practice"), max_length=16, choices=PracticeType, blank=True)
    host = models.ForeignKey(
        Organization, models.PROTECT, related_name="programmes", verbose_name=_("company")
    )
    call = models.OneToOneField(Call, models.PROTECT, related_name="programme", verbose_name=_("deadlines"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("in one sentence"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    endorsement_required = models.BooleanField(
        _("the university endorses"),
        default=True,
        help_text=_("The company sees an application only after the university has vouched for the student."),
    )
    competition = models.BooleanField(
        _("students compete for places"),
        default=False,
        help_text=_(
            "For practice: students apply themselves too. Without it only their university nominates them."
        ),
    )
    open_to_foreigners = models.BooleanField(_("open to citizens of other countries"), default=False)
    paid = models.BooleanField(_("paid"), default=False)
    stipend = models.CharField(_("pay"), max_length=120, blank=True)
    cv_required = models.BooleanField(_("CV required"), default=True)
    transcript_required = models.BooleanField(_("transcript required"), default=True)
    max_choices = models.PositiveSmallIntegerField(
        _("choices a student may rank"), default=3, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    offer_days = models.PositiveSmallIntegerField(
        _("days to answer an offer"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    weekly_hours = models.PositiveSmallIntegerField(
        _("hours a week"), default=20, validators=[MaxValueValidator(60)]
    )
    contact_email = models.EmailField(_("questions to"), blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["host", "state"], name="programme_of_host")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("internships:programme", args=[self.slug])

    @property
    def students_apply(self) -> bool:
        """Practice in the curriculum is filled by nomination unless the enterprise asks for competition."""
        return self.kind == ProgrammeKind.INTERNSHIP or self.competition

    def vacancies(self) -> "VacancyQuerySet":
        return Vacancy.objects.filter(position__programme=self).with_place()


class Period(models.Model):
    """When the students are there: a programme may run in several periods."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="periods")
    name = models.CharField(_("period"), max_length=80)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("starts")),
                name="period_dates",
                violation_error_message=_("The end lies before the beginning."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Position(Personal):
    """What students do at one unit, and what is asked of them."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="positions", verbose_name=_("programme")
    )
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="positions", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=200)
    tasks = models.TextField(_("what the student does"), blank=True)
    specialties = models.ManyToManyField(Specialty, blank=True, verbose_name=_("specialties"))
    degrees = models.JSONField(_("levels"), default=list, blank=True)
    min_year = models.PositiveSmallIntegerField(
        _("from year of study"), default=1, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    min_gpa = models.DecimalField(
        _("GPA from"), max_digits=5, decimal_places=2, null=True, blank=True, validators=GPA
    )
    full_time_only = models.BooleanField(_("full-time students only"), default=False)
    citizens_only = models.BooleanField(_("citizens only"), default=False)
    skills = models.ManyToManyField(
        Skill, blank=True, verbose_name=_("welcome skills"), related_name="positions"
    )
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    mentors = models.ManyToManyField(
        Person, blank=True, verbose_name=_("mentors"), related_name="mentored_positions"
    )
    accessibility = models.CharField(_("accessibility of the site"), max_length=300, blank=True)
    folded = FoldedField(sources=["title_az", "title_en"])

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title

    def degree_labels(self) -> list[str]:
        return [str(Degree(degree).label) for degree in self.degrees]


class VacancyQuerySet(models.QuerySet["Vacancy"]):
    def with_place(self) -> "VacancyQuerySet":
        """With all that a row of places shows."""
        return self.select_related(
            "pool", "period", "position__unit__root", "position__programme__host", "position__programme__call"
        ).prefetch_related("pool__quotas", "position__specialties", "position__programme__call__deadlines")

    def open(self) -> "VacancyQuerySet":
        """Places that can be applied for now."""
        return self.filter(position__programme__in=Programme.objects.open())

    def visible_to(self, user: Any) -> "VacancyQuerySet":
        return self.filter(position__programme__in=Programme.objects.visible_to(user))


class Vacancy(Personal):
    """The seats of one position in one period: what a student chooses."""

    position = models.ForeignKey(
        Position, models.CASCADE, related_name="vacancies", verbose_name=_("position")
    )
    period = models.ForeignKey(Period, models.PROTECT, related_name="vacancies", verbose_name=_("period"))
    pool = models.OneToOneField(Pool, models.PROTECT, related_name="vacancy", verbose_name=_("seats"))

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["position", "period"], name="vacancy_once")]

    def __str__(self) -> str:
        return f"{self.position.title} · {self.period.name}"

    def get_absolute_url(self) -> str:
        return reverse("internships:place", args=[self.uid])


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
    def visible_to(self, user: Any) -> "ApplicationQuerySet":
        """One's own; the university's once sent; the company's once endorsed; the mentor's once accepted."""
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        rows = Q(person_id=access.person_id)
        if access.has(Role.COORDINATOR):
            rows |= Q(submitted_at__isnull=False) & access.q("unit", Role.COORDINATOR)
        if access.has(Role.HR):
            rows |= Q(reached_company_at__isnull=False) & access.q("programme__host", Role.HR)
        if access.has(Role.UNIT_HEAD):
            chosen = Choice.objects.filter(
                access.q("vacancy__position__unit", Role.UNIT_HEAD), application=OuterRef("pk")
            )
            rows |= Q(Exists(chosen), reached_company_at__isnull=False)
        if access.has(Role.MENTOR):
            rows |= Q(
                state=ApplicationState.ACCEPTED, offered_vacancy__position__in=_mentored(access.person_id)
            )
        if access.has(Role.SUPERVISOR):
            rows |= Q(supervisor_id=access.person_id, submitted_at__isnull=False)
        if access.operates:
            orphan = Q(submitted_at__isnull=False) & ~Q(university_id__in=access.kept_universities)
            rows |= orphan & Q(university__isnull=False)
        asked = Interview.objects.filter(interviewer_id=access.person_id, application=OuterRef("pk"))
        if access.has(Role.HR, Role.MENTOR, Role.EXPERT, Role.UNIT_HEAD, Role.TRAINER):
            rows |= Q(Exists(asked.exclude(state=InterviewState.CANCELLED)))
        return self.filter(rows)

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

    def with_rows(self) -> "ApplicationQuerySet":
        """With all that a list row, its buttons and its predicates look at: nothing more is asked per row."""
        return self.select_related(
            "person",
            "unit",
            "university",
            "affiliation__study__specialty",
            "programme__host",
            "programme__call",
            "offered_vacancy__position",
            "offered_vacancy__period",
        ).prefetch_related(
            "programme__call__deadlines",
            Prefetch(
                "choices",
                Choice.objects.select_related("vacancy__position__unit", "vacancy__pool", "vacancy__period"),
            ),
            "choices__vacancy__pool__quotas",
            "choices__vacancy__position__specialties",
            "interviews",
            "documents",
        )


def _mentored(person_id: int) -> Any:
    return Position.objects.filter(mentors=person_id).order_by().values("pk")


class Application(Stateful):
    """One student's application to one programme, with up to three places in order of preference."""

    holds_documents = True

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
            models.Index(fields=["programme", "state", "-id"], name="application_worklist"),
            models.Index(fields=["university", "state", "-id"], name="application_of_university"),
            models.Index(fields=["person", "state"], name="application_of_person"),
            models.Index(
                fields=["offer_expires"], condition=Q(state="offered"), name="application_offer_expires"
            ),
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
            ApplicationState.RETURNED: Step.APPLY,
            ApplicationState.SUBMITTED: Step.ENDORSE,
            ApplicationState.IN_REVIEW: Step.DECIDE,
            ApplicationState.INTERVIEW: Step.DECIDE,
            ApplicationState.WAITLISTED: Step.START,
        }.get(ApplicationState(self.state))
        if self.state == ApplicationState.OFFERED:
            return self.offer_expires
        return self.programme.call.at(step) if step else None


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


class InterviewQuerySet(models.QuerySet["Interview"]):
    def visible_to(self, user: Any) -> "InterviewQuerySet":
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        rows = Q(candidate_id=access.person_id) | Q(interviewer_id=access.person_id)
        return self.filter(rows | access.q("application__programme__host", Role.HR))

    def with_people(self) -> "InterviewQuerySet":
        return self.select_related("candidate", "interviewer", "application__programme__host")


class Interview(Stateful):
    """A talk at a time and a place. Neither who asks nor who answers can be in two at once."""

    state = models.CharField(
        _("state"), max_length=24, choices=InterviewState, default=InterviewState.SCHEDULED
    )
    application = models.ForeignKey(Application, models.CASCADE, related_name="interviews")
    candidate = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("candidate"))
    interviewer = models.ForeignKey(
        Person, models.PROTECT, related_name="interviews_held", verbose_name=_("interviewer")
    )
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link of the online meeting"), blank=True)
    active = models.BooleanField(default=True, editable=False)  # scheduled: what may not overlap
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
        indexes = [models.Index(fields=["interviewer", "starts"], name="interview_of_interviewer")]

    def __str__(self) -> str:
        return f"{self.starts:%d.%m.%Y %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("internships:application", args=[self.application.uid])
