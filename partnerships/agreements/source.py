"""What agreements give the portal: whose signature is wanted, the search, the calendar, the menu."""

from datetime import date
from typing import Any

from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.agreements import measured, reports
from partnerships.agreements.brought import late_of
from partnerships.agreements.enums import APPROVERS, LAWYERS, MANAGERS, OPEN_STATES, AgreementState
from partnerships.agreements.models import Agreement, Obligation
from partnerships.agreements.models.agreement_rows import FOR_ONE_PRACTICE, decided_soon
from partnerships.common.capped import CAP, capped, counted
from partnerships.common.clock import day_in_words, moment_in_words
from partnerships.common.direction import Becomes, Entry, Hit, MenuItem, Source, Stat, Todo
from partnerships.common.piles import Dated, Numbers, Pile, Sifted, Sought, Tally
from partnerships.common.query_words import Typed
from partnerships.directory.access import Access, access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation

ONE_BY_ONE = 5


def piles(user: Any) -> list[Pile]:
    """What to sign, one by one while few; what waits for a move within the house; what is to be decided."""
    access = access_of(user)
    if access.person_id is None:
        return []
    return [
        Pile(_waiting(user), ONE_BY_ONE, _to_sign, _all_to_sign),
        Pile(_to_move(user), 2 * ONE_BY_ONE, _move),
        *([Sifted(_overdue(user), CAP + 1, sift=_owed_late)] if access.has(*MANAGERS) else []),
    ]


def steps(user: Any) -> list[Pile]:
    """A coordinator of whose university no agreement is to be seen yet reads who prepares it."""
    return [Tally(_without_any(user), 1, _expect)] if access_of(user).has(Role.COORDINATOR) else []


@asked
def _without_any(user: Any) -> Any:
    mine = Affiliation.objects.current().filter(person_id=access_of(user).person_id, role=Role.COORDINATOR)
    return mine.filter(~Exists(Agreement.objects.visible_to(user)))


def _expect(_count: int) -> list[Todo]:
    return [
        Todo(
            _("Framework agreement: none yet"),
            _("The company prepares it. Once it is sent, it stands here for whoever signs for you."),
            reverse("agreements:list"),
        )
    ]


@asked
def _waiting(user: Any) -> Any:
    return Agreement.objects.visible_to(user).waiting_for(user).order_by("turn_since", "pk")


def _to_sign(row: Agreement) -> Todo:
    since = {"since": moment_in_words(row.turn_since)} if row.turn_since else None
    return Todo(
        _("Sign: %(title)s") % {"title": row.title},
        _("waits since %(since)s") % since if since else "",
        reverse("agreements:sign", args=[row.uid]),
    )


def _all_to_sign(_found: list[Agreement], count: int) -> list[Todo]:
    title = ngettext("Sign %(n)s agreement", "Sign %(n)s agreements", count) % {"n": counted(*capped(count))}
    url = f"{reverse('agreements:list')}?show=mine"
    return [Todo(title, _("They wait for your signature."), url, count=min(count, CAP))]


@asked
def _to_move(user: Any) -> Any:
    """What came back to who keeps it, what a partner proposes, what is approved; what waits for a look,
    what is to be decided. One query."""
    access = access_of(user)
    mine = access.q("owner", *MANAGERS) & (
        Q(state=AgreementState.DRAFT, sent_at__isnull=False)
        | Q(state__in=(AgreementState.PROPOSED, AgreementState.CLEARED))
    )
    if access.has(*LAWYERS):
        mine |= access.q("owner", *LAWYERS) & Q(state=AgreementState.LEGAL_REVIEW)
    if access.has(*APPROVERS):
        mine |= access.q("owner", *APPROVERS) & Q(state=AgreementState.APPROVAL)
    return Agreement.objects.filter(mine | _noticed(access)).order_by("state_since", "pk")


def _noticed(access: Access) -> Q:
    """Whose notice day is near or past, for who answers for it, the deputy and partnership managers."""
    own = Q(keeper_id=access.person_id) | Q(deputy_id=access.person_id)
    kept = access.q("owner", Role.PARTNERSHIPS) | own & access.q("owner", *MANAGERS)
    amended = Agreement.objects.filter(kind="amendment", state__in=OPEN_STATES).values("parent")
    return kept & decided_soon() & ~Q(pk__in=amended)


def _move(row: Agreement) -> Todo:
    if row.state == AgreementState.IN_FORCE:
        return _to_decide(row)
    title, detail = MOVES[AgreementState(row.state)]
    return Todo(str(title) % {"title": row.title}, str(detail), row.get_absolute_url())


