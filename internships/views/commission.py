"""What the commission gave, beside each applicant: to human resources alone, and not while they mark."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from internships.models import Application, Programme
from internships.reviews import KEY
from partnerships.reviews import reports, rules
from partnerships.reviews.enums import Phase
from partnerships.reviews.models import ReviewRound


def round_of(programme: Programme | None, user: Any) -> ReviewRound | None:
    """The commission of this round whose marks this reader may see, if there is one."""
    if programme is None or not getattr(programme, "has_commission", True):
        return None
    found = reports.readable_round(KEY, programme.pk, user)
    return found if found is not None and rules.leads(user, found) else None


def commission_of(application: Application, user: Any) -> dict[str, Any] | None:
    """Mean, spread and how many have marked; nothing for whoever stands in conflict with the candidate."""
    found = round_of(application.programme, user)
    if found is None:
        return None
    result = reports.results(found, user, [application.pk]).get(application.pk)
    if result is None:
        return None
    return {
        "round": found,
        "result": result,
        "url": reverse("reviews:item", args=[found.uid, application.uid]),
        "dots": [round(float(score) / result.top * 100) for score in result.scores],
    }


def judged_or_not(programmes: Any) -> Any:
    """Programmes that know whether they ever had a commission: without one none is asked for."""
    rounds = ReviewRound.objects.filter(kind=KEY, container_id=OuterRef("pk"))
    return programmes.annotate(has_commission=Exists(rounds))


def card_of(programme: Programme, user: Any) -> dict[str, Any]:
    """The commission as the page of the programme shows it: how far it is, or how to open one."""
    found, progress = None, None
    if getattr(programme, "has_commission", True):
        found, progress = reports.newest_so_far(user, KEY, programme.pk) or (None, None)
    may_open = not programme.has_ended and (found is None or found.state == Phase.CLOSED)
    return {
        "round": found,
        "progress": progress,
        "open_url": reverse("reviews:open", args=[KEY, programme.slug]) if may_open else "",
    }
