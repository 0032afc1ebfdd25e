"""Programmes, their periods and positions, and the places that students choose."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from internships.enums import (
    PracticeType,
    ProgrammeKind,
    ProgrammeState,
)
from partnerships.calls.models import Call, open_calls
from partnerships.common.addresses import addresses, by_slug
from partnerships.common.fields import FoldedField
from partnerships.common.models import Personal
from partnerships.directory.access import access_of
from partnerships.directory.enums import Degree, Role
from partnerships.directory.models import Organization, Person, Skill, Specialty
from partnerships.directory.validators import GPA
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
    folded = FoldedField(sources=["title_az", "title_en"])

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-created", "-pk"]
        indexes = [
            models.Index(fields=["host", "state"], name="programme_of_host"),
            models.Index(fields=["-created", "-id"], name="programme_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return by_slug("internships:programme", self.slug)

    @property
    def has_ended(self) -> bool:
        """Cancelled or archived: it is read, not changed."""
        return self.state in (ProgrammeState.CANCELLED, ProgrammeState.ARCHIVED)

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
        return addresses("internships:place")(self.uid)
