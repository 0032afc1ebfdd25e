"""What reviews give the portal: what waits to be marked, and what waits for the chair."""

from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.common.direction import MenuItem, Source, Todo
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.reviews.enums import Phase
from partnerships.reviews.kinds import types
from partnerships.reviews.models import Review, ReviewMember, ReviewRound

# Who as a rule is asked to review; the page is there for everybody who is.
REVIEWERS = (Role.EXPERT, Role.MENTOR, Role.UNIT_HEAD, Role.TRAINER, Role.HR, Role.LECTURER)


def works(user: Any) -> bool:
    access = access_of(user)
    return access.has(*REVIEWERS) or leads_somewhere(user)


def leads_somewhere(user: Any) -> bool:
    return access_of(user).has(*(role for kind in types().values() for role in kind.roles))


def todos(user: Any) -> list[Todo]:
    """One line for each round: how many reviews wait for me; as a chair, that all marks are in."""
    found = []
    mine = ReviewMember.objects.filter(
        person_id=access_of(user).person_id, active=True, round__state__in=[Phase.MARKING, Phase.DISCUSSION]
    )
    # Most people review nothing: what stands in conflict is asked only for those who do.
    if access_of(user).workplaces and mine.exists():
        waiting = Review.objects.own(user).to_mark().order_by()
        rows = waiting.values("round__uid", "round__title", "round__due").annotate(n=Count("pk"))
        for row in rows.order_by("round__due")[:8]:
            words = ngettext("Mark %(n)s: %(round)s", "Mark %(n)s: %(round)s", row["n"])
            found.append(
                Todo(
                    words % {"n": row["n"], "round": row["round__title"]},
                    _("Commission"),
                    reverse("reviews:next", args=[row["round__uid"]]),
                    due=row["round__due"],
                    count=row["n"],
                )
            )
    if leads_somewhere(user):
        open_ones = Review.objects.to_mark().filter(round=OuterRef("pk"))
        done = Review.objects.counted().filter(round=OuterRef("pk"))
        ready = ReviewRound.objects.led_by(user).filter(~Exists(open_ones), Exists(done), state=Phase.MARKING)
        found += [
            Todo(
                _("All marks are in: %(round)s") % {"round": row.title},
                _("Open the discussion or close"),
                row.get_absolute_url(),
            )
            for row in ready.order_by("pk")[:8]
        ]
    return found


SOURCE = Source(
    key="reviews",
    todos=todos,
    menu=(MenuItem(gettext_lazy("Reviews"), "reviews:mine", works),),
)
