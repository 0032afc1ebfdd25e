"""Seats and the waiting line behind them: locking, offering, giving back, moving up.

Lock order, the same everywhere: pools by key, then application rows by key. Whoever may free or take
a seat, or stands in line for one, is moved under the lock of that pool.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from internships.conditions import framework_refusal, rules_refusal, still_student
from internships.enums import InterviewState
from internships.models import Application, Interview, Vacancy
from internships.workflow import APPLICATION, INTERVIEW
from partnerships.bookings import actions as bookings
from partnerships.calls.models import Step
from partnerships.common.asked import RowByKey
from partnerships.common.clock import end_of_day, today
from partnerships.common.refusals import StaleState
from partnerships.seats import actions as seats
from partnerships.seats.models import Waiting
from partnerships.workflow.actors import SYSTEM


def pools_of(applications: Iterable[Application]) -> set[int]:
    """Pools in which these applications hold a seat or stand in line."""
    keys = [application.pk for application in applications]
    offered = Vacancy.objects.filter(offered_to__in=keys).order_by().values_list("pool_id")
    waiting = Waiting.objects.filter(claimant__in=keys).order_by().values_list("pool_id")
    return {pool_id for (pool_id,) in offered.union(waiting)}


def _locked(key: int, choices: bool, _needs_framework: bool) -> Any:
    rows = Application.objects.filter(pk=key)
    return rows.with_choices() if choices else rows.with_parties()


_LOCKED: RowByKey[Application] = RowByKey(_locked)


def lock_applications(keys: Iterable[int], *, choices: bool = False) -> list[Application]:
    """Lock rows in key order and read them afresh, with what most verbs look at.

    choices     with the chosen places, their rules and seats too, for verbs that weigh them
    """
    keys = set(keys)
    rows = Application.objects.filter(pk__in=keys).order_by("pk")
    # Two statements: what is joined to a locked row is only certain when it is read under the lock.
    there = list(rows.select_for_update().values_list("pk"))
    if len(keys) == 1:
        needs_framework = settings.PLACEMENT_NEEDS_FRAMEWORK
        return [_LOCKED(key, choices, needs_framework) for (key,) in there]
    # Sorted here: Django weighs each of a hundred columns against the order that it is given.
    wide = rows.order_by().with_choices() if choices else rows.order_by().with_parties()
    return sorted(wide, key=attrgetter("pk"))


def lock_line(keys: Iterable[int], *more_pools: int, choices: bool = False) -> list[Application]:
    """Lock the pools that these applications hold or wait for (and `more_pools`), then the applications.

    `choices` as for lock_applications. Raises StaleState when one of them got into another line while we
    waited for the locks.
    """
    keys = set(keys)
    pools = pools_of(Application(pk=key) for key in keys) | set(more_pools)
    seats.lock(pools)
    rows = lock_applications(keys, choices=choices)
    if pools_of(rows) - pools:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), rows[0])
    return rows


def offer_expiry(application: Application) -> datetime:
    """The end of the day by which an offer made now is answered: `offer_days` from today, or the call's
    common answering deadline while that lies ahead and sooner; never after the start."""
    programme = application.programme
    latest = end_of_day(today() + timedelta(days=programme.offer_days))
    answer, start = programme.call.at(Step.ANSWER), programme.call.at(Step.START)
    if answer is not None and timezone.now() < answer < latest:
        latest = answer
    return min(latest, start) if start is not None and start > timezone.now() else latest


def give_back(application: Application) -> list[int]:
    """What ends with an application: its seat is freed, its places in line and its interviews fall away.

    Answers with the pool in which a seat became free, for `move_up`; empty when it held none.
    The caller holds the locks.
    """
    freed = []
    vacancy = application.offered_vacancy
    if vacancy is not None and seats.release(vacancy.pool, application.pk):
        freed.append(vacancy.pool_id)
    seats.leave([application.pk])
    drop_interviews(application)
    return freed


def drop_interviews(application: Application) -> None:
    """What is still scheduled falls away once the application is decided."""
    for interview in Interview.objects.filter(application=application, state=InterviewState.SCHEDULED):
        INTERVIEW.apply(interview, "drop", actor=SYSTEM, active=False)
        free_room(interview)


def free_room(interview: Interview) -> None:
    """The room of a talk that does not take place is free again."""
    if interview.booking is not None:
        bookings.fall_away(interview.booking)


def move_up(freed: Iterable[int]) -> list[Application]:
    """Offer each freed seat to the next in line: one promotion for each entry, a pool may stand twice.

    Only freed seats move the line: the company may be keeping other free ones for candidates it has
    not decided on. Whoever the place's rules no longer take is passed over. Call under the lock of the
    pools. Nobody is moved up once the programme has begun.
    """
    promoted = [_promote_one(pool_id) for pool_id in sorted(freed)]
    return [application for application in promoted if application is not None]


def _promote_one(pool_id: int) -> Application | None:
    vacancy = Vacancy.objects.select_related("pool", "position__programme__call").get(pool_id=pool_id)
    if vacancy.position.programme.call.passed(Step.START):
        return None
    for row in seats.next_in_line(pool_id):
        application = Application.objects.with_choices().get(pk=row.claimant)
        why = still_student(application, SYSTEM) or rules_refusal(application, vacancy)
        if why or framework_refusal(application, vacancy):
            continue  # stays in line: the company sees why, and decides
        expires = offer_expiry(application)
        APPLICATION.apply(
            application,
            "promote",
            actor=SYSTEM,
            offered_vacancy=vacancy,
            offer_expires=expires,
        )
        seats.hold(vacancy.pool, application.pk, organization_id=application.university_id, expires=expires)
        seats.leave([application.pk])
        return application
    return None
