"""Kinds and states of programmes, applications and interviews."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProgrammeKind(models.TextChoices):
    PRACTICE = "practice", _("Practice in the curriculum")
    INTERNSHIP = "internship", _("Internship")


class PracticeType(models.TextChoices):
    FAMILIARISATION = "familiarisation", _("Familiarisation practice")
    PRODUCTION = "production", _("Production practice")
    PRE_DIPLOMA = "pre_diploma", _("Pre-diploma practice")
    RESEARCH = "research", _("Research practice")


class ProgrammeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Cancelled")
    ARCHIVED = "archived", _("Archived")


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waits for the university")
    RETURNED = "returned", _("Returned for changes")
    NOT_ENDORSED = "not_endorsed", _("Not endorsed by the university")
    IN_REVIEW = "in_review", _("Decision awaited")
    INTERVIEW = "interview", _("Interview")
    OFFERED = "offered", _("Offer sent")
    WAITLISTED = "waitlisted", _("Waiting list")
    ACCEPTED = "accepted", _("Offer accepted")
    REFUSED = "refused", _("Refused")
    DECLINED = "declined", _("Offer declined")
    LAPSED = "lapsed", _("Offer lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NOT_SUBMITTED = "not_submitted", _("Not sent in time")


# Still in motion: something is expected of somebody.
OPEN_STATES = frozenset(
    {
        ApplicationState.DRAFT,
        ApplicationState.SUBMITTED,
        ApplicationState.RETURNED,
        ApplicationState.IN_REVIEW,
        ApplicationState.INTERVIEW,
        ApplicationState.OFFERED,
        ApplicationState.WAITLISTED,
    }
)
# What the company has in its hands.
REVIEW_STATES = frozenset(
    {ApplicationState.IN_REVIEW, ApplicationState.INTERVIEW, ApplicationState.WAITLISTED}
)


class RefusalCode(models.TextChoices):
    """Why a company says no; obligatory, so that the reasons can be counted."""

    REQUIREMENTS = "requirements", _("Does not meet the requirements of the place")
    STRONGER = "stronger", _("Others were stronger")
    NO_SEATS = "no_seats", _("No seat is left")
    INTERVIEW = "interview", _("The interview did not convince")
    ABSENT = "absent", _("Did not come to the interview")
    DOCUMENTS = "documents", _("Documents are incomplete or wrong")
    CANCELLED = "cancelled", _("The programme was cancelled")
    OTHER = "other", _("Another reason")


class InterviewState(models.TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", _("Held")
    NO_SHOW = "no_show", _("Candidate did not come")
    CANCELLED = "cancelled", _("Cancelled")


class Recommendation(models.TextChoices):
    RECOMMENDED = "recommended", _("Recommended")
    DOUBTFUL = "doubtful", _("Doubtful")
    NOT_RECOMMENDED = "not_recommended", _("Not recommended")
