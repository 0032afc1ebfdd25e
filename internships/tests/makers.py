"""Programmes and applications for tests, made by the actions that people use."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from internships import actions
from internships.enums import PlacementState, ProgrammeKind
from internships.models import (
    Application,
    Clearance,
    HazardClass,
    Interview,
    Placement,
    Position,
    Programme,
    Vacancy,
)
from partnerships.common.asked import RowByKey
from partnerships.directory.models import Organization, Person
from partnerships.documents.models import Document, DocumentKind
from partnerships.testing.cast import Cast
from partnerships.testing.worlds import world


def chain(**shift: int) -> dict[str, Any]:
    """Deadlines in days from now: apply 10, endorse 15, decide 25, answer 30, start 60."""
    days = {"apply": 10, "endorse": 15, "decide": 25, "answer": 30, "start": 60, **shift}
    return {step: timezone.now() + timedelta(days=n) for step, n in days.items()}


@world
def programme(
    cast: Cast,
    *,
    by: str = "hr",
    host: Organization | None = None,
    kind: str = ProgrammeKind.INTERNSHIP,
    published: bool = True,
    seats: int = 2,
    unit: Organization | None = None,
    title: str = "Yay təcrübəsi 2027",
    deadlines: dict[str, Any] | None = None,
    position: dict[str, Any] | None = None,
    **values: Any,
) -> Programme:
    """A published programme with one period, one position and `seats` seats."""
    actor = cast.user(by)
    defaults = {
        "summary_az": "Elektrik şəbəkəsində altı həftə",
        "cv_required": False,
        "transcript_required": False,
    }
    made = actions.create_programme(
        host or cast.azerisiq, actor=actor, kind=kind, title_az=title, **{**defaults, **values}
    )
    actions.set_deadlines(made, deadlines or chain(), actor=actor)
    actions.set_periods(made, [("Yay", "Summer", date(2027, 6, 15), date(2027, 7, 31))], actor=actor)
    place(cast, made, seats=seats, by=by, unit=unit or cast.substation, **(position or {}))
    if published:
        actions.publish(fresh(made), actor=actor)
    return fresh(made)


def fresh(made: Programme) -> Programme:
    return Programme.objects.with_call().get(pk=made.pk)


@world
def place(
    cast: Cast,
    made: Programme,
    *,
    seats: int = 2,
    by: str = "hr",
    unit: Organization | None = None,
    **values: Any,
) -> Vacancy:
    """One more position with seats in the programme's first period."""
    actor = cast.user(by)
    values.setdefault("title_az", "Yarımstansiyaların istismarı")
    position: Position = actions.add_position(made, actor=actor, unit=unit or cast.substation, **values)
    return actions.set_seats(position, made.periods.first(), seats, actor=actor)


def vacancy(made: Programme, index: int = 0) -> Vacancy:
    return list(made.vacancies().order_by("pk"))[index]


@world
def draft(cast: Cast, made: Programme, who: str = "student", *places: Vacancy) -> Application:
    """A draft of `who` with these places (the first one by default) and both documents."""
    user = cast.user(who)
    application = actions.start_application(places[0] if places else vacancy(made), actor=user)
    actions.save_draft(
        application, actor=user, motivation="Şəbəkəni yerində görmək istəyirəm.", vacancies=places or None
    )
    for kind in (DocumentKind.CV, DocumentKind.TRANSCRIPT):
        document(application, kind)
    return again(application)


@world
def document(application: Application, kind: str) -> Document:
    """The row of a stored file, without a file: what rights and states are tested with."""
    return Document.objects.create(
        owner=application.person,
        object=application,
        kind=kind,
        name=f"{kind}.pdf",
        mime="application/pdf",
        size=1000,
        sha256="0" * 64,
        stored="none",
    )


@world
def sent(cast: Cast, made: Programme, who: str = "student", *places: Vacancy) -> Application:
    return again(actions.submit(draft(cast, made, who, *places), actor=cast.user(who)))


@world
def endorsed(cast: Cast, made: Programme, who: str = "student", *places: Vacancy) -> Application:
    application = sent(cast, made, who, *places)
    if made.endorsement_required:
        coordinator = "coordinator2" if who == "student2" else "coordinator"
        actions.endorse(application, actor=cast.user(coordinator))
    return again(application)


@world
def offered(
    cast: Cast, made: Programme, who: str = "student", *places: Vacancy, by: str = "hr"
) -> Application:
    return again(actions.offer(endorsed(cast, made, who, *places), actor=cast.user(by)))


@world
def waitlisted(
    cast: Cast, made: Programme, who: str = "student", *places: Vacancy, by: str = "hr"
) -> Application:
    return again(actions.waitlist(endorsed(cast, made, who, *places), actor=cast.user(by)))


def again(application: Application) -> Application:
    """As another request would load it."""
    return _AGAIN(application.pk, settings.PLACEMENT_NEEDS_FRAMEWORK)


_AGAIN = RowByKey(lambda key, _needs_framework: Application.objects.with_rows().filter(pk=key))


def person_of(cast: Cast, who: str) -> Person:
    return getattr(cast, who)


# The practice -----------------------------------------------------------------------------------------
STARTS, ENDS = date(2027, 6, 15), date(2027, 7, 31)


@world
def placement(
    cast: Cast,
    made: Programme | None = None,
    who: str = "student",
    *,
    by: str = "hr",
    mentor: str = "mentor",
    **values: Any,
) -> Placement:
    """The placement of an accepted offer, in preparation, with `mentor` named and a hazard class set.

    It runs from STARTS to ENDS: move the clock with time_machine to be inside.
    """
    made = made or programme(cast, by=by)
    application = offered(cast, made, who, by=by)
    actions.accept(application, actor=cast.user(who))
    opened = Placement.objects.get(application=application)
    values.setdefault("hazard", hazard())
    values.setdefault("mentor", person_of(cast, mentor))
    Placement.objects.filter(pk=opened.pk).update(**values)
    return placement_again(opened)


def placement_again(opened: Placement) -> Placement:
    """As another request would load it."""
    return _PLACEMENT_AGAIN(opened.pk)


_PLACEMENT_AGAIN = RowByKey(lambda key: Placement.objects.with_rows().filter(pk=key))


@world
def hazard(code: str = "network", **values: Any) -> HazardClass:
    """A class that asks for both briefings, group I and protective equipment."""
    values.setdefault("name", "Elektrik qurğuları")
    values.setdefault("electrical_group", 1)
    return HazardClass.objects.get_or_create(code=code, defaults=values)[0]


@world
def clear(opened: Placement, cast: Cast, *, on: date = STARTS, by: str = "hr") -> Placement:
    """The whole safety admission, given on that day."""
    assert opened.hazard is not None
    for kind in opened.hazard.required:
        Clearance.objects.create(
            placement=opened, kind=kind, done_on=on, group=1, recorded_by=cast.user(by), given_by="İ. Babayev"
        )
    return placement_again(opened)


@world
def active(cast: Cast, made: Programme | None = None, who: str = "student", **values: Any) -> Placement:
    """A placement under way, cleared on its first day."""
    opened = clear(placement(cast, made, who, **values), cast)
    Placement.objects.filter(pk=opened.pk).update(state=PlacementState.ACTIVE)
    return placement_again(opened)


def begun(interview: Interview) -> Interview:
    """The same talk, begun five minutes ago: it may be written up."""
    starts = timezone.now() - timedelta(minutes=5)
    Interview.objects.filter(pk=interview.pk).update(starts=starts, ends=starts + timedelta(minutes=30))
    return Interview.objects.get(pk=interview.pk)
