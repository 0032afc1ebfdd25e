"""Kinds and states of a placement and of what is written during it: diary, absences, evaluations, report."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlacementState(models.TextChoices):
    PREPARING = "preparing", _("In preparation")
    ACTIVE = "active", pgettext_lazy("practice", "Under way")
    SUSPENDED = "suspended", _("Interrupted")
    FINISHED = "finished", _("Practice over, assessment awaited")
    ASSESSED = "assessed", _("Assessed")
    ENDED_EARLY = "ended_early", _("Ended early")
    CANCELLED = "cancelled", _("Cancelled before the start")


# The student is, or is about to be, at the enterprise.
RUNNING_STATES = frozenset({PlacementState.ACTIVE, PlacementState.SUSPENDED})
# Something is still expected of somebody.
UNDERWAY_STATES = RUNNING_STATES | {PlacementState.PREPARING, PlacementState.FINISHED}


class ClearanceKind(models.TextChoices):
    """What the safety rules may ask for before the first day; the hazard class of the unit says which."""

    ENTRY_BRIEFING = "entry", _("Entry briefing")
    WORKPLACE_BRIEFING = "workplace", _("Workplace briefing")
    ELECTRICAL_GROUP = "group", _("Electrical-safety group")
    PROTECTIVE_EQUIPMENT = "equipment", _("Protective equipment")
    MEDICAL = "medical", _("Medical clearance")
    OF_AGE = "age", _("Of age, by an identity document")


class OnboardingKind(models.TextChoices):
    PASS = "pass", _("Entry pass")
    EMERGENCY_CONTACT = "contact", _("Emergency contact")
    EQUIPMENT_SIZE = "size", _("Size of clothing and shoes")
    TRANSPORT = "transport", _("Way to the site")
    INTRODUCTION = "intro", _("Introduction to the team")


class DiaryState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waits for the mentor")
    CONFIRMED = "confirmed", _("Confirmed")
    RETURNED = "returned", _("Returned for changes")


class Source(models.TextChoices):
    """By which way something was written: the page, the mentor's link, or a signed paper entered for them."""

    PORTAL = "portal", _("On the portal")
    LINK = "link", _("By the mentor's link")
    PAPER = "paper", _("From a signed paper")


class AbsenceReason(models.TextChoices):
    ILLNESS = "illness", _("Illness")
    STUDIES = "studies", _("Examination or class")
    FAMILY = "family", _("Family reasons")
    ENTERPRISE = "enterprise", _("The enterprise asked")
    OTHER = "other", pgettext_lazy("reason of absence", "Another reason")


class AbsenceState(models.TextChoices):
    REPORTED = "reported", _("Reported")
    EXCUSED = "excused", _("Excused")
    UNEXCUSED = "unexcused", _("Not excused")
    MADE_UP = "made_up", _("Made up")


class ConcernTopic(models.TextChoices):
    SAFETY = "safety", _("Safety at work")
    TREATMENT = "treatment", _("How I am treated")
    TASKS = "tasks", _("Tasks do not fit the programme")
    HOURS = "hours", _("Hours and attendance")
    OTHER = "other", pgettext_lazy("topic of a concern", "Something else")


class ConcernState(models.TextChoices):
    OPEN = "open", pgettext_lazy("concern", "Waits for an answer")
    TAKEN = "taken", _("Being looked into")
    CLOSED = "closed", pgettext_lazy("concern", "Closed")


class EvaluationKind(models.TextChoices):
    MENTOR_MID = "mentor_mid", _("Mentor's half-way evaluation")
    MENTOR_FINAL = "mentor_final", _("Mentor's final evaluation")
    UNIVERSITY = "university", _("University's evaluation")
    STUDENT = "student", _("Student's opinion of the practice")


class EvaluationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("evaluation", "Given")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("report", "Handed in")
    RETURNED = "returned", _("Returned for changes")
    ACCEPTED = "accepted", pgettext_lazy("report", "Accepted with a mark")


class OutcomeKind(models.TextChoices):
    """What became of the student after the practice."""

    POOL = "pool", _("Talent pool")
    HIRED = "hired", _("Hired")
    NONE = "none", _("No employment")
