"""The places of a programme as a university fills them with nominations, and how many seats that leaves."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.db.models import Count

from internships import eligibility
from internships.eligibility import Check
from internships.enums import REVIEW_STATES
from internships.models import Choice, Programme, Vacancy
from partnerships.common.refusals import Refusal
from partnerships.common.told import spoken
from partnerships.directory.models import Person
from partnerships.seats import actions as seats


@dataclass
class Place:
    """One place of a programme under a name of its own."""

    vacancy: Vacancy
    label: str

    @property
    def key(self) -> str:
        return str(self.vacancy.uid)


@dataclass
class Places:
    """The places of a programme as a list of nominations fills them.

    A seat left for a university is one that is neither held, nor beyond its quota, nor already asked
    for by the university itself with a nomination that the company has not answered. Other
    universities' nominations are not theirs to know.
    """

    programme: Programme
    places: list[Place]
    pending: Counter[tuple[int, int]]
    planned: Counter[tuple[int, int]] = field(default_factory=Counter)
    _failed: dict[tuple[Any, ...], Check | None] = field(default_factory=dict)

    @classmethod
    def of(cls, programme: Programme, university_ids: Iterable[int]) -> "Places":
        vacancies = list(programme.vacancies().order_by("period__starts", "pk"))
        rows = (
            Choice.objects.filter(
                rank=1,
                vacancy__in=vacancies,
                application__state__in=REVIEW_STATES,
                application__reached_company_at__isnull=False,
                application__university_id__in=list(university_ids),
            )
            .order_by()
            .values_list("vacancy_id", "application__university_id")
            .annotate(n=Count("pk"))
        )
        pending = Counter({(vacancy, university): n for vacancy, university, n in rows})
        return cls(programme, _labelled(vacancies), pending)

    def __iter__(self) -> Any:
        return iter(self.places)

    def by_key(self, key: str) -> Place | None:
        return next((place for place in self.places if place.key == key), None)

    def of_vacancy(self, vacancy_id: int) -> Place | None:
        return next((place for place in self.places if place.vacancy.pk == vacancy_id), None)

    def left(self, place: Place, university_id: int) -> int:
        """Seats that this university can still fill here, after what was planned so far."""
        pool, key = place.vacancy.pool, (place.vacancy.pk, university_id)
        planned = sum(n for (vacancy, _university), n in self.planned.items() if vacancy == place.vacancy.pk)
        left = pool.left - self.pending[key] - planned
        quota = next((q for q in pool.quotas.all() if q.organization_id == university_id), None)
        if quota is not None:
            left = min(left, quota.places - quota.taken - self.pending[key] - self.planned[key])
        elif pool.quota_only:
            left = 0
        return max(left, 0)

    def full(self, place: Place, university_id: int) -> Refusal | None:
        """Why no seat is left for this university, if so."""
        if self.left(place, university_id):
            return None
        pool = place.vacancy.pool
        limited = pool.quota_only or any(q.organization_id == university_id for q in pool.quotas.all())
        return seats.refusal(pool, university_id) or (seats.NO_QUOTA if limited else seats.NO_SEAT)

    def failed(self, place: Place, study: Any, person: Person) -> Check | None:
        """The first rule of the place that the student does not meet."""
        position = place.vacancy.position
        known = study and (study.specialty_id, study.degree, study.year, study.gpa, study.mode)
        key = (position.pk, known, person.is_foreigner)
        if key not in self._failed:
            read = partial(_first_failed, position, study, person)
            check = read()
            # Names of specialties and of rules are in two languages: an import says it again in either.
            self._failed[key] = check and replace(check, said=spoken(lambda: getattr(read(), "text", "")))
        return self._failed[key]

    def fitting(self, study: Any, person: Person) -> list[Place]:
        return [place for place in self.places if self.failed(place, study, person) is None]

    def any_for(self, study: Any, person: Person, university_id: int) -> Place | None:
        """“Any”: of the places that take the student, the one with most seats left for the university;
        of equals the one that begins first, then the one that was made first."""
        fitting = self.fitting(study, person)
        best = max(fitting, key=lambda place: self.left(place, university_id), default=None)
        return best if best is not None and self.left(best, university_id) else None

    def take(self, place: Place, university_id: int) -> None:
        self.planned[place.vacancy.pk, university_id] += 1


def _first_failed(position: Any, study: Any, person: Person) -> Check | None:
    checks = eligibility.of_study(position, study, person, own=False)
    return next((check for check in checks if not check.ok), None)


def _labelled(vacancies: Sequence[Vacancy]) -> list[Place]:
    """The title; where that stands twice, with the unit; where that does too, with the period."""
    forms = (
        lambda v: v.position.title,
        lambda v: f"{v.position.title} · {v.position.unit}",
        lambda v: f"{v.position.title} · {v.position.unit} · {v.period.name}",
        lambda v: f"{v.position.title} · {v.position.unit} · {v.period.name} · {v.pk}",
    )
    labels: dict[int, str] = {}
    waiting = list(vacancies)
    for form in forms:
        counts = Counter(form(vacancy) for vacancy in waiting)
        once = [vacancy for vacancy in waiting if counts[form(vacancy)] == 1]
        labels |= {vacancy.pk: spoken(partial(form, vacancy)) for vacancy in once}
        waiting = [vacancy for vacancy in waiting if counts[form(vacancy)] > 1]
    return [Place(vacancy, labels[vacancy.pk]) for vacancy in vacancies]