MOVES = {
    AgreementState.DRAFT: (
        gettext_lazy("Change and send again: %(title)s"),
        gettext_lazy("A party has returned it."),
    ),
    AgreementState.PROPOSED: (
        gettext_lazy("Answer the proposal: %(title)s"),
        gettext_lazy("A partner asks for an agreement."),
    ),
    AgreementState.LEGAL_REVIEW: (
        gettext_lazy("Legal review: %(title)s"),
        gettext_lazy("Read the text: pass it on, or send it back with a reason."),
    ),
    AgreementState.APPROVAL: (
        gettext_lazy("Approve: %(title)s"),
        gettext_lazy("Approve it, or send it back with a reason."),
    ),
    AgreementState.CLEARED: (
        gettext_lazy("Send for signing: %(title)s"),
        gettext_lazy("It is approved within the house."),
    ),
}


def _to_decide(row: Agreement) -> Todo:
    """An agreement whose notice day is near or past: what comes afterwards? Or does it go on?"""
    title, detail = _("Renew or let end: %(title)s"), _("notice day: %(day)s")
    if row.period_ends is None:
        title, detail = _("Look at it again: %(title)s"), _("to be looked at by %(day)s")
    day = day_in_words(row.notice_by) if row.notice_by else ""
    return Todo(
        title % {"title": row.title}, detail % {"day": day}, row.get_absolute_url(), due=row.notice_at
    )


@asked
def _overdue(user: Any) -> Any:
    """What was owed by a day gone by, under agreements that this user keeps, and was not entered in full."""
    kept = access_of(user).q("agreement__owner", *MANAGERS)
    rows = Obligation.objects.in_force().overdue().filter(kept).select_related("agreement", "party")
    return rows.order_by("due", "pk")


def _owed_late(rows: list[Obligation]) -> list[Todo]:
    """One by one while few; without what the directions have counted meanwhile."""
    found = late_of(rows)
    return [_one_late(row) for row in found] if len(found) <= ONE_BY_ONE else _all_late(found, len(found))


def _one_late(row: Obligation) -> Todo:
    return Todo(
        _("Late: %(what)s") % {"what": row.what},
        _("owed by: %(party)s") % {"party": row.party.name},
        row.get_absolute_url(),
        due=row.due,
    )


def _all_late(found: list[Obligation], count: int) -> list[Todo]:
    title = ngettext("%(n)s obligation is late", "%(n)s obligations are late", count)
    url = f"{reverse('agreements:obligations')}?show=late"
    detail = _("Under agreements that you keep.")
    words = title % {"n": counted(*capped(count))}
    return [Todo(words, detail, url, due=found[0].due, count=min(count, CAP))]


def numbers(user: Any) -> list[Numbers]:
    """How many framework agreements hold, for who answers for them."""
    if not access_of(user).has(Role.LEADERSHIP, Role.PARTNERSHIPS):
        return []
    return [Numbers((_frameworks(user).counted(),), _holding)]


@asked
def _frameworks(user: Any) -> Any:
    return Agreement.objects.visible_to(user).frameworks().in_force()


def _holding(count: int) -> list[Stat]:
    label = ngettext("framework agreement in force", "framework agreements in force", count)
    return [Stat(str(count), label, f"{reverse('agreements:list')}?kind=framework&show=in_force")]


@asked
def _found(user: Any, words: str) -> Any:
    rows = Agreement.objects.visible_to(user).filter(folded__contains=words).order_by("-pk")
    return rows.only("uid", "title_az", "title_en", "number", "state")


def sought(user: Any, folded: str, limit: int) -> list[Sought]:
    return [Sought(_found(user, Typed(folded)), limit, _hit)]


def _hit(row: Agreement) -> Hit:
    detail = f"{row.number} · {row.get_state_display()}".strip(" ·")
    return Hit(row.title, detail, row.get_absolute_url(), _("Agreements"))


def dated(user: Any, first: date, last: date) -> list[Dated]:
    """The last days of agreements in force that the user sees; a practice has entries of its own."""
    return [Dated(_ending(user, first, last), 200, _end)] if access_of(user).person_id is not None else []


@asked
def _ending(user: Any, first: date, last: date) -> Any:
    return (
        Agreement.objects.visible_to(user)
        .filter(~FOR_ONE_PRACTICE, ends__range=(first, last), state=AgreementState.IN_FORCE)
        .order_by("ends", "pk")
    )


def _end(row: Agreement) -> list[Entry]:
    title = _("Agreement ends: %(title)s") % {"title": row.title}
    if row.expires is None:
        return []
    return [Entry(f"agreement-{row.uid}", title, row.expires, url=row.get_absolute_url())]


SOURCE = Source(
    key="agreements",
    indicators=measured.INDICATORS,
    piles=piles,
    steps=steps,
    numbers=numbers,
    sought=sought,
    dated=dated,
    menu=(MenuItem(gettext_lazy("Agreements"), "agreements:list", reports.works_on_agreements),),
    becomes=(
        Becomes(
            gettext_lazy("Agreement"),
            lambda user: Agreement.objects.visible_to(user).exclude(FOR_ONE_PRACTICE),
            "agreements:new",
            reports.opens_some,
        ),
    ),
)
