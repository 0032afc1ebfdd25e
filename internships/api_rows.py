"""The rows of a list of applications whose verbs are offered (the API, the board): all that columns and verbs
look at, in a fixed number of queries, and nothing that is not there."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef

from internships import conditions
from internships.models import Application, Choice, Position
from internships.models.application_rows import PARTIES
from internships.workflow import APPLICATION
from partnerships.calls.models import Answer, Deadline, Question
from partnerships.common.paging import SIZES
from partnerships.common.prepared import PreparedRows
from partnerships.common.sharing import attach, sharing
from partnerships.directory.asked import asked
from partnerships.directory.models import Specialty
from partnerships.documents.models import Document
from partnerships.seats.models import Quota

_RECORD = ("created", "updated")
_ORGANIZATION = (
    *("uid", "folded", "sort_key", "ownership", "country", "city", "website", "source"),
    *("edited_by_person", "checked_at", "created", "updated"),
)
_PERSON = (
    *("uid", "created", "updated", "email", "phone", "orcid", "folded", "sort_key"),
    *("failed_address", "failed_since", "failed_answer"),
)
_AFFILIATION = ("uid", "created", "updated", "position", "verified_by", "verified_at")
_CALL = ("uid", "created", "updated", "title")
_PROGRAMME = (
    *("uid", "created", "updated", "summary", "summary_az", "summary_en", "folded", "contact_email"),
    *("description", "description_az", "description_en", "stipend", "stipend_az", "stipend_en"),
)
_POSITION = (
    "uid",
    "created",
    "updated",
    "tasks",
    "tasks_az",
    "tasks_en",
    "languages",
    "accessibility",
    "folded",
)


def _of(path: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{path}__{name}" for name in names)


# Twelve tables have some two hundred columns; these no column of the answer and no verb looks at.
_UNREAD = (
    *("created", "updated", "eligibility"),
    *_of("person", _PERSON),
    *_of("unit", _ORGANIZATION),
    *_of("university", _ORGANIZATION),
    *_of("affiliation", _AFFILIATION),
    *_of("affiliation__study__specialty", ("folded", "sort_key")),
    *_of("programme", _PROGRAMME),
    *_of("programme__call", _CALL),
    *_of("programme__host", _ORGANIZATION),
    *_of("offered_vacancy", _RECORD),
    *_of("offered_vacancy__position", _POSITION),
    *_of("offered_vacancy__position__unit", _ORGANIZATION),
)
# States out of which it is sent: no other verb asks whether papers are there.
_SENDABLE = frozenset(
    state
    for step in APPLICATION.transitions.values()
    if {conditions.cv_added, conditions.transcript_added} & set(step.conditions)
    for state in step.sources
)


def found(rows: Any) -> Any:
    """What finds the rows of a page: their keys, and what hangs on the day. `filled` reads the rest."""
    return rows.with_late().with_framework().only("pk")


@asked
def _newest(user: Any, with_framework: bool) -> Any:
    rows = Application.objects.visible_to(user).with_late()
    return (rows.framework_now() if with_framework else rows).only("pk").order_by("-pk")


class Newest:
    """`found` of all that somebody sees, the newest first, in kept words: what narrows nothing and begins at
    the beginning. As a page is read of a query set, so of this."""

    model = Application

    def __init__(self, user: Any) -> None:
        self._rows = _newest(user, settings.PLACEMENT_NEEDS_FRAMEWORK)

    def order_by(self, *order: str) -> "Newest":
        if order != ("-pk",):
            raise ValueError(f"The newest come first, not by {order}.")
        return self

    def __getitem__(self, part: slice) -> list[Application]:
        if part.start:
            raise ValueError("The newest are read from the first of them.")
        return self._rows[part]


def listed(rows: Any) -> Any:
    """The rows themselves, with whom they concern; what hangs on them is added to a page by `filled`."""
    return (
        sharing(rows)
        .with_late()
        .with_parties()
        .select_related("affiliation__study__specialty")
        .defer(*_UNREAD)
    )


# A page has up to 200 rows, a row three choices.
_WIDTHS = (*SIZES, 200, 600)
_ROWS = PreparedRows(
    lambda keys: (
        Application.objects.filter(pk__in=keys)
        .select_related(*PARTIES, "affiliation__study__specialty")
        .defer(*_UNREAD)
        .order_by()
    ),
    widths=_WIDTHS,
)
# Mostly of one call: the board is of one programme.
_DEADLINES = PreparedRows(lambda calls: Deadline.objects.filter(call_id__in=calls), widths=(1, *_WIDTHS))
# Most places have no quota and take any specialty: then neither is asked for.
_HAS = {
    "has_quotas": Exists(Quota.objects.filter(pool=OuterRef("vacancy__pool"))),
    "has_specialties": Exists(
        Position.specialties.through.objects.filter(position=OuterRef("vacancy__position"))
    ),
}
# Of a place what its rules and its seats look at, and what it is called.
_DECIDED = (
    *("application", "rank", "vacancy__position__title_az", "vacancy__position__title_en"),
    *_of("vacancy__position", ("degrees", "min_year", "min_gpa", "full_time_only", "citizens_only")),
    *_of("vacancy__pool", ("capacity", "taken", "quota_only")),
)


def _choices(*more: str) -> PreparedRows[Choice]:
    return PreparedRows(
        lambda keys: (
            Choice.objects.filter(application_id__in=keys)
            .annotate(**_HAS)
            .select_related("vacancy__position", "vacancy__pool")
            .only(*_DECIDED, *more)
            .order_by("rank")
        ),
        widths=_WIDTHS,
    )


_CHOICES, _CHOICES_DECIDED = _choices("vacancy__uid"), _choices()
_PAPERS = PreparedRows(
    lambda keys, kind: Document.objects.filter(content_type_id=kind, object_id__in=keys),
    more=1,
    widths=_WIDTHS,
)
_QUESTIONS = PreparedRows(lambda calls: Question.objects.filter(call_id__in=calls), widths=_WIDTHS)
_ANSWERS = PreparedRows(
    lambda keys, kind: Answer.objects.filter(content_type_id=kind, object_id__in=keys).select_related(
        "document"
    ),
    more=1,
    widths=_WIDTHS,
)
_QUOTAS = PreparedRows(lambda pools: Quota.objects.filter(pool_id__in=pools), widths=_WIDTHS)
_SPECIALTIES = PreparedRows(
    lambda positions: Specialty.objects.filter(position__in=positions).annotate(
        position_key=F("position__pk")
    ),
    widths=_WIDTHS,
)


def filled(page: list[Application]) -> list[Application]:
    """With choices, deadlines, papers, questions and answers of these rows."""
    if page and "uid" not in page[0].__dict__:  # of `found`
        page = _read(page)
    _with_choices(page, _CHOICES([row.pk for row in page]))
    keys = [row.pk for row in page]
    calls = {row.programme.call_id: row.programme.call for row in page}
    kind = ContentType.objects.get_for_model(Application).pk
    sendable = [row for row in page if row.state in _SENDABLE]
    if sendable:
        attach(sendable, "documents", _PAPERS([row.pk for row in sendable], kind), "object_id")
    asking = [call for call in calls.values() if call.question_count]
    if asking:
        attach(asking, "questions", _QUESTIONS([call.pk for call in asking]), "call_id", "call")
        attach(page, "answers", _ANSWERS(keys, kind), "object_id")
    return page


def to_decide(page: list[Application]) -> list[Application]:
    """With choices and deadlines alone, and of those no more than the verbs of the company look at."""
    return _with_choices(page, _CHOICES_DECIDED([row.pk for row in page]))


def _with_choices(page: list[Application], chosen: list[Choice]) -> list[Application]:
    calls = {row.programme.call_id: row.programme.call for row in page}
    unread = [key for key, call in calls.items() if not call.has_chain]
    attach(
        (calls[key] for key in unread), "deadlines", _DEADLINES(unread) if unread else [], "call_id", "call"
    )
    attach(page, "choices", chosen, "application_id", "application")
    _complete(chosen)
    return page


def _read(page: list[Application]) -> list[Application]:
    """The rows in full, with what was asked of them when they were found."""
    rows = {row.pk: row for row in _ROWS([row.pk for row in page])}
    for one in page:
        if one.pk in rows:
            known = one.__dict__.items()
            rows[one.pk].__dict__.update((name, value) for name, value in known if name != "_state")
    return [rows[one.pk] for one in page if one.pk in rows]


def _complete(chosen: Sequence[Any]) -> None:
    """Give the chosen places their quotas and the specialties that they ask for."""
    once = {choice.vacancy_id: choice for choice in chosen}.values()  # many choose the same places
    pools = {choice.vacancy.pool_id: choice.vacancy.pool for choice in once}
    limited = list({choice.vacancy.pool_id: None for choice in once if choice.has_quotas})
    attach(pools.values(), "quotas", _QUOTAS(limited) if limited else [], "pool_id", "pool")
    positions = {choice.vacancy.position_id: choice.vacancy.position for choice in once}
    asking = list({choice.vacancy.position_id: None for choice in once if choice.has_specialties})
    attach(positions.values(), "specialties", _SPECIALTIES(asking) if asking else [], "position_key")
