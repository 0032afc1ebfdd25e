"""The numbers of practice and internship on the home page: four at most, those that matter to the role."""

from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from internships import home_placements
from internships.enums import ApplicationState as A
from internships.enums import PlacementState, ProgrammeState
from internships.models import Application, Interview, Placement, Programme, Vacancy
from partnerships.common.clock import baku_date, end_of_day, start_of_day
from partnerships.common.direction import Stat
from partnerships.directory.access import Access, access_of
from partnerships.directory.enums import Role

# Roles of the other directions: practice and internship are their neighbours' work, open to look at.
ONLOOKERS = (Role.EXPERT, Role.ORGANISER, Role.TRAINER, Role.FOUNDER, Role.LECTURER, Role.NEED_OWNER)


def stats(user: Any) -> list[Stat]:
    """Four numbers that matter to this role."""
    access = access_of(user)
    if access.has(Role.HR):
        return _company_stats(user, access)
    if access.has(Role.COORDINATOR):
        return _university_stats(user, access)
    if access.has(Role.STUDENT):
        return _student_stats(access)
    if access.has(Role.MENTOR) or access.has(Role.SUPERVISOR):
        return _guides_stats(user, access)
    if access.has(Role.LEADERSHIP):
        return _leadership_stats(access)
    if access.operates:
        return _operator_stats(user, access)
    if found := home_placements.stats(user):
        return found
    return [_open_places()] if access.has(*ONLOOKERS) else []


def _company_stats(user: Any, access: Access) -> list[Stat]:
    own = Application.objects.met_by(user).filter(access.q("programme__host", Role.HR))
    day = baku_date(timezone.now())
    today = Interview.objects.visible_to(user).filter(
        active=True, starts__gte=start_of_day(day), starts__lte=end_of_day(day)
    )
    pools = _open_pools(access)
    counts = own.filter(state__in=[A.IN_REVIEW, A.OFFERED]).aggregate(
        waiting=Count("pk", filter=Q(state=A.IN_REVIEW)), offered=Count("pk", filter=Q(state=A.OFFERED))
    )
    url = reverse("internships:worklist")
    return [
        Stat(
            number(counts["waiting"]),
            _("applications wait for a decision"),
            f"{url}?state={A.IN_REVIEW}",
        ),
        Stat(number(today.count()), _("interviews today"), reverse("calendar")),
        Stat(f"{number(pools['left'])}/{number(pools['all'])}", _("places still free"), url),
        Stat(
            number(counts["offered"]),
            _("offers wait for an answer"),
            f"{url}?state={A.OFFERED}",
        ),
    ]


def _open_pools(access: Access) -> dict[str, int]:
    rows = Vacancy.objects.filter(
        access.q("position__programme__host", Role.HR), position__programme__state=ProgrammeState.PUBLISHED
    ).aggregate(all=Sum("pool__capacity"), taken=Sum("pool__taken"))
    return {"all": rows["all"] or 0, "left": (rows["all"] or 0) - (rows["taken"] or 0)}


def _university_stats(user: Any, access: Access) -> list[Stat]:
    own = Application.objects.filter(access.q("unit", Role.COORDINATOR), submitted_at__isnull=False)
    url = reverse("internships:worklist")
    counts = own.aggregate(
        waiting=Count("pk", filter=Q(state=A.SUBMITTED)),
        company=Count("pk", filter=Q(state__in=[A.IN_REVIEW, A.INTERVIEW, A.WAITLISTED])),
        offered=Count("pk", filter=Q(state=A.OFFERED)),
        accepted=Count("pk", filter=Q(state=A.ACCEPTED)),
    )
    return [
        Stat(number(counts["waiting"]), _("wait for endorsement"), f"{url}?state={A.SUBMITTED}"),
        Stat(number(counts["company"]), _("are with companies"), f"{url}?state={A.IN_REVIEW}"),
        Stat(number(counts["offered"]), _("have an offer"), f"{url}?state={A.OFFERED}"),
        Stat(number(counts["accepted"]), _("have a place"), f"{url}?state={A.ACCEPTED}"),
    ]


