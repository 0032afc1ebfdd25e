"""The numbers of practice and internship on the home page: four at most, those that matter to the role."""

import json
from datetime import date
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Q, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from internships import home_placements, waiting
from internships.enums import ApplicationState as A
from internships.enums import PlacementState, ProgrammeState
from internships.models import Application, Interview, Placement, Programme, Vacancy
from internships.placement_reports import works_with_placements
from partnerships.calls.models import Step
from partnerships.common.addresses import kept_address
from partnerships.common.among import Among
from partnerships.common.asked import Part
from partnerships.common.capped import CAP, capped, counted
from partnerships.common.clock import end_of_day, now, start_of_day, today
from partnerships.common.direction import Stat
from partnerships.common.parts import counted_any
from partnerships.common.piles import Numbers, numbered
from partnerships.directory.access import Access, access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role

COUNTED_EACH_TIME = 1_000  # people who have applied; of more the number is kept
SIDES = ("university", "company")
KEPT = 600  # seconds
MOST = CAP + 1  # what only grows is counted no further, and read as "1 000+"
# Roles of the other directions: practice and internship are their neighbours' work, open to look at.
ONLOOKERS = (Role.EXPERT, Role.ORGANISER, Role.TRAINER, Role.FOUNDER, Role.LECTURER, Role.NEED_OWNER)


def numbers(user: Any) -> list[Numbers]:
    """Four numbers that matter to this role."""
    access = access_of(user)
    if access.has(Role.HR):
        return [_of_company(user)]
    if access.has(Role.COORDINATOR):
        return [_of_university(user)]
    if access.has(Role.STUDENT):
        parts = (_in_motion(user).counted(), _offered(user).counted(), _open().counted())
        return [Numbers(parts, _student_stats)]
    if access.has(Role.MENTOR) or access.has(Role.SUPERVISOR):
        return _of_guides(user, access)
    if access.has(Role.LEADERSHIP):
        return [_of_leadership(user, access)]
    if access.operates:
        return [Numbers((_open().counted(), _orphans(user).counted()), _operator_stats)]
    return _of_onlookers(user, access)


def stats(user: Any) -> list[Stat]:
    return numbered(numbers(user))


def _worklist(state: str, every: bool = False) -> str:
    return f"{kept_address('internships:worklist')}?{'programme=all&' if every else ''}state={state}"


# A company ----------------------------------------------------------------------------------------


def _of_company(user: Any) -> Numbers:
    parts = (
        waiting.programmes(user, Step.DECIDE),
        _talks_of(user, today()).counted(),
        published_seats(user),
        _of_host(user, A.OFFERED).counted(MOST),
    )
    return Numbers(parts, _company_stats)


@asked
def _of_host(user: Any, state: str) -> Any:
    own = access_of(user).q("programme__host", Role.HR)
    return Application.objects.met_by(user).filter(own, state=state)


@asked
def _talks_of(user: Any, day: date) -> Any:
    talks = Interview.objects.visible_to(user).filter(active=True)
    return talks.filter(starts__gte=start_of_day(day), starts__lte=end_of_day(day))


class Seats(NamedTuple):
    """Of one enterprise, in all published rounds."""

    name: str
    name_en: str
    taken: int
    seats: int


def published_seats(user: Any) -> Part:
    """For `ask_together`, once for the number and the chart: what `seats_of` reads."""
    return _seats(user).listed("position__unit__name", "position__unit__name_en", "taken", "seats")


def seats_of(listed: str | None) -> list[Seats]:
    return [Seats(*row) for row in json.loads(listed or "[]")]


@asked
def _seats(user: Any) -> Any:
    mine = access_of(user).q("position__programme__host", Role.HR)
    return (
        Vacancy.objects.filter(mine, position__programme__state=ProgrammeState.PUBLISHED)
        .order_by("position__unit_id")
        .values_list("position__unit_id", "position__unit__name", "position__unit__name_en")
        .annotate(taken=Sum("pool__taken"), seats=Sum("pool__capacity"))
    )


def _company_stats(listed: Any, talks: int, places: Any, offered: int) -> list[Stat]:
    every = seats_of(places)
    seats, taken = sum(one.seats for one in every), sum(one.taken for one in every)
    free = f"{number(seats - taken)}/{number(seats)}" if seats else number(0)
    return [
        Stat(counted(*waiting.met(listed)), _("applications wait for a decision"), _worklist(A.IN_REVIEW)),
        Stat(number(talks), _("interviews today"), kept_address("calendar")),
        Stat(free, _("places still free"), kept_address("internships:worklist")),
        Stat(upto(offered), _("offers wait for an answer"), _worklist(A.OFFERED)),
    ]


