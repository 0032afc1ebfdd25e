"""Around a practice: what troubles the student, told past the mentor, and what became of them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from internships.enums import (
    ConcernState,
    ConcernTopic,
    OutcomeKind,
)
from internships.models.placements import Placement
from partnerships.common.clock import add_working_days, baku_date, end_of_day, today, working_days_ago
from partnerships.common.models import Personal
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization, Person
from partnerships.workflow.models import Stateful

ANSWER_DAYS = 3  # working days within which a concern is answered


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
        # Past the mentor, and past who stands in for the mentor.
        mentors = [access.person_id, *access.holders]
        mentored = Placement.objects.filter(pk=OuterRef("placement"), mentor_id__in=mentors)
        named = Q(mentor_id__in=mentors, mentor_id__isnull=False)
        return self.filter(rows | (others & ~Exists(mentored) & ~named))

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
    position = models.CharField(pgettext_lazy("at work", "position"), max_length=160, blank=True)
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

    @property
    def is_agreed(self) -> bool:
        """Whether the student's consent to the talent pool holds today."""
        return self.consent_until is not None and self.consent_until >= today()

    @property
    def is_paused(self) -> bool:
        """Whether the student is away for army service today."""
        return self.paused_until is not None and self.paused_until >= today()

    @property
    def in_words(self) -> str:
        """What became of the student, and of the talent pool whether the company may call."""
        if self.kind != OutcomeKind.POOL or (self.is_agreed and not self.is_paused):
            return str(self.get_kind_display())
        if self.is_agreed:
            return str(_("Talent pool, paused"))
        if self.consent_at is None:
            return str(_("Talent pool: not answered yet"))
        return str(_("Talent pool: consent ended"))
