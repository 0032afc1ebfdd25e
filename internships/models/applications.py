"""Applications with their choices, orders of nomination, and what the company thinks of them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from internships.enums import (
    ApplicationState,
    RefusalCode,
)
from internships.models.application_rows import ApplicationQuerySet
from internships.models.programmes import Programme, Vacancy
from partnerships.calls.actions import access_of_subject
from partnerships.calls.models import Answer, Step
from partnerships.common.addresses import addresses
from partnerships.common.indexes import NullsLastIndex, TrigramIndex
from partnerships.common.models import Personal
from partnerships.common.named import NamedIndex
from partnerships.directory.models import Affiliation, Organization, Person, Study
from partnerships.documents.models import Document
from partnerships.workflow.models import Stateful, named_doer


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


class Application(Stateful):
    """One student's application to one programme, with up to three places in order of preference."""

    holds_documents = True
    about = "person"
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
            # The same of what has reached the company: what has not is not gone through for its numbers.
            models.Index(
                fields=["programme", "state", "-id", "person", "submitted_at"],
                condition=Q(reached_company_at__isnull=False),
                name="application_at_company",
            ),
            # The columns of the board, the best first, read from the index alone.
            NullsLastIndex(
                fields=["programme", "state", "-score", "id", "person", "submitted_at"],
                condition=Q(reached_company_at__isnull=False),
                name="application_on_board",
            ),
            # What was found by its key: some thousand are told apart, and put in order, without a look at the
            # rows.
            models.Index(
                fields=["id"],
                include=[
                    *("state", "programme", "person", "university", "unit", "score"),
                    *("submitted_at", "reached_company_at", "offer_expires"),
                ],
                name="application_by_key",
            ),
            models.Index(
                fields=["university", "state", "-id", "unit", "person", "submitted_at"],
                name="application_of_university",
            ),
            # The newest of one university, gone through for a name that many have.
            models.Index(
                fields=["university", "-id"],
                include=["person", "unit", "submitted_at"],
                name="application_newest_there",
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
            # The queue of the decision desk, read from the index alone.
            NullsLastIndex(
                fields=["programme", "-score", "reached_company_at", "id", "person"],
                condition=Q(state="in_review"),
                name="application_queue",
            ),
            # What a name finds is looked up person by person, without a look at the rows.
            models.Index(
                fields=[
                    "person",
                    "university",
                    "unit",
                    "state",
                    "-id",
                    "programme",
                    "reached_company_at",
                    "submitted_at",
                ],
                name="application_of_person",
            ),
            # A mentor's interns, found from their places; a supervisor's students. What their lists count and
            # are ordered by stands in these whole.
            models.Index(
                fields=[
                    "offered_vacancy",
                    "id",
                    "person",
                    "state",
                    "programme",
                    "submitted_at",
                    "offer_expires",
                ],
                condition=Q(state="accepted"),
                name="application_at_place",
            ),
            models.Index(
                fields=[
                    *("supervisor", "university", "id", "person"),
                    *("state", "programme", "submitted_at", "offer_expires"),
                ],
                condition=Q(supervisor__isnull=False),
                name="application_of_supervisor",
            ),
            models.Index(
                fields=["offer_expires"], condition=Q(state="offered"), name="application_offer_expires"
            ),
            # Who has a place, or is offered one: asked of a thousand students, of whom few have.
            models.Index(
                fields=["person", "university"],
                condition=Q(state__in=("offered", "accepted")),
                name="application_placed",
            ),
            TrigramIndex("number", upper=True, name="application_number_parts"),
            # Who answers to a name in a round, whatever number of people have it.
            NamedIndex(fields=["programme", "person"], name="application_named", of="folded"),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft"))

    def get_absolute_url(self) -> str:
        return addresses("internships:application")(self.uid)

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
    holder = models.ForeignKey(  # whom the one who scored stood in for
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in place of")
    )
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

    @property
    def who(self) -> str:
        """Whose score it is, as a page names them; of a deputy, in whose place too."""
        return named_doer(self.user.display_name, self.holder.name if self.holder else "")
