"""What the company decides: score, offer, waiting list, refusal."""

from typing import Any

from django.db import transaction
from django.db.models import Avg
from django.utils.translation import gettext as _

from internships import rules
from internships.actions.line import (
    drop_interviews,
    give_back,
    lock_applications,
    lock_line,
    move_up,
    offer_expiry,
)
from internships.conditions import framework_refusal, place_refusal
from internships.models import Application, Assessment, Vacancy
from internships.workflow import APPLICATION
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.common.text import at_most
from partnerships.seats import actions as seats
from partnerships.workflow.actors import as_actor, in_whose_name


@transaction.atomic
def assess(application: Application, *, actor: Any, score: int | None, note: str) -> Assessment:
    """Keep this colleague's score (0–100) and note; the application's score is the mean of all.

    Where a deputy scores, the score says in whose place.
    """
    by = as_actor(actor)
    application = lock_applications([application.pk])[0]
    if not rules.may_score(by.principal, application):
        raise Refused(_("Only the company's people score candidates."))
    by = in_whose_name(by, rules.may_score, application)
    assessment, _created = Assessment.objects.update_or_create(
        application=application,
        user=by.user,
        defaults={"score": score, "note": at_most("note", note, 2000), "holder_id": by.on_behalf_of},
    )
    application.score = application.assessments.aggregate(mean=Avg("score"))["mean"]
    application.save(update_fields=["score"])
    return assessment


@transaction.atomic
def offer(
    application: Application, *, actor: Any, vacancy: Vacancy | None = None, note: str = ""
) -> Application:
    """Offer a place: the one named, else the highest of the student's choices that still takes
    them and has a seat. What was true at sending stays in `eligibility`; the rules are asked again here.

    The seat is held from now until the offer is answered or lapses. Raises Blocked when no seat is left
    (also when two decide at once: the second is told), or when it is not one of the choices.
    """
    pools = _pools_to_offer(application, vacancy)
    application = lock_line([application.pk], *pools, choices=True)[0]
    chosen = _with_seat(application, vacancy)
    if chosen is not None and (why := framework_refusal(application, chosen)):
        raise Blocked(why, application)
    expires = offer_expiry(application)
    APPLICATION.apply(
        application,
        "offer",
        actor=actor,
        note=note,
        offered_vacancy=chosen,
        offer_expires=expires,
    )
    seats.hold(chosen.pool, application.pk, organization_id=application.university_id, expires=expires)
    seats.leave([application.pk])
    drop_interviews(application)
    return application


def _pools_chosen(application: Application) -> set[int]:
    return set(application.choices.values_list("vacancy__pool_id", flat=True))


def _pools_to_offer(application: Application, wanted: Vacancy | None) -> set[int]:
    """The pools of the chosen places, to be locked.

    Who decides what is decided, or comes for a place that is given out, is told so before anybody waits for a
    lock; whoever is let through is asked again under it.
    """
    rows = application.choices.values_list(
        "vacancy_id",
        "vacancy__pool_id",
        "vacancy__pool__taken",
        "vacancy__pool__capacity",
        "application__state",
    )
    pools = set()
    for vacancy_id, pool_id, taken, capacity, state in rows:
        APPLICATION.expect(Application(pk=application.pk, uid=application.uid, state=state), "offer")
        if wanted is not None and wanted.pk == vacancy_id and taken >= capacity:
            raise Blocked(seats.NO_SEAT, application)
        pools.add(pool_id)
    return pools


def _with_seat(application: Application, wanted: Vacancy | None) -> Vacancy | None:
    """None lets the table refuse with the reason of the first choice."""
    choices = [choice.vacancy for choice in application.choices.all()]
    if wanted is not None:
        named = next((vacancy for vacancy in choices if vacancy.pk == wanted.pk), None)
        if named is None:
            raise Blocked(
                Refusal(_("The student did not choose this place."), code="not_chosen"), application
            )
        if why := place_refusal(application, named):
            raise Blocked(why, application)
        return named
    free = (vacancy for vacancy in choices if place_refusal(application, vacancy) is None)
    return next(free, choices[0] if choices else None)


@transaction.atomic
def waitlist(
    application: Application, *, actor: Any, note: str = "", place: int | None = None
) -> Application:
    """Put the student in line for every place chosen; the higher the score, the further ahead.

    A lower `place` set by hand goes before scores. The line moves when a seat becomes free, not
    before: free seats are the company's to offer.
    """
    application = lock_line([application.pk], *_pools_chosen(application), choices=True)[0]
    APPLICATION.apply(application, "waitlist", actor=actor, note=note)
    drop_interviews(application)
    by_score = -int((application.score or 0) * 100)
    for choice in application.choices.all():
        seats.wait(
            choice.vacancy.pool,
            application.pk,
            organization_id=application.university_id,
            place=by_score if place is None else place - 10_000_000,
        )
    return application


@transaction.atomic
def refuse(application: Application, *, actor: Any, code: str, note: str) -> Application:
    """Say no, with a reason that is counted and words that the student reads."""
    application = lock_line([application.pk])[0]
    APPLICATION.apply(application, "refuse", actor=actor, note=note, refusal_code=code)
    move_up(give_back(application))
    return application


@transaction.atomic
def revoke(application: Application, *, actor: Any, note: str) -> Application:
    """Take an offer back, with the reason; the seat goes to the next in line."""
    application = lock_line([application.pk])[0]
    vacancy = application.offered_vacancy
    APPLICATION.apply(application, "revoke", actor=actor, note=note, offered_vacancy=None, offer_expires=None)
    application.offered_vacancy = vacancy
    freed = give_back(application)
    application.offered_vacancy = None
    move_up(freed)
    return application


def reconsider(application: Application, *, actor: Any, note: str) -> Application:
    """Undo a refusal, or give somebody whose offer lapsed another chance."""
    application = Application.objects.with_parties().get(pk=application.pk)
    return APPLICATION.apply(
        application,
        "reconsider",
        actor=actor,
        note=note,
        refusal_code="",
        offered_vacancy=None,
        offer_expires=None,
    )
