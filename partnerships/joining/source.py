"""What joining gives the portal: the requests that wait, the search, the menu."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partnerships.agreements.enums import AgreementState
from partnerships.common.capped import CAP, capped, counted
from partnerships.common.clock import moment_in_words
from partnerships.common.direction import Hit, MenuItem, Source, Todo
from partnerships.common.indicator import Benefit, Indicator
from partnerships.common.piles import Pile, Sought
from partnerships.common.query_words import Typed
from partnerships.directory.asked import asked
from partnerships.directory.enums import Ownership, Role
from partnerships.joining.enums import JoinState
from partnerships.joining.models import JoinRequest
from partnerships.joining.rules import GONE
from partnerships.joining.views import runs_partnership

ONE_BY_ONE = 3


def piles(user: Any) -> list[Pile]:
    """Who waits to be looked at, and where the first person has come: a few by name, more as one line."""
    if not runs_partnership(user):
        return []
    return [
        Pile(_received(), ONE_BY_ONE, _look_at, _look_at_all, along=True),
        Pile(_came(), ONE_BY_ONE, _go_on, _go_on_all),
        Pile(_drafted(), ONE_BY_ONE, _prepare, _prepare_all),
    ]


@asked
def _received() -> Any:
    rows = JoinRequest.objects.filter(state=JoinState.RECEIVED)
    return rows.only("uid", "name", "state_since").order_by("pk")


@asked
def _came() -> Any:
    """The code was used: an agreement is offered next, or the organisation is made a partner."""
    return JoinRequest.objects.filter(state=JoinState.INVITED, invitation__uses_left=0).order_by("pk")


def _go_on(row: JoinRequest) -> Todo:
    return Todo(
        _("Its first person has come: %(name)s") % {"name": row.name},
        _("Offer an agreement, or make it a partner."),
        row.get_absolute_url(),
    )


def _go_on_all(_found: list[JoinRequest], count: int) -> list[Todo]:
    title = ngettext(
        "The first person of %(n)s organisation has come",
        "The first people of %(n)s organisations have come",
        count,
    )
    url = f"{reverse('joining:requests')}?state={JoinState.INVITED}"
    return [Todo(title % {"n": count}, _("Offer an agreement, or make it a partner."), url, count=count)]


@asked
def _drafted() -> Any:
    """The agreement that was offered has not left the house, or fell away."""
    waits = Q(agreement__state=AgreementState.DRAFT, agreement__sent_at=None) | Q(agreement__state__in=GONE)
    return JoinRequest.objects.filter(waits, state=JoinState.OFFERED).order_by("pk")


def _prepare(row: JoinRequest) -> Todo:
    return Todo(
        _("Prepare the agreement: %(name)s") % {"name": row.name},
        _("Waits since %(since)s for what was offered.") % {"since": moment_in_words(row.state_since)},
        row.get_absolute_url(),
    )


def _prepare_all(_found: list[JoinRequest], count: int) -> list[Todo]:
    title = ngettext(
        "Prepare %(n)s agreement that was offered", "Prepare %(n)s agreements that were offered", count
    )
    url = f"{reverse('joining:requests')}?state={JoinState.OFFERED}"
    return [Todo(title % {"n": count}, _("Those who asked to join wait for them."), url, count=count)]


def _look_at(row: JoinRequest) -> Todo:
    return Todo(
        _("Asks to join: %(name)s") % {"name": row.name},
        _("waits since %(since)s") % {"since": moment_in_words(row.state_since)},
        row.get_absolute_url(),
    )


def _look_at_all(_found: list[JoinRequest], count: int) -> list[Todo]:
    title = ngettext("%(n)s organisation asks to join", "%(n)s organisations ask to join", count)
    url = f"{reverse('joining:requests')}?state={JoinState.RECEIVED}"
    title, detail = title % {"n": counted(*capped(count))}, _("They were told that they will be answered.")
    return [Todo(title, detail, url, count=min(count, CAP))]


@asked
def _found(user: Any, words: str) -> Any:
    rows = JoinRequest.objects.visible_to(user).filter(folded__contains=words).order_by("-pk")
    return rows.only("uid", "name", "state")


def sought(user: Any, folded: str, limit: int) -> list[Sought]:
    return [Sought(_found(user, Typed(folded)), limit, _hit)]


def _hit(row: JoinRequest) -> Hit:
    return Hit(row.name, row.get_state_display(), row.get_absolute_url(), _("Requests to join"))


INDICATORS = (
    Indicator(
        key="joining.private",
        title=gettext_lazy("Private partners joined"),
        unit=pgettext_lazy("unit", "organisations"),
        formula=gettext_lazy(
            "Private organisations that asked to join on the portal and became a partner in the year."
        ),
        benefit=Benefit.ECONOMY,
        model="joining.JoinRequest",
        owner=Role.PARTNERSHIPS,
        where=Q(state=JoinState.JOINED, organization__ownership=Ownership.PRIVATE),
        when="state_since",
        value=Count("organization", distinct=True),
        sides=("organization",),
    ),
    Indicator(
        key="joining.partners",
        title=gettext_lazy("Partners joined"),
        unit=pgettext_lazy("unit", "organisations"),
        formula=gettext_lazy(
            "Organisations that asked to join on the portal and became a partner in the year."
        ),
        benefit=Benefit.ECONOMY,
        model="joining.JoinRequest",
        owner=Role.PARTNERSHIPS,
        where=Q(state=JoinState.JOINED, organization__isnull=False),
        when="state_since",
        value=Count("organization", distinct=True),
        sides=("organization",),
    ),
)

SOURCE = Source(
    key="joining",
    indicators=INDICATORS,
    piles=piles,
    sought=sought,
    menu=(MenuItem(gettext_lazy("Requests to join"), "joining:requests", runs_partnership),),
)
