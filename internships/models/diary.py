"""What is written during a practice: days, absences, evaluations, the report."""

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from internships.enums import (
    AbsenceReason,
    AbsenceState,
    DiaryState,
    EvaluationKind,
    EvaluationState,
    ReportState,
    Source,
)
from internships.models.placements import Placement
from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.documents.models import Document
from partnerships.workflow.models import Stateful

DAY_MINUTES = [MinValueValidator(15), MaxValueValidator(12 * 60)]


class OfPlacement(models.QuerySet[Any]):
    """Rows that belong to a placement and are seen by whoever sees it."""

    def visible_to(self, user: Any) -> Any:
        return self.filter(placement__in=Placement.objects.visible_to(user))


class DuringPlacement(Stateful):
    """Something written during a practice: a mentor's link for the placement reaches it."""

    about = "placement__person"

    class Meta:
        abstract = True

    @property
    def link_scope(self) -> str:
        return self.placement.link_scope  # type: ignore[attr-defined, no-any-return]

    def get_absolute_url(self) -> str:
        return self.placement.get_absolute_url()  # type: ignore[attr-defined, no-any-return]


class DiaryQuerySet(OfPlacement):
    def visible_to(self, user: Any) -> Any:
        """A day is the student's until it is handed in."""
        access = access_of(user)
        seen = self.filter(placement__in=Placement.objects.visible_to(user))
        if access.administers:
            return seen
        return seen.exclude(
            ~Q(placement__person_id=access.person_id), state__in=[DiaryState.DRAFT], submitted_at=None
        )


class DiaryEntry(DuringPlacement):
    """One day of the practice: how long, where, what was done and learned. Times are minutes of the clock."""

    holds_documents = True

    state = models.CharField(_("state"), max_length=24, choices=DiaryState, default=DiaryState.DRAFT)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="diary")
    date = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=240, validators=DAY_MINUTES)
    site = models.CharField(_("where"), max_length=160, blank=True)
    work = models.TextField(_("what I did"), blank=True, max_length=4000)
    learned = models.TextField(_("what I learned"), blank=True, max_length=2000)
    submitted_at = models.DateTimeField(_("handed in"), null=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    confirmed_source = models.CharField(_("confirmed by way of"), max_length=6, choices=Source, blank=True)
    documents = GenericRelation(Document)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of the diary")
        verbose_name_plural = _("days of the diary")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "date"],
                name="diary_day_once",
                violation_error_message=_("This day is already in the diary."),
            ),
            models.CheckConstraint(condition=Q(minutes__lte=720), name="diary_minutes_range"),
        ]
        indexes = [models.Index(fields=["placement", "state"], name="diary_of_placement")]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y}"

    @property
    def keeps_documents(self) -> bool:
        return self.state in (DiaryState.SUBMITTED, DiaryState.CONFIRMED)


class Absence(DuringPlacement):
    """A day on which the student was not there, why, and when it was made up."""

    state = models.CharField(_("state"), max_length=24, choices=AbsenceState, default=AbsenceState.REPORTED)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="absences")
    date = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes missed"), default=240, validators=[MinValueValidator(15), MaxValueValidator(720)]
    )
    reason = models.CharField(_("reason"), max_length=10, choices=AbsenceReason)
    note = models.CharField(_("explanation"), max_length=500, blank=True)
    made_up_on = models.DateField(_("made up on"), null=True, blank=True)

    objects = OfPlacement.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "date"],
                name="absence_day_once",
                violation_error_message=_(
                    "An absence on this day is already recorded: choose another day. What is to change in "
                    "that one, the mentor changes in the diary."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y}"


class EvaluationQuerySet(OfPlacement):
    def visible_to(self, user: Any) -> Any:
        """Each side's evaluation once given; what the student says of the practice is not for the enterprise.

        The enterprise learns of that from five answers up, as means (reports). `Evaluation.read_by` says the
        same of one.
        """
        access = access_of(user)
        seen = self.filter(placement__in=Placement.objects.visible_to(user))
        if access.administers:
            return seen
        mine = Q(placement__person_id=access.person_id)
        university = Q(placement__university_id__in=access.workplaces)
        return seen.filter(~Q(kind=EvaluationKind.STUDENT) | mine | university)


class Evaluation(DuringPlacement):
    """What one side thinks of the practice: marks of one to five by criterion, and a few words.

    `marks` keeps criterion -> mark, with the version of the form under "form", so that a later form changes
    nothing that was given.
    """

    holds_documents = True

    state = models.CharField(
        _("state"), max_length=24, choices=EvaluationState, default=EvaluationState.DRAFT
    )
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="evaluations")
    kind = models.CharField(_("whose"), max_length=12, choices=EvaluationKind)
    marks = models.JSONField(_("marks"), default=dict)
    comment = models.TextField(_("in a few words"), blank=True, max_length=2000)
    recommended = models.BooleanField(_("recommended for employment"), null=True)
    given_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(_("given"), null=True, editable=False)
    source = models.CharField(_("by way of"), max_length=6, choices=Source, default=Source.PORTAL)
    documents = GenericRelation(Document)

    objects = EvaluationQuerySet.as_manager()

    def read_by(self, user: Any) -> bool:
        """Of an evaluation whose placement this user sees: `visible_to` for rows that are loaded already."""
        access = access_of(user)
        mine = self.placement.person_id == access.person_id
        university = self.placement.university_id in access.workplaces
        return access.administers or self.kind != EvaluationKind.STUDENT or mine or university

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["placement", "kind"], name="evaluation_once")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def keeps_documents(self) -> bool:
        return self.state == EvaluationState.SUBMITTED


class Report(DuringPlacement):
    """The student's report on the practice, its defence and its mark."""

    holds_documents = True

    state = models.CharField(_("state"), max_length=24, choices=ReportState, default=ReportState.DRAFT)
    placement = models.OneToOneField(Placement, models.PROTECT, related_name="report")
    title = models.CharField(_("title of the report"), max_length=200, blank=True)
    submitted_at = models.DateTimeField(_("handed in"), null=True, editable=False)
    originality = models.CharField(_("similarity check"), max_length=200, blank=True)
    defended_on = models.DateField(_("defended on"), null=True, blank=True)
    commission = models.TextField(_("practice commission"), blank=True, max_length=500)
    mark = models.PositiveSmallIntegerField(
        _("mark (0–100)"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    documents = GenericRelation(Document)

    objects = OfPlacement.as_manager()

    class Meta:
        verbose_name = _("report on the practice")
        verbose_name_plural = _("reports on practice")
        constraints = [
            models.CheckConstraint(condition=Q(mark=None) | Q(mark__lte=100), name="report_mark_range")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def keeps_documents(self) -> bool:
        return self.state in (ReportState.SUBMITTED, ReportState.ACCEPTED)