def _student_stats(access: Access) -> list[Stat]:
    in_motion = Application.objects.filter(person_id=access.person_id).in_motion()
    counts = in_motion.aggregate(all=Count("pk"), offered=Count("pk", filter=Q(state=A.OFFERED)))
    url = reverse("internships:mine")
    return [
        Stat(number(counts["all"]), _("applications under way"), url),
        Stat(number(counts["offered"]), _("offers to answer"), url),
        _open_places(),
    ]


def _guides_stats(user: Any, access: Access) -> list[Stat]:
    """A mentor's interns, a supervisor's students, and the talks that either is to hold."""
    seen = Application.objects.visible_to(user)
    url = reverse("internships:worklist")
    ahead = Interview.objects.visible_to(user).filter(
        interviewer_id=access.person_id, active=True, ends__gte=timezone.now()
    )
    found = []
    if access.has(Role.MENTOR):
        interns = seen.filter(state=A.ACCEPTED, offered_vacancy__position__mentors=access.person_id)
        found.append(
            Stat(number(interns.count()), _("interns of yours"), f"{url}?programme=all&state={A.ACCEPTED}")
        )
    if access.has(Role.SUPERVISOR):
        led = seen.filter(supervisor_id=access.person_id)
        found += [
            Stat(
                number(led.in_motion().count()),
                _("applications of your students under way"),
                f"{url}?programme=all",
            ),
            *_led_stats(user, access),
        ]
    if access.has(Role.MENTOR):
        found.append(
            Stat(number(ahead.count()), _("interviews ahead of you"), reverse("internships:interviews"))
        )
    return found


def _led_stats(user: Any, access: Access) -> list[Stat]:
    """The practices that a supervisor follows, and those that wait for the mark."""
    led = Placement.objects.visible_to(user).filter(supervisor_id=access.person_id)
    counts = led.aggregate(
        running=Count("pk", filter=Q(state=PlacementState.ACTIVE)),
        over=Count("pk", filter=Q(state=PlacementState.FINISHED)),
    )
    url = reverse("internships:placements")
    return [
        Stat(
            number(counts["running"]),
            _("students of yours in practice"),
            f"{url}?state={PlacementState.ACTIVE}",
        ),
        Stat(
            number(counts["over"]), _("practices wait for the mark"), f"{url}?state={PlacementState.FINISHED}"
        ),
    ]


def _leadership_stats(access: Access) -> list[Stat]:
    """Totals of the university or company that the person leads.

    Leadership sees no application (`visible_to` gives none), so these are counted without it and lead to no
    list. They count what its own coordinator or human resources see and nothing more: a university's once
    sent, a company's once it has reached the company.
    """
    roots, nodes = access.roots(Role.LEADERSHIP), access.nodes(Role.LEADERSHIP)
    university = Q(university_id__in=roots, unit__in=nodes, submitted_at__isnull=False)
    # As keys: only then does the database go through an index for either side, not through every application.
    led = list(Programme.objects.filter(host__in=nodes).order_by().values_list("pk", flat=True))
    company = Q(programme_id__in=led, reached_company_at__isnull=False)
    own = Application.objects.filter(university | company if led else university).aggregate(
        people=Count("person_id", distinct=True),
        offered=Count("pk", filter=Q(state=A.OFFERED)),
        accepted=Count("pk", filter=Q(state=A.ACCEPTED)),
    )
    return [
        Stat(number(own["people"]), _("students have applied")),
        Stat(number(own["offered"]), _("have an offer")),
        Stat(number(own["accepted"]), _("have a place")),
        _open_places(),
    ]


def _operator_stats(user: Any, access: Access) -> list[Stat]:
    """For who runs the partnership: what is open, and whom the operator endorses in a coordinator's stead."""
    # An administrator sees every application; only those of universities without a coordinator wait for them.
    orphans = Q(university__isnull=False) & ~Q(university_id__in=access.kept_universities)
    waiting = Application.objects.visible_to(user).to_endorse().filter(orphans).count()
    return [
        _open_places(),
        Stat(
            number(waiting),
            _("wait for you instead of a coordinator"),
            f"{reverse('internships:worklist')}?programme=all&state={A.SUBMITTED}",
        ),
    ]


def _open_places() -> Stat:
    places = Vacancy.objects.open().aggregate(n=Count("pk"))["n"]
    return Stat(number(places), _("places open now"), reverse("internships:index"))


def number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)
