"""A practice with all that its page, its buttons and their conditions look at: as `whole_application`."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from internships import links
from internships.models import Clearance, Concern, Evaluation, OnboardingTask, Placement, Report
from internships.placement_moves import talked
from partnerships.agreements.enums import LIVE_STATES, AgreementState
from partnerships.agreements.models import Agreement
from partnerships.certificates.models import Certificate
from partnerships.common.asked import AskedRows, ask_together
from partnerships.common.prepared import Prepared
from partnerships.common.query_words import Key
from partnerships.common.sharing import attach_to
from partnerships.directory.asked import asked
from partnerships.directory.enums import DeputyState
from partnerships.directory.models import Deputyship, Person
from partnerships.directory.reports import by_holder, standing_in_for
from partnerships.documents.models import Document

CONTRACT_STATES = (*LIVE_STATES, AgreementState.TERMINATED)
_OF_IT = {"placement": OuterRef("pk")}


def _rows(key: int, kind: int, report_kind: int) -> Any:
    about = {"content_type_id": kind, "object_id": OuterRef("pk")}
    return (
        Placement.objects.filter(pk=key)
        .with_rows()
        .prefetch_related(None)
        .select_related(
            "unit__root",
            "vacancy__position",
            "vacancy__period",
            "outcome__unit",
            "mentor__user",
            "application__affiliation__study__specialty",
        )
        .annotate(
            talked=talked(),
            certified=Exists(Certificate.objects.live().filter(**about)),
            link_made=links.link_made(),
            link_used=links.link_used(),
            has_contracts=Exists(Agreement.objects.filter(state__in=CONTRACT_STATES, **about)),
            has_clearances=Exists(Clearance.objects.filter(**_OF_IT)),
            has_evaluations=Exists(Evaluation.objects.filter(**_OF_IT)),
            has_report_papers=Exists(
                Document.objects.filter(content_type_id=report_kind, object_id=OuterRef("report"))
            ),
            has_concerns=Exists(Concern.objects.filter(**_OF_IT)),
            has_deputies=Exists(
                Deputyship.objects.filter(
                    Q(holder=OuterRef("mentor")) | Q(holder=OuterRef("supervisor")), state=DeputyState.NAMED
                )
            ),
        )
    )


_ROW = Prepared(_rows)
_TASKS = Prepared(lambda key: OnboardingTask.objects.filter(placement_id=key))
_CONTRACTS = Prepared(
    lambda kind, key: (
        Agreement.objects.filter(content_type_id=kind, object_id=key, state__in=CONTRACT_STATES)
        .select_related("owner__root", "awaiting__unit", "root")
        .order_by("pk")
    )
)


def whole_practice(key: int) -> Placement:
    """The practice with this key, for whoever came through `access`."""
    kinds = ContentType.objects.get_for_models(Placement, Report)
    found: Any = _ROW.one(key, kinds[Placement].pk, kinds[Report].pk)
    if found is None:
        raise Placement.DoesNotExist
    people = [Key(person) for person in (found.mentor_id, found.supervisor_id) if person is not None]
    clearances, evaluations, away = _read_together(
        _clearances(Key(key)) if found.has_clearances else None,
        _evaluations(Key(key)) if found.has_evaluations else None,
        _standing(*people) if found.has_deputies else None,
    )
    attach_to(found, "clearances", clearances, "placement")
    attach_to(found, "evaluations", evaluations, "placement")
    found.away = by_holder(away)
    report = getattr(found, "report", None)
    if report is not None and not found.has_report_papers:
        attach_to(report, "documents", [])
    return found  # type: ignore[no-any-return]


def _read_together(*questions: AskedRows | None) -> list[list[Any]]:
    """The rows of each, by one query; of none where it is not asked."""
    told = ask_together([None if one is None else one.packed(_MOST) for one in questions])
    return [[] if one is None else one.unpacked(text) for one, text in zip(questions, told, strict=True)]


_MOST = 1000  # of each: far beyond what one practice has


@asked
def _clearances(key: Key) -> Any:
    return Clearance.objects.filter(placement_id=key).select_related("recorded_by")


@asked
def _evaluations(key: Key) -> Any:
    return Evaluation.objects.filter(placement_id=key).select_related("given_by")


@asked
def _standing(*people: Key) -> Any:
    return standing_in_for(people)


def tasks_of(found: Placement) -> list[OnboardingTask]:
    """What is to be done before and in the first days."""
    return _TASKS(found.pk)


def contracts_of(found: Placement) -> list[Agreement]:
    """Its contract and amendments, oldest first."""
    if not getattr(found, "has_contracts", True):
        return []
    return _CONTRACTS(ContentType.objects.get_for_model(Placement).pk, found.pk)


def standing_in(found: Placement) -> dict[str, list[Person]]:
    """Who stands in today for the mentor and for the supervisor, of a practice that was read whole."""
    sides = {
        "mentor": (found.mentor_id, found.host.root_id),
        "supervisor": (found.supervisor_id, found.university_id),
    }
    away: dict[Any, list[Person]] = found.away  # type: ignore[attr-defined]
    return {side: away[named] for side, named in sides.items() if named in away}
