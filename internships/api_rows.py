"""The rows of a list of applications for programs: all that its columns and verbs look at, in a fixed number
of queries, and nothing that is not there."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F

from internships.models import Application, Choice, Interview
from partnerships.calls.models import Answer, Deadline, Question
from partnerships.common.sharing import attach, sharing
from partnerships.directory.models import Specialty
from partnerships.documents.models import Document
from partnerships.seats.models import Quota

_RECORD = ("created", "updated")
_ORGANIZATION = (
    *("uid", "folded", "sort_key", "ownership", "country", "city", "website", "source"),
    *("edited_by_person", "checked_at", "created", "updated"),
)
_PERSON = (
    *("created", "updated", "phone", "orcid", "folded", "sort_key"),
    *("failed_address", "failed_since", "failed_answer"),
)
_PROGRAMME = ("created", "updated", "summary_az", "summary_en", "description_az", "description_en", "folded")
_POSITION = ("created", "updated", "tasks_az", "tasks_en", "languages", "accessibility", "folded")


def _of(path: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{path}__{name}" for name in names)


# Twelve tables have some two hundred columns; these no column of the answer and no verb looks at.
_UNREAD = (
    *_RECORD,
    *_of("person", _PERSON),
    *_of("unit", _ORGANIZATION),
    *_of("university", _ORGANIZATION),
    *_of("affiliation", _RECORD),
    *_of("programme", _PROGRAMME),
    *_of("programme__host", _ORGANIZATION),
    *_of("offered_vacancy", _RECORD),
    *_of("offered_vacancy__position", _POSITION),
    *_of("offered_vacancy__position__unit", _ORGANIZATION),
)
_UNREAD_OF_CHOICE = (
    *_of("vacancy", _RECORD),
    *_of("vacancy__position", _POSITION),
    *_of("vacancy__position__unit", _ORGANIZATION),
)


_TALK = ("application_id", "state", "starts", "active", "interviewer_id", "candidate_id")


def listed(rows: Any) -> Any:
    """The rows themselves, with whom they concern; what hangs on them is added to a page by `filled`."""
    return (
        sharing(rows)
        .with_late()
        .with_parties()
        .select_related("affiliation__study__specialty")
        .defer(*_UNREAD)
    )


def filled(page: list[Application]) -> list[Application]:
    """With choices, deadlines, papers, talks, questions and answers of these rows."""
    keys = [row.pk for row in page]
    calls = {row.programme.call_id: row.programme.call for row in page}
    deadlines = sharing(Deadline.objects.filter(call_id__in=calls))
    attach(calls.values(), "deadlines", deadlines, "call_id", "call")
    choices = sharing(Choice.objects.filter(application_id__in=keys)).select_related(
        "vacancy__position__unit", "vacancy__pool", "vacancy__period"
    )
    chosen = list(choices.defer(*_UNREAD_OF_CHOICE).order_by("rank"))
    attach(page, "choices", chosen, "application_id", "application")
    _complete([choice.vacancy for choice in chosen])
    talks = sharing(Interview.objects.filter(application_id__in=keys)).only(*_TALK)
    attach(page, "interviews", talks, "application_id", "application")
    ours = {"content_type": ContentType.objects.get_for_model(Application), "object_id__in": keys}
    attach(page, "documents", sharing(Document.objects.filter(**ours)), "object_id")
    asking = [call for call in calls.values() if call.question_count]
    if asking:
        questions = Question.objects.filter(call_id__in=[call.pk for call in asking])
        attach(asking, "questions", sharing(questions), "call_id", "call")
        answers = sharing(Answer.objects.filter(**ours)).select_related("document")
        attach(page, "answers", answers, "object_id")
    return page


def _complete(vacancies: Sequence[Any]) -> None:
    """Give the places their quotas and the specialties that they ask for."""
    pools = {vacancy.pool_id: vacancy.pool for vacancy in vacancies}
    attach(pools.values(), "quotas", sharing(Quota.objects.filter(pool_id__in=pools)), "pool_id", "pool")
    positions = {vacancy.position_id: vacancy.position for vacancy in vacancies}
    wanted = Specialty.objects.filter(position__in=positions).annotate(position_key=F("position__pk"))
    attach(positions.values(), "specialties", sharing(wanted), "position_key")
