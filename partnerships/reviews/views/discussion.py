"""The discussion of one item: who reads it, under which name, and who writes."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partnerships.common.access import access
from partnerships.common.prepared import Prepared
from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.directory.reports import people_at
from partnerships.reviews import actions, reports
from partnerships.reviews.forms import RemarkForm
from partnerships.reviews.models import Remark, Review, ReviewRound

MOST_SHOWN = 200


def item_of(found: ReviewRound, uid: Any, user: Any) -> Any:
    """An item that this reader may meet; 404 for what they stand in conflict with."""
    item = reports.met_one(found, user, uid)
    if item is None:
        raise Http404
    return item


def name_of(person: Person, user: Any, found: ReviewRound, number: int | None) -> str:
    """Somebody of the round as this reader may know them: oneself always, else by the number of the review
    where the round is blind."""
    if person.pk == access_of(user).person_id:
        return _("You")
    if reports.names_reviewers(user, found):
        return person.name
    return _("Reviewer %(n)s") % {"n": number} if number else _("Another reviewer")


@dataclass(frozen=True)
class Said:
    """A remark as its reader sees it."""

    remark: Remark
    who: str
    mine: bool


_REMARKS = Prepared(
    lambda key, item: (
        Remark.objects.filter(round_id=key, object_id=item)
        .select_related("author")
        .order_by("pk")[:MOST_SHOWN]
    )
)


def discussion_of(user: Any, found: ReviewRound, row: Any, given: list[Review]) -> dict[str, Any] | None:
    """What has been said about an item, and whether this reader may add to it; None where there was no
    discussion and is none. `given` are its reviews in the order in which the page numbers them."""
    remarks = _REMARKS(found.pk, row.pk)
    if not remarks and not found.switches.discuss:
        return None
    numbers = {review.member.person_id: number for number, review in enumerate(given, 1)}
    named = reports.names_reviewers(user, found)
    chairs: set[int] = set()
    if not named and any(remark.author_id not in numbers for remark in remarks):
        chairs = set(people_at(found.organization, *found.reviewed.roles).values_list("pk", flat=True))
    person_id = access_of(user).person_id
    shown = []
    for remark in remarks:
        number = numbers.get(remark.author_id)
        who = name_of(remark.author, user, found, number)
        if not named and number is None and remark.author_id in chairs and remark.author_id != person_id:
            who = _("Who leads the round")
        shown.append(Said(remark, who, remark.author_id == person_id))
    return {
        "said": shown,
        "open": found.switches.discuss,
        "form": RemarkForm() if found.switches.discuss else None,
        "nameless": not named,
        "say_url": reverse("reviews:say", args=[found.uid, row.uid]),
    }


@require_POST
@login_required
def unsay(request: HttpRequest, uid: Any) -> HttpResponse:
    """Take one's own words back."""
    remark = access(Remark.objects.select_related("round__organization"), uid, request.user)
    actions.unsay(remark, actor=request.user)
    messages.success(request, _("Taken back."))
    row = remark.round.reviewed.rows().get(pk=remark.object_id)
    return redirect(f"{reverse('reviews:item', args=[remark.round.uid, row.uid])}#discussion")
