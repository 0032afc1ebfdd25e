"""Whom a university can nominate, for which places, and how many seats that leaves.

Read and written through by the page of nomination and by the import, so that both obey the same rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from internships import actions
from internships.enums import REVIEW_STATES, ApplicationState, ProgrammeKind, ProgrammeState
from internships.models import Application, NominationOrder, Programme
from internships.nomination_places import Place, Places
from partnerships.calls.actions import deadline_open
from partnerships.calls.models import Deadline, Step
from partnerships.common import clock
from partnerships.common.among import Among
from partnerships.common.capped import CAP
from partnerships.common.refusals import Blocked, IllegalTransition, Refusal
from partnerships.common.sharing import sharing
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Degree, Kind, Role
from partnerships.directory.models import Affiliation, Organization, Person

# What a nomination may take up; further on, the application is the company's or over.
NOMINABLE = frozenset({ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.RETURNED})
STANDING = REVIEW_STATES | {ApplicationState.OFFERED, ApplicationState.ACCEPTED}
PROGRAMMES = 50
MANY_UNITS = 300  # as many faculties and chairs are offered
FACETS_KEPT = 60  # seconds
_nomination_open = deadline_open(Step.ENDORSE)


# Who and what --------------------------------------------------------------------------------------


def nominates(user: Any) -> bool:
    """Coordinates students somewhere, or stands in where a university has no coordinator."""
    access = access_of(user)
    return access.has(Role.COORDINATOR) or access.operates


def may_nominate_for(user: Any, university: Organization) -> bool:
    access = access_of(user)
    if university.pk in access.roots(Role.COORDINATOR):
        return True
    orphan = university.kind == Kind.UNIVERSITY and university.pk not in access.kept_universities
    return access.operates and orphan


def universities(user: Any) -> list[Organization]:
    """Universities whose students this person nominates, in whole or by faculty."""
    access = access_of(user)
    mine = Q(pk__in=access.roots(Role.COORDINATOR))
    if access.operates:
        mine |= Q(kind=Kind.UNIVERSITY, is_active=True) & ~Q(pk__in=access.kept_universities)
    return list(Organization.objects.roots().filter(mine).order_by("sort_key", "pk"))


def orders(user: Any) -> QuerySet[NominationOrder]:
    """Orders of the universities that this person coordinates, the newest first."""
    keys = [university.pk for university in universities(user)]
    rows = NominationOrder.objects.filter(university_id__in=keys)
    return rows.select_related("programme__host", "university").order_by("-date", "-pk")


def students(user: Any, *, many: bool = False) -> QuerySet[Affiliation]:
    """Confirmed students of the faculties and universities that this person coordinates. `many`: the first of
    thousands in an order of names are wanted: people are gone through in it, and each is asked for."""
    access = access_of(user)
    mine = access.q("organization", Role.COORDINATOR)
    if many:
        node = access.nodes(Role.COORDINATOR).filter(pk=OuterRef("organization_id"))
        mine = Q(IsNull(Subquery(node[:1]), False))
    if access.operates:
        mine |= Q(organization__root__kind=Kind.UNIVERSITY) & ~Q(
            organization__root_id__in=access.kept_universities
        )
    rows = Affiliation.objects.current().filter(mine, role=Role.STUDENT)
    return sharing(rows).select_related("person", "organization__root", "study__specialty")


@dataclass(frozen=True)
class Facets:
    """What these students can be narrowed by: (value, words), in the order of the alphabet."""

    units: list[tuple[str, str]]
    specialties: list[tuple[str, str]]
    many: bool = False  # students, so that sorting all of them would take long


def facets(user: Any, *, fresh: bool = False) -> Facets:
    """Read at most once a minute for each reader and their rights; `fresh` for what is taken away: a value
    that is not known yet would narrow nothing. One query."""
    key = f"students-facets:{user.pk}:{access_of(user).mark}:{get_language()}"
    known: Facets | None = None if fresh else cache.get(key)
    if known is None:
        known = _read_facets(students(user))
        cache.set(key, known, FACETS_KEPT)
    return known


def _read_facets(rows: QuerySet[Affiliation]) -> Facets:
    english = (get_language() or "az").startswith("en")
    of_unit = [f"organization__{name}" for name in ("path", "sort_key", "name", "name_en")]
    of_specialty = [
        f"study__specialty__{name}" for name in ("pk", "sort_key", "code", "name", "name_en", "degree")
    ]
    units, specialties, every = {}, {}, 0
    for path, unit_key, name, name_en, pk, key, code, title, title_en, degree, n in (
        rows.order_by().values_list(*of_unit, *of_specialty).annotate(n=Count("pk"))
    ):
        every += n
        units[unit_key, path] = path, (english and name_en) or name
        if pk is not None:
            words = f"{(english and title_en) or title} ({Degree(degree).label})"
            specialties[key, code, pk] = str(pk), words
    ordered = [units[one] for one in sorted(units)][:MANY_UNITS]
    return Facets(ordered, [specialties[one] for one in sorted(specialties)], every > CAP)


def units(user: Any, university: Organization) -> QuerySet[Organization]:
    """The university and its faculties, as far as this person looks after them."""
    access = access_of(user)
    rows = Organization.objects.filter(root_id=university.pk, is_active=True).select_related("root")
    if university.pk in access.roots(Role.COORDINATOR):
        paths = [scope.path for scope in access.of(Role.COORDINATOR) if scope.root_id == university.pk]
        covered = Q(pk__in=[])
        for path in paths:
            covered |= Q(path__startswith=path)
        rows = rows.filter(covered)
    return rows.order_by("path")


def programmes(user: Any) -> list[Programme]:
    """Practice programmes for which students can be nominated now, the newest first."""
    found = _published(user)[:PROGRAMMES]
    return [programme for programme in found if not programme.call.passed(Step.ENDORSE)]


@asked
def open_programmes(user: Any) -> QuerySet[Programme]:
    """The same as a question: whether there are any is told without reading them."""
    newest = _newest(user).values("pk")[:PROGRAMMES]
    passed = Deadline.objects.filter(call=OuterRef("call"), step=Step.ENDORSE, at__lt=clock.now())
    return Programme.objects.filter(Among("pk", newest)).exclude(Exists(passed))


@asked
def _published(user: Any) -> QuerySet[Programme]:
    return _newest(user).with_call()  # type: ignore[attr-defined, no-any-return]


def _newest(user: Any) -> QuerySet[Programme]:
    rows = Programme.objects.visible_to(user).filter(
        kind=ProgrammeKind.PRACTICE, state=ProgrammeState.PUBLISHED
    )
    return rows.order_by("-created", "-pk")


@dataclass(frozen=True)
class Supervisor:
    person: Person
    path: str
    root_id: int

    def covers(self, unit: Organization) -> bool:
        """Of the same faculty or chair, or of the university as a whole."""
        return unit.path.startswith(self.path) or self.path.startswith(unit.path)


def supervisors(university_ids: Iterable[int]) -> list[Supervisor]:
    """Who supervises practice at these universities, in the order of names."""
    rows = (
        Affiliation.objects.current()
        .filter(role=Role.SUPERVISOR, organization__root_id__in=list(university_ids))
        .select_related("person", "organization")
        .order_by("person__sort_key", "pk")
    )
    return [Supervisor(row.person, row.organization.path, row.organization.root_id) for row in rows]


def known_applications(programme: Programme, person_ids: Iterable[int]) -> dict[int, Application]:
    """Applications of these people to the programme, by person, with their choices."""
    rows = programme.applications.filter(person_id__in=list(person_ids))
    rows = rows.prefetch_related("choices__vacancy__position__unit")
    return {application.person_id: application for application in rows}


def closed(programme: Programme) -> Refusal | None:
    """Why nobody can be nominated for the programme any more, if so."""
    return _nomination_open(programme, None)


# Nominating one ------------------------------------------------------------------------------------

ANY, OWN = "any", "own"


@dataclass(frozen=True)
class Nominated:
    """What became of one nomination. `changed` is False when the student was nominated there before."""

    application: Application
    place: Place | None
    changed: bool


def already(application: Application | None) -> bool:
    """Nominated by the university before, and that still stands."""
    return application is not None and application.order_id is not None and application.state in STANDING


def choose(
    places: Places,
    wanted: str,
    application: Application | None,
    study: Any,
    person: Person,
    university_id: int,
) -> Place:
    """The place that `wanted` (ANY, OWN or the key of a place) comes to. Raises Blocked with the reason."""
    if wanted == OWN:
        first = next(iter(application.choices.all()), None) if application is not None else None
        place = places.of_vacancy(first.vacancy_id) if first is not None else None
        if place is None:
            raise Blocked(Refusal(_("The student has not chosen a place: choose one."), code="no_choice"))
    elif wanted == ANY:
        place = places.any_for(study, person, university_id)
        if place is None:
            raise Blocked(_nothing_fits(places, study, person, university_id))
    else:
        place = places.by_key(wanted)
        if place is None:
            raise Blocked(Refusal(_("This place is no longer there."), code="gone"))
    if failed := places.failed(place, study, person):
        words = {"place": place.label, "reason": failed.text}
        raise Blocked(Refusal(_("%(place)s: %(reason)s") % words, code="not_eligible"))
    if full := places.full(place, university_id):
        words = {"place": place.label, "reason": full.reason}
        raise Blocked(Refusal(_("%(place)s: %(reason)s") % words, code=full.code))
    return place


def _nothing_fits(places: Places, study: Any, person: Person, university_id: int) -> Refusal:
    if places.fitting(study, person):
        return Refusal(_("The places that take this student have no seat left."), code="no_seat")
    reasons = {failed.text for place in places if (failed := places.failed(place, study, person))}
    if len(reasons) == 1:
        words = {"reason": next(iter(reasons))}
        return Refusal(_("No place takes this student: %(reason)s") % words, code="not_eligible")
    return Refusal(_("No place takes a student of this specialty, level, year and GPA."), code="not_eligible")


def nominate_one(
    places: Places,
    affiliation: Affiliation,
    wanted: str,
    *,
    order: NominationOrder,
    actor: Any,
    supervisor: Person | None = None,
) -> Nominated:
    """Nominate one student within the seats that are left; a second time it does nothing.

    Raises Blocked, IllegalTransition or Refused with the reason; then nothing is written.
    """
    person, university_id = affiliation.person, affiliation.organization.root_id
    assert university_id is not None
    application = known_applications(places.programme, [person.pk]).get(person.pk)
    if application is not None and already(application):
        place = place_of(places, application)
        if wanted in (ANY, OWN) or (place is not None and place.key == wanted):
            return Nominated(application, place, False)
    if application is not None and application.state not in NOMINABLE:
        raise IllegalTransition(stands(application), application)
    study = getattr(affiliation, "study", None)
    place = choose(places, wanted, application, study, person, university_id)
    vacancies = [] if wanted == OWN else [place.vacancy]
    application = actions.nominate(
        person, places.programme, vacancies, order=order, actor=actor, supervisor=supervisor
    )
    places.take(place, university_id)
    return Nominated(application, place, True)


def place_of(places: Places, application: Application) -> Place | None:
    """The place that an application stands for: the one offered, else the first chosen."""
    if application.offered_vacancy_id is not None:
        return places.of_vacancy(application.offered_vacancy_id)
    first = next(iter(application.choices.all()), None)
    return places.of_vacancy(first.vacancy_id) if first is not None else None


def stands(application: Application) -> str:
    """Why an application cannot be nominated any more: how it stands."""
    return _("This student already has an application here: %(state)s.") % {
        "state": ApplicationState(application.state).label
    }