# A university -------------------------------------------------------------------------------------

WITH_COMPANIES = (A.IN_REVIEW, A.INTERVIEW, A.WAITLISTED)


def _of_university(user: Any) -> Numbers:
    states = ((A.SUBMITTED,), WITH_COMPANIES, (A.OFFERED,), (A.ACCEPTED,))
    return Numbers(tuple(_of_unit(user, some).counted(MOST) for some in states), _university_stats)


@asked
def _of_unit(user: Any, states: tuple[str, ...]) -> Any:
    access = access_of(user)
    roots, nodes = access.roots(Role.COORDINATOR), access.nodes(Role.COORDINATOR)
    own = Application.objects.filter(university_id__in=roots, unit__in=nodes, submitted_at__isnull=False)
    return own.filter(state__in=states)


def _university_stats(waiting: int, company: int, offered: int, accepted: int) -> list[Stat]:
    return [
        Stat(upto(waiting), _("wait for endorsement"), _worklist(A.SUBMITTED)),
        Stat(upto(company), _("are with companies"), _worklist(A.IN_REVIEW)),
        Stat(upto(offered), _("have an offer"), _worklist(A.OFFERED)),
        Stat(upto(accepted), _("have a place"), _worklist(A.ACCEPTED)),
    ]


# A student ----------------------------------------------------------------------------------------


@asked
def _in_motion(user: Any) -> Any:
    return Application.objects.filter(person_id=access_of(user).person_id).in_motion()


@asked
def _offered(user: Any) -> Any:
    return Application.objects.filter(person_id=access_of(user).person_id, state=A.OFFERED)


def _student_stats(moving: int, offered: int, places: int) -> list[Stat]:
    url = kept_address("internships:mine")
    return [
        Stat(number(moving), _("applications under way"), url),
        Stat(number(offered), _("offers to answer"), url),
        _open_places(places),
    ]


# Mentors and supervisors --------------------------------------------------------------------------


def _of_guides(user: Any, access: Access) -> list[Numbers]:
    """A mentor's interns, a supervisor's students, and the talks that either is to hold."""
    found = []
    if access.has(Role.MENTOR):
        found.append(Numbers((_interns(user).counted(),), _interns_stats))
    if access.has(Role.SUPERVISOR):
        practices = (_followed(user, PlacementState.ACTIVE), _followed(user, PlacementState.FINISHED))
        parts = (_students(user).counted(), *(part.counted() for part in practices))
        found.append(Numbers(parts, _students_stats))
    if access.has(Role.MENTOR):
        found.append(Numbers((_ahead(user).counted(),), _ahead_stats))
    return found


@asked
def _interns(user: Any) -> Any:
    access, places = access_of(user), Vacancy.objects.order_by().values("pk")
    mine = places.filter(position__mentors=access.person_id)
    # An accepted one is seen by who is its mentor and still works there.
    here = access.assigned("position__mentors", "position__programme__host__root_id", Role.MENTOR)
    rows = Application.objects.visible_to(user, surely=Q(offered_vacancy__in=places.filter(here)))
    return rows.filter(Among("offered_vacancy_id", mine), state=A.ACCEPTED)


def _interns_stats(interns: int) -> list[Stat]:
    return [Stat(number(interns), _("interns of yours"), _worklist(A.ACCEPTED, every=True))]


@asked
def _students(user: Any) -> Any:
    led = Application.objects.visible_to(user).filter(supervisor_id=access_of(user).person_id)
    return led.in_motion()


@asked
def _followed(user: Any, state: str) -> Any:
    led = Placement.objects.visible_to(user).filter(supervisor_id=access_of(user).person_id)
    return led.filter(state=state)


def _students_stats(moving: int, running: int, over: int) -> list[Stat]:
    """A supervisor's: the practices too that they follow, and those that wait for the mark."""
    all_rounds = f"{kept_address('internships:worklist')}?programme=all"
    url = kept_address("internships:placements")
    active, finished = PlacementState.ACTIVE, PlacementState.FINISHED
    return [
        Stat(number(moving), _("applications of your students under way"), all_rounds),
        Stat(number(running), _("students of yours in practice"), f"{url}?state={active}"),
        Stat(number(over), _("practices wait for the mark"), f"{url}?state={finished}"),
    ]


