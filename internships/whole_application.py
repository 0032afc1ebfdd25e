"""An application with all that its page, its buttons and their conditions look at: read by its key, once the
door has been passed, in queries that are compiled once. What is not there is not asked for."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef

from internships.enums import InterviewState
from internships.models import Application, Assessment, Choice, Interview, Placement
from internships.models.kept_apart import COMMISSION
from partnerships.calls.models import chain_beside
from partnerships.certificates.models import Certificate
from partnerships.common.counting import Counted
from partnerships.common.prepared import Prepared
from partnerships.common.sharing import attach_to
from partnerships.directory.models import Skill, Specialty
from partnerships.documents.models import Document
from partnerships.reviews.models import ReviewRound
from partnerships.seats.models import Quota, Waiting

_CHOSEN = Choice.objects.filter(application=OuterRef("pk"))


def _rows(key: int, kind: int, practice: int) -> Any:
    papers = Document.objects.filter(content_type_id=kind, object_id=OuterRef("pk"))
    certificates = Certificate.objects.live().filter(content_type_id=practice)
    return (
        Application.objects.filter(pk=key)
        .select_related(
            "person",
            "unit",
            "university",
            "affiliation__study__specialty",
            "programme__host",
            "programme__call",
            "offered_vacancy__position__unit",
            "offered_vacancy__period",
            "offered_vacancy__pool",
            "supervisor",
            "order",
            "placement__programme",
        )
        .annotate(
            has_commission=Exists(
                ReviewRound.objects.filter(kind=COMMISSION, container_id=OuterRef("programme_id"))
            ),
            has_talks=Exists(Interview.objects.filter(application=OuterRef("pk"))),
            has_papers=Exists(papers),
            has_line=Exists(
                Waiting.objects.filter(pool__vacancy__choices__application=OuterRef("pk")).order_by()
            ),
            has_marks=Exists(Assessment.objects.filter(application=OuterRef("pk"))),
            has_skills=Exists(Skill.objects.filter(people=OuterRef("person_id"))),
            has_quotas=Exists(_CHOSEN.filter(vacancy__pool__quotas__isnull=False)),
            names_specialties=Exists(_CHOSEN.filter(vacancy__position__specialties__isnull=False)),
            talked=Exists(Interview.objects.filter(application=OuterRef("pk"), state=InterviewState.HELD)),
            certified=Exists(certificates.filter(object_id=OuterRef("placement__pk"))),
            **chain_beside("programme__call_id"),
        )
    )


_ROW = Prepared(_rows)


def _choices(key: int) -> Any:
    return Choice.objects.filter(application_id=key).select_related(
        "vacancy__position__unit", "vacancy__pool", "vacancy__period"
    )


def _with_lines(key: int) -> Any:
    """Each with how many wait for the place (`line`), and whether this application does (`stands`)."""
    waits = Waiting.objects.filter(pool_id=OuterRef("vacancy__pool_id")).order_by()
    return _choices(key).annotate(
        line=Counted(waits.values("pk")), stands=Exists(waits.filter(claimant=OuterRef("application_id")))
    )


_CHOICES, _CHOICES_WITH_LINES = Prepared(_choices), Prepared(_with_lines)
_QUOTAS = Prepared(lambda key: Quota.objects.filter(pool__vacancy__choices__application_id=key))
_TALKS = Prepared(lambda key: Interview.objects.filter(application_id=key).select_related("interviewer"))
_PAPERS = Prepared(lambda key, kind: Document.objects.filter(content_type_id=kind, object_id=key))
_SKILLS = Prepared(lambda key: Skill.objects.filter(people=key))
_MARKS = Prepared(
    lambda key: Assessment.objects.filter(application_id=key).select_related("user__person", "holder")
)
_WANTED = Prepared(
    lambda key: (
        Specialty.objects.filter(position__vacancies__choices__application_id=key)
        .annotate(position_key=F("position__pk"))
        .distinct()
    )
)


def whole_application(key: int, *, lines: bool = False) -> Application:
    """The application with this key, for whoever came through `access`.

    Besides its rows it knows `has_commission` and whether anybody waits for a chosen place (`has_line`);
    `skills_of` and `marks_of` ask nothing where there are none. `lines`: its choices know who waits for them,
    for `reports.lines_of`.
    """
    kind, practice = (ContentType.objects.get_for_model(model).pk for model in (Application, Placement))
    found = _ROW.one(key, kind, practice)
    if found is None:
        raise Application.DoesNotExist
    if hasattr(found, "placement"):  # what `steps_of_placement` looks at
        found.placement.talked, found.placement.certified = found.talked, found.certified  # type: ignore[attr-defined]
    found.programme.call.take_chain(found)
    choices = (_CHOICES_WITH_LINES if lines and found.has_line else _CHOICES)(key)
    _complete(found, choices)
    attach_to(found, "choices", choices, "application")
    attach_to(found, "interviews", _TALKS(key) if found.has_talks else [], "application")
    attach_to(found, "documents", _PAPERS(key, kind) if found.has_papers else [])
    return found


def _complete(found: Any, choices: Sequence[Choice]) -> None:
    """Give the chosen places their quotas, the specialties that they ask for, and the programme in hand."""
    quotas = _QUOTAS(found.pk) if found.has_quotas else []
    wanted: Any = _WANTED(found.pk) if found.names_specialties else []
    for choice in choices:
        pool, position = choice.vacancy.pool, choice.vacancy.position
        position.programme = found.programme
        attach_to(pool, "quotas", [quota for quota in quotas if quota.pool_id == pool.pk], "pool")
        attach_to(position, "specialties", [one for one in wanted if one.position_key == position.pk])


def skills_of(found: Any) -> list[Skill]:
    """The candidate's skills, of an application that `whole_application` has read."""
    return _SKILLS(found.person_id) if found.has_skills else []


def marks_of(found: Any) -> list[Assessment]:
    """What the company's people think of the candidate, the newest first: for the company alone."""
    return _MARKS(found.pk) if found.has_marks else []
