"""What everybody may read: the direction, its open places, programmes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from internships import eligibility, place_rows, worklists
from internships.actions.drafts import studies_of
from internships.filters import PlaceFilter, open_places
from internships.models import Application, Programme, Vacancy
from internships.views import requirements
from internships.views.partners import card_of
from internships.views.parts import Rule, chain_of, rules_of
from internships.whole_place import places_at, programme_at, whole_place, wished_of
from partnerships.calls.models import Step
from partnerships.common.capped import capped_count, counted
from partnerships.common.paging import Keyset, cursor_of, keyset, made_up, narrowing, page_links
from partnerships.common.prepared import Prepared
from partnerships.common.text import slug as slug_of
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.maps import HOME, atlas
from partnerships.seats import actions as seats

PAGE = 20
ORDER = ("closes", "pk")  # of open places
PLACES = 200  # places of one programme on its page
OTHERS = 6  # other places of the programme named on a place's page


@dataclass(frozen=True)
class Standing:
    """How a place looks to the one who reads its page."""

    application: Application | None = None  # theirs to this programme, if any
    asks_study: bool = False  # signed in, but not said yet where they study
    works_here: bool = False  # signed in with roles, none of them a student's
    rules: tuple[Rule, ...] = ()

    @property
    def fits(self) -> bool:
        return all(rule.ok or not rule.blocks for rule in self.rules)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    places = PlaceFilter(request.GET)
    page = _page_of(places, request.GET)
    found, more = capped_count(places.rows()) if places.is_narrowed else (places.total, False)
    context = {
        "places": places,
        "page": page,
        "pages": _pages(request, page, found, more),
        "found": found,
        "works": worklists.works_on_applications(request.user),
    }
    return render(request, "internships/index.html", context)


def _page_of(places: PlaceFilter, params: Any) -> Keyset[Vacancy]:
    if places.is_narrowed or any(cursor_of(params, ORDER)[:2]):
        return keyset(place_rows.with_columns(places.rows()), params, order=ORDER, size=PAGE)
    rows = open_places(ORDER)[: PAGE + 1]
    more = len(rows) > PAGE
    return made_up(rows[:PAGE], more, order=ORDER, beyond=False, backwards=False, chosen=0)


def _pages(request: HttpRequest, page: Any, found: int, more: bool) -> dict[str, Any]:
    words = ngettext("%(count)s place", "%(count)s places", found) % {"count": counted(found, more)}
    return page_links(request.GET, page, words if found else "")


@require_GET
def places_map(request: HttpRequest) -> HttpResponse:
    """Where the open places are, narrowed as the list is; each city leads to its list."""
    params = request.GET.copy()
    params.pop("city", None)
    places, address, rest = PlaceFilter(params), reverse("internships:index"), narrowing(params, "city")
    cities = [(HOME, city, count) for city, count in places.by_city()]
    found = atlas(cities, lambda place: address + rest(slug_of(place.city)) if place.city else "")
    return render(request, "internships/places_map.html", {"places": places, "atlas": found})


@require_GET
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    found = programme_at(request.user, slug)
    if found is None:
        raise Http404
    places = _PLACES(found.pk)
    context = {
        "programme": found,
        "places": places,
        "requirements": requirements.of_programme(found, places),
        "questions": found.call.asked if found.students_apply else [],
        "chain": chain_of(found),
        "is_open": _is_open(found),
        "by_code": takes_codes(found),
        "standing_under": card_of(found, request.user),
    }
    return render(request, "internships/programme.html", context)


def takes_codes(found: Programme) -> bool:
    """Whoever was invited late may still come: applications are over, answers are not due yet."""
    call = found.call
    waiting = call.passed(Step.APPLY) and not call.passed(Step.DECIDE)
    return found.state == "published" and found.students_apply and waiting


def _rows_of(key: int) -> QuerySet[Vacancy]:
    """The places of one programme with what a row of them shows, and no more."""
    rows = Vacancy.objects.filter(position__programme_id=key)
    return rows.select_related("pool", "period", "position__unit").order_by("pk")


_PLACES = Prepared(lambda key: _rows_of(key)[:PLACES], shared=True)
_SOME = Prepared(lambda key: _rows_of(key)[: OTHERS + 1], shared=True)


def _is_open(found: Programme) -> bool:
    return found.state == "published" and found.call.is_open()


@require_GET
def place(request: HttpRequest, uid: UUID) -> HttpResponse:
    seen = places_at(request.user, uid)[:1]
    if not seen:
        raise Http404
    vacancy = whole_place(seen[0])
    found = vacancy.position.programme
    others = [one for one in _SOME(found.pk) if one.pk != vacancy.pk][:OTHERS]
    context = {
        "vacancy": vacancy,
        "position": vacancy.position,
        "programme": found,
        "others": others,
        "chain": chain_of(found),
        "closes": found.call.at(Step.APPLY),
        "is_open": _is_open(found),
        "not_yet": found.state == "published"
        and not found.call.is_open()
        and not found.call.passed(Step.APPLY),
        "opens": found.call.at(Step.OPEN),
        "by_code": takes_codes(found),
        "standing": standing_of(request.user, vacancy),
        "requirements": requirements.of_place(vacancy),
        "of_answers": requirements.of_call(found, of_answers=True),
        "skills": wished_of(vacancy),
    }
    return render(request, "internships/place.html", context)


_MINE = Prepared(
    lambda person, programme: Application.objects.filter(person_id=person, programme_id=programme)[:1]
)


def standing_of(user: Any, vacancy: Vacancy) -> Standing:
    """What the place's page says to this reader: their application, or whether they may apply and why not."""
    if not user.is_authenticated:
        return Standing()
    who = access_of(user)
    if who.scopes and not who.has(Role.STUDENT):
        return Standing(works_here=True)
    person = getattr(user, "person", None)
    if person is None:
        return Standing(asks_study=True)
    affiliation = studies_of(person)
    study = getattr(affiliation, "study", None)
    mine = _MINE.one(person.pk, vacancy.position.programme_id)
    if affiliation is None or study is None:
        return Standing(mine, asks_study=True)
    checks = eligibility.of_study(vacancy.position, study, person)
    refusal = seats.refusal(vacancy.pool, affiliation.organization.root_id)
    return Standing(mine, rules=tuple(rules_of(checks, refusal)))