@asked
def _ahead(user: Any) -> Any:
    me = access_of(user).person_id
    return Interview.objects.visible_to(user).filter(interviewer_id=me, active=True, ends__gte=now())


def _ahead_stats(talks: int) -> list[Stat]:
    return [Stat(number(talks), _("interviews ahead of you"), kept_address("internships:interviews"))]


# Who leads, who runs the partnership, who looks on ------------------------------------------------


def _of_leadership(user: Any, access: Access) -> Numbers:
    """Who has ever applied is counted through all applications of the house. Where they are very many, the
    number is kept for a while, for all whose rights are the same: nobody acts upon the last one."""
    key = f"led-people:{access.mark}"
    kept = cache.get(key)

    def tell(offered: int, accepted: int, places: int, people: int = 0) -> list[Stat]:
        if kept is None and people > COUNTED_EACH_TIME:
            cache.set(key, people, KEPT)
        return _leadership_stats(people if kept is None else kept, offered, accepted, places)

    asking = [_led(user, A.OFFERED), _led(user, A.ACCEPTED), _open().counted()]
    if kept is None:
        asking.append(_led_people(user).counted())
    return Numbers(tuple(asking), tell)


def _led(user: Any, state: str) -> Part:
    """How many, each side by its own index."""
    return counted_any([_led_rows(user, side, state).every_key for side in SIDES], MOST)


@asked
def _led_rows(user: Any, side: str, state: str) -> Any:
    return _of_led(user)[side].filter(state=state).values("pk")


@asked
def _led_people(user: Any) -> Any:
    university, company = (rows.values("person_id") for rows in _of_led(user).values())
    return university.union(company)


def _of_led(user: Any) -> dict[str, Any]:
    """Of the university or company that the person leads.

    Leadership sees no application (`visible_to` gives none), so these are counted without it and lead to no
    list. They count what its own coordinator or human resources see and nothing more: a university's once
    sent, a company's once it has reached the company.
    """
    access = access_of(user)
    roots, nodes = access.roots(Role.LEADERSHIP), access.nodes(Role.LEADERSHIP)
    rows = Application.objects.order_by()
    led = Programme.objects.filter(host__in=nodes).order_by().values("pk")
    university = rows.filter(university_id__in=roots, unit__in=nodes, submitted_at__isnull=False)
    company = rows.filter(programme_id__in=led, reached_company_at__isnull=False)
    return dict(zip(SIDES, (university, company), strict=True))


def _leadership_stats(people: int, offered: int, accepted: int, places: int) -> list[Stat]:
    return [
        Stat(number(people), _("students have applied")),
        Stat(upto(offered), _("have an offer")),
        Stat(upto(accepted), _("have a place")),
        _open_places(places),
    ]


@asked
def _orphans(user: Any) -> Any:
    """Whom the operator endorses in a coordinator's stead: an administrator sees every application, and only
    those of universities without a coordinator wait for them."""
    return Application.objects.visible_to(user).to_endorse().filter(waiting.left_alone())


def _operator_stats(places: int, waiting: int) -> list[Stat]:
    """For who runs the partnership."""
    words = _("wait for you instead of a coordinator")
    return [_open_places(places), Stat(number(waiting), words, _worklist(A.SUBMITTED, every=True))]


def _of_onlookers(user: Any, access: Access) -> list[Numbers]:
    """Of the practices that they look after; else, of who works in another direction, what is open."""
    looks_on = access.has(*ONLOOKERS)

    def tell(places: int, some: bool = False, *counts: int) -> list[Stat]:
        if some:
            return home_placements.stats(*counts)
        return [_open_places(places)] if looks_on else []

    parts = home_placements.parts(user) if works_with_placements(user) else ()
    return [Numbers((_open().counted(), *parts), tell)] if parts or looks_on else []


@asked
def _open() -> Any:
    return Vacancy.objects.open()


def _open_places(places: int) -> Stat:
    return Stat(number(places), _("places open now"), kept_address("internships:index"))


def upto(value: int) -> str:
    """What was counted no further than MOST."""
    return counted(*capped(value))


def number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)
