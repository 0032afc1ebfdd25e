"""What reviews give the portal: what waits to be marked, and what waits for the chair."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partnerships.common.addresses import addresses
from partnerships.common.clock import start_of_day
from partnerships.common.direction import Entry, Hit, MenuItem, Source, Todo
from partnerships.common.indicator import Benefit, Indicator
from partnerships.common.piles import Dated, Pile, Sifted, Sought
from partnerships.common.query_words import Typed
from partnerships.common.wording import read_as
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.reviews.enums import Phase, ReviewState
from partnerships.reviews.kinds import types
from partnerships.reviews.models import Review, ReviewMember, ReviewRound

# Who as a rule is asked to review; the page is there for everybody who is.
REVIEWERS = (Role.EXPERT, Role.MENTOR, Role.UNIT_HEAD, Role.TRAINER, Role.HR, Role.LECTURER)


def works(user: Any) -> bool:
    access = access_of(user)
    return access.has(*REVIEWERS) or leads_somewhere(user)


def leads_somewhere(user: Any) -> bool:
    return access_of(user).has(*(role for kind in types().values() for role in kind.roles))


def piles(user: Any) -> list[Pile]:
    """One line for each round: how many reviews wait for me; as a chair, that all marks are in."""
    found: list[Pile] = []
    # Most people review nothing: what stands in conflict is asked only for those who do.
    if access_of(user).workplaces:
        found.append(Sifted(_sits_in(user), 0, sift=lambda _rows: _to_mark(user)))
    if leads_somewhere(user):
        found.append(Pile(_ready(user), 8, _to_close))
    return found


@asked
def _sits_in(user: Any) -> Any:
    return ReviewMember.objects.filter(
        person_id=access_of(user).person_id, active=True, round__state__in=[Phase.MARKING, Phase.DISCUSSION]
    )


def _to_mark(user: Any) -> list[Todo]:
    to = addresses("reviews:next")
    return [
        Todo(
            ngettext("Mark %(n)s: %(round)s", "Mark %(n)s: %(round)s", n)
            % {"n": n, "round": read_as(title, title_en)},
            _("Commission"),
            to(uid),
            due=due,
            count=n,
        )
        for uid, title, title_en, due, n in _waiting(user)[:8]
    ]


@asked
def _waiting(user: Any) -> Any:
    mine = Review.objects.own(user).to_mark().order_by()
    rows = mine.values_list("round__uid", "round__title", "round__title_en", "round__due")
    return rows.annotate(n=Count("pk")).order_by("round__due")


@asked
def _ready(user: Any) -> Any:
    open_ones = Review.objects.to_mark().filter(round=OuterRef("pk"))
    done = Review.objects.counted().filter(round=OuterRef("pk"))
    led = ReviewRound.objects.led_by(user).filter(~Exists(open_ones), Exists(done), state=Phase.MARKING)
    return led.order_by("pk")


def _to_close(row: ReviewRound) -> Todo:
    title = _("All marks are in: %(round)s") % {"round": row.display_title}
    return Todo(title, _("Open the discussion or close"), row.get_absolute_url())


@asked
def _found(user: Any, words: str) -> Any:
    rows = ReviewRound.objects.visible_to(user).filter(folded__contains=words).order_by("-pk")
    # Values alone: what `visible_to` works out for each row is not asked for then.
    return rows.select_related(None).values_list("uid", "title", "title_en", "state")


def sought(user: Any, folded: str, limit: int) -> list[Sought]:
    """Rounds that one leads or reviews in. What they are about is found where it belongs, or, where it is
    hidden, not at all."""
    access = access_of(user)
    if access.person_id is None or access.link or not access.workplaces:
        return []
    return [Sought(_found(user, Typed(folded)), limit, _hit)]


def _hit(row: tuple[Any, str, str, str]) -> Hit:
    uid, title, title_en, state = row
    url = addresses("reviews:round")(uid)
    return Hit(read_as(title, title_en), str(Phase(state).label), url, _("Reviews"))


def dated(user: Any, first: date, last: date) -> list[Dated]:
    """The days by which marks are due, of the rounds that one leads or reviews in."""
    access = access_of(user)
    if access.person_id is None or access.link or not access.workplaces:
        return []
    return [Dated(_due(user, first, last), 200, partial(_marks_due, addresses("reviews:round")), along=True)]


@asked
def _due(user: Any, first: date, last: date) -> Any:
    rows = ReviewRound.objects.visible_to(user).filter(
        state__in=[Phase.MARKING, Phase.DISCUSSION],
        due__gte=start_of_day(first),
        due__lt=start_of_day(last + timedelta(days=1)),
    )
    # Values alone, as in `_found`.
    rows = rows.select_related(None).order_by("due", "pk")
    return rows.values_list("uid", "title", "title_en", "due", "version")


def _marks_due(to: Callable[[Any], str], row: tuple[Any, ...]) -> list[Entry]:
    uid, title, title_en, due, version = row
    words = _("Marks due: %(round)s") % {"round": read_as(title, title_en)}
    return [Entry(f"review-round-{uid}", words, due, url=to(uid), sequence=version)]


INDICATORS = (
    Indicator(
        key="reviews.submitted",
        title=gettext_lazy("Expert reviews handed in"),
        unit=pgettext_lazy("unit", "reviews"),
        formula=gettext_lazy("Reviews that were handed in during the year, in all commissions."),
        benefit=Benefit.SCIENCE,
        model="reviews.Review",
        owner=Role.EXPERT,
        where=Q(state=ReviewState.SUBMITTED),
        when="submitted_at",
        sides=("round__organization",),
        opens=False,
    ),
)

SOURCE = Source(
    key="reviews",
    indicators=INDICATORS,
    piles=piles,
    sought=sought,
    dated=dated,
    menu=(MenuItem(gettext_lazy("Reviews"), "reviews:mine", works),),
)
