"""Who is told of reviews: who is asked, who must look again, the chair of a no, everybody of a new phase.

No letter names what is reviewed: it may be hidden from its reader, and mail is kept for long.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from partnerships.common.clock import moment_in_words
from partnerships.common.letters import FOLLOWED, Letter, News, ReminderRule
from partnerships.directory import threads
from partnerships.directory.models import Person
from partnerships.directory.reports import people_at
from partnerships.reviews import conflicts
from partnerships.reviews.models import Remark, Review, ReviewMember, ReviewRound, due_members

DAY = timedelta(days=1)


def _words(found: ReviewRound) -> dict[str, Any]:
    return {"round": found.display_title, "due": moment_in_words(found.due)}


def asked(change: Any, member: ReviewMember) -> dict[str, Any]:
    count = change.data.get("count", 1)
    much = ngettext("%(n)s review", "%(n)s reviews", count) % {"n": count}
    return {**_words(member.round), "much": much}


def member_person(change: Any, member: ReviewMember) -> Iterable[Person]:
    return [member.person] if member.active else []


def reviewer(change: Any, review: Review) -> Iterable[Person]:
    return [review.member.person]


def chairs(change: Any, review: Review) -> Iterable[Person]:
    """Who leads the round, less those who stand in conflict with what the review is about."""
    found = review.round
    people = list(people_at(found.organization, *found.reviewed.roles))
    rows = found.reviewed.model_class._base_manager.filter(pk=review.object_id)
    tied = {person for _item, person in conflicts.table(found.reviewed, rows, [p.pk for p in people])}
    return [person for person in people if person.pk not in tied]


def about(change: Any, review: Review) -> dict[str, Any]:
    return {**_words(review.round), "reviewer": review.member.person.name, "note": change.note}


def members(change: Any, found: ReviewRound) -> Iterable[Person]:
    return [member.person for member in found.members.filter(active=True).select_related("person__user")]


def others_of(change: Any, remark: Remark) -> Iterable[Person]:
    """Who is asked for the same item, and who leads: all but those who stand in conflict with it."""
    found = remark.round
    asked_for = Review.objects.filter(round=found, object_id=remark.object_id, member__active=True).assigned()
    people = {review.member.person for review in asked_for.select_related("member__person__user")}
    people |= set(people_at(found.organization, *found.reviewed.roles))
    rows = found.reviewed.model_class._base_manager.filter(pk=remark.object_id)
    tied = {person for _item, person in conflicts.table(found.reviewed, rows, [p.pk for p in people])}
    return sorted((person for person in people if person.pk not in tied), key=lambda person: person.pk)


def its_item(remark: Remark) -> str:
    row = remark.round.reviewed.rows().get(pk=remark.object_id)
    return f"{reverse('reviews:item', args=[remark.round.uid, row.uid])}#discussion"


def late(member: ReviewMember, offset: timedelta) -> Iterable[Person]:
    """The reviewer; three days after the day whoever leads, too."""
    found = [member.person]
    if offset <= -3 * DAY:
        leading = people_at(member.round.organization, *member.round.reviewed.roles)
        found += _who_may_count(member, [person for person in leading if person != member.person])
    return found


def _who_may_count(member: ReviewMember, people: list[Person]) -> list[Person]:
    """Those who may read how much this reviewer has still to mark: a number tells of what is hidden, too.

    Where each of them stands in conflict with something of it, those who may know of the rest are told, so
    that somebody is.
    """
    kind = member.round.reviewed
    keys = set(Review.objects.filter(member=member).to_mark().values_list("object_id", flat=True))
    rows = kind.model_class._base_manager.filter(pk__in=keys)
    hidden = Counter(person for _item, person in conflicts.table(kind, rows, [p.pk for p in people]))
    free = [person for person in people if not hidden[person.pk]]
    return free or [person for person in people if hidden[person.pk] < len(keys)]


def remind_words(member: ReviewMember) -> dict[str, Any]:
    count = Review.objects.filter(member=member).to_mark().count()
    much = ngettext("%(n)s review", "%(n)s reviews", count) % {"n": count}
    return {**_words(member.round), "much": much, "reviewer": member.person.name}


def my_reviews(_obj: Any) -> str:
    return reverse("reviews:mine")


def its_round(review: Review) -> str:
    return review.round.get_absolute_url()


LETTERS = [
    Letter(
        kind="reviews.asked",
        model="reviews.ReviewMember",
        verbs=("assign",),
        audience=member_person,
        context=asked,
        subject=_("You are asked for reviews: %(round)s"),
        body=_(
            "Assigned to you: %(much)s. Due by %(due)s.\n\nIf you cannot review, or know the person, say so"
            " on the page: somebody else is then asked."
        ),
        label=_("I am asked for reviews"),
        action=_("Open my reviews"),
        url=my_reviews,
        move=True,
        many=ngettext_lazy(
            "You are asked for reviews %(n)s time", "You are asked for reviews %(n)s times", "n"
        ),
    ),
    Letter(
        kind="reviews.reopened",
        model="reviews.Review",
        verbs=("reopen",),
        audience=reviewer,
        context=about,
        subject=_("Please look at a review again: %(round)s"),
        body=_("A review that you handed in is open again.\n\n%(note)s"),
        label=_("A review of mine is opened again"),
        action=_("Open the review"),
        move=True,
    ),
    Letter(
        kind="reviews.refused",
        model="reviews.Review",
        verbs=("decline", "declare"),
        audience=chairs,
        context=about,
        subject=_("A reviewer is out: %(reviewer)s"),
        body=_("%(round)s: %(reviewer)s does not review one of those assigned.\n\n%(note)s"),
        label=_("A reviewer declines or has a conflict of interest"),
        action=_("Open the round"),
        url=its_round,
    ),
    Letter(
        kind="reviews.phase",
        model="reviews.ReviewRound",
        verbs=("discuss", "mark_again", "reopen"),
        audience=members,
        context=lambda _change, found: {**_words(found), "phase": found.get_state_display()},
        subject=_("%(round)s: %(phase)s"),
        body=_("The round is now in this phase: %(phase)s."),
        label=_("A round in which I review changes its phase"),
        action=_("Open the round"),
        mail=False,
    ),
    threads.letter(
        "reviews.remark",
        Remark,
        to=others_of,
        context=lambda _change, remark: _words(remark.round),
        subject=_("Something new in the discussion: %(round)s"),
        body=_("Something was written about one of those that you mark. The page shows what."),
        label=_("Somebody writes in a discussion in which I take part"),
        action=_("Open the discussion"),
        url=its_item,
        mail=False,
        many=_("%(n)s new in discussions of reviews"),
    ),
]


def new_day(_change: Any, found: ReviewRound) -> str:
    return _now("marks are due by %(due)s") % {"due": moment_in_words(found.due)}


# To who follows the round; its phases are told by themselves.
NEWS = [
    News(
        "reviews.ReviewRound",
        ("change",),
        "reviews.ReviewRound",
        lambda change, found: [found] if change.data.get("due") else [],
        new_day,
        kind=FOLLOWED,
    )
]

REMINDERS = [
    ReminderRule(
        kind="reviews.remind_due",
        model="reviews.ReviewMember",
        due="due_at",
        rows=due_members,
        offsets=(3 * DAY, DAY, -DAY, -3 * DAY),
        audience=late,
        context=remind_words,
        subject=_("Reviews due by %(due)s: %(round)s"),
        body=_("Still to be marked by %(reviewer)s: %(much)s."),
        label=_("Reminder: reviews are due"),
        action=_("Open my reviews"),
        url=my_reviews,
    )
]
