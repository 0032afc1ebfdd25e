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
from partnerships.common.prepared import Prepared
from partnerships.common.sharing import attach_to
from partnerships.directory.enums import DeputyState
from partnerships.directory.models import Deputyship, Person
from partnerships.directory.reports import deputies_of
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
_CLEARANCES = Prepared(lambda key: Clearance.objects.filter(placement_id=key).select_related("recorded_by"))
_EVALUATIONS = Prepared(lambda key: Evaluation.objects.filter(placement_id=key).select_related("given_by"))
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
    attach_to(found, "clearances", _CLEARANCES(key) if found.has_clearances else [], "placement")
    attach_to(found, "evaluations", _EVALUATIONS(key) if found.has_evaluations else [], "placement")
    report = getattr(found, "report", None)
    if report is not None and not found.has_report_papers:
        attach_to(report, "documents", [])
    return found  # type: ignore[no-any-return]


def tasks_of(found: Placement) -> list[OnboardingTask]:
    """What is to be done before and in the first days."""
    return _TASKS(found.pk)


def contracts_of(found: Placement) -> list[Agreement]:
    """Its contract and amendments, oldest first."""
    if not getattr(found, "has_contracts", True):
        return []
    return _CONTRACTS(ContentType.objects.get_for_model(Placement).pk, found.pk)


def standing_in(found: Placement) -> dict[str, list[Person]]:
    """Who stands in today for the mentor and for the supervisor: asked where either ever named a deputy."""
    if not getattr(found, "has_deputies", True):
        return {}
    sides = {
        "mentor": (found.mentor_id, found.host.root_id),
        "supervisor": (found.supervisor_id, found.university_id),
    }
    standing = deputies_of([person for person, _root in sides.values() if person is not None])
    return {side: standing[named] for side, named in sides.items() if named in standing}  # type: ignore[index]
