"""The list of agreements: what a row says of each as its reader sees it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.agreements import reports
from partnerships.agreements.enums import READERS, AgreementKind
from partnerships.agreements.filters import SHOWS, in_show, of_kind
from partnerships.agreements.models import Agreement, AgreementType, Party
from partnerships.agreements.moves import state_shown
from partnerships.agreements.places import Those, at_place
from partnerships.agreements.rules import has_turn
from partnerships.common.addresses import addresses
from partnerships.common.among import AmongKnown, in_one
from partnerships.common.lists import Button, Choice, ListPage, Order, Pill, Within
from partnerships.common.markup import markup
from partnerships.common.sharing import attach, sharing
from partnerships.common.tables import Column, page_column, twofold
from partnerships.common.templatetags.ui import chip
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked


@dataclass(frozen=True)
class Line:
    """One row as its reader sees it."""

    agreement: Agreement
    state: str
    kind: str
    mine: bool
    awaits: str

    @property
    def uid(self) -> Any:
        return self.agreement.uid

    @property
    def parties(self) -> list[str]:
        return [party.name for party in self.agreement.in_order]


def lines(rows: Iterable[Agreement], user: Any) -> list[Line]:
    """What the columns read of these rows; one query for the parties."""
    rows = list(rows)
    attach(rows, "parties", _parties_of(in_one(row.pk for row in rows)), "agreement_id", "agreement")
    return [_line(row, user) for row in rows]


def _line(agreement: Agreement, user: Any) -> Line:
    words, kind = state_shown(agreement)
    first = agreement.awaiting
    mine = has_turn(user, agreement)
    return Line(agreement, words, "move" if mine else kind, mine, first.name if first else "")


# What is read -------------------------------------------------------------------------------------------
_SHOWN = (
    *("uid", "kind", "state", "number", "title_az", "title_en", "term_kind", "starts", "ends", "period_ends"),
    *("renew_months", "notice_by", "decision", "postponed_until", "text_kind"),
    *("type__key", "type__name_az", "type__name_en", "root__kind"),
    *("awaiting__role", "awaiting__person_id", "awaiting__signatory_id", "awaiting__name_az"),
    *("awaiting__name_en", "awaiting__unit__path", "awaiting__unit__root_id"),
)
_KEEPER = ("keeper__given_name", "keeper__family_name", "keeper__erased_at")


def on_page(rows: Any) -> Any:
    """What a row looks at, and no more; the parties come by `lines`."""
    return sharing(rows).select_related("type", "root", "awaiting__unit").only(*_SHOWN)


def in_table(rows: Any) -> Any:
    """With who answers for it."""
    rows = sharing(rows).select_related("type", "root", "awaiting__unit", "keeper")
    return rows.only(*_SHOWN, *_KEEPER, "in_force_since")


@asked
def _parties_of(agreements: str) -> Any:
    found = Party.objects.filter(AmongKnown("agreement_id", agreements))
    return sharing(found).only("agreement_id", "order", "person_id", "name_az", "name_en")


@asked
def _types() -> Any:
    return sharing(AgreementType.objects.all()).only("key", "name_az", "name_en")


# Columns ------------------------------------------------------------------------------------------------
def columns() -> list[Column]:
    return [
        Column(_("Number"), lambda line: line.agreement.number, width=20, only="table"),
        page_column(_("Agreement"), lambda line: line.agreement.type_name),
        Column(_("Agreement"), lambda line: line.agreement.title, width=60, only="table"),
        Column(_("Kind"), lambda line: line.agreement.type_name, only="table"),
        Column(_("Parties"), lambda line: "; ".join(line.parties), _parties, width=60),
        Column(_("State"), lambda line: line.state, _state(), width=22),
        Column(_("Signs next"), lambda line: line.awaits, width=36, only="table"),
        page_column(_("Term"), lambda line: markup("{}", line.agreement.term), "small num"),
        Column(_("Effective date"), lambda line: line.agreement.starts, width=14, only="table"),
        Column(_("Expiry date"), _last_day, width=16, only="table"),
        Column(_("Notice day"), lambda line: line.agreement.notice_by or "", width=14, only="table"),
        Column(_("Answers for it"), _keeper, width=30, only="table"),
        page_column(_("Action"), _act(), unsaid=True),
    ]


def _parties(line: Line) -> SafeString:
    names = (markup('<span class="d-block" dir="auto">{}</span>', name) for name in line.parties)
    return markup("<span>{}</span>", SafeString("".join(names)))


def _state() -> Callable[[Line], SafeString]:
    words = _("signs now: %(party)s")
    return lambda line: twofold(
        chip(line.state, line.kind), words % {"party": line.awaits} if line.awaits else ""
    )


def _last_day(line: Line) -> Any:
    return line.agreement.period_ends or _("without an end")


def _keeper(line: Line) -> str:
    return line.agreement.keeper.name if line.agreement.keeper else ""


def _act() -> Callable[[Line], SafeString]:
    sign = addresses("agreements:sign"), _("Sign"), _("Sign: %(title)s")
    look = addresses("agreements:agreement"), _("View"), _("View: %(name)s")

    def draw(line: Line) -> SafeString:
        to, words, aloud = sign if line.mine else look
        title = line.agreement.title
        return markup(
            '<a class="btn btn-quiet btn-sm" href="{}" aria-label="{}">{}</a>',
            to(line.uid),
            aloud % {"title": title, "name": title},
            words,
        )

    return draw


# The page -----------------------------------------------------------------------------------------------
def _kinds(_user: Any) -> list[tuple[str, Any]]:
    return [
        *((one.key, one.name) for one in _types()),
        (AgreementKind.AMENDMENT.value, AgreementKind.AMENDMENT.label),
    ]


def _pill(show: str, label: Any) -> Pill:
    return Pill(show, label, lambda rows, user: in_show(rows, show, user))


def _empty(user: Any) -> tuple[Any, Any]:
    if reports.opens_some(user):
        text = _(
            "A framework agreement of a company and a university is the ground on which students come to "
            "practice."
        )
    else:
        text = _(
            "Here stand the agreements in which you or your organisation is a party, as soon as one is sent "
            "for signing."
        )
    return _("No agreements yet"), text


def _buttons(user: Any) -> list[Button]:
    opens, proposes = reports.opens_some(user), access_of(user).has(*READERS)
    found = [
        Button(_("On a line of years"), reverse("agreements:timeline"), "calendar3"),
        Button(_("On a map"), reverse("agreements:map"), "geo-alt"),
    ]
    if opens or proposes:
        found.append(Button(_("Gaps"), reverse("agreements:gaps")))
        found.append(Button(_("Obligations"), reverse("agreements:obligations")))
    if reports.brings_for(user):
        found.append(Button(_("Import past agreements"), reverse("agreements:import"), "upload"))
    if opens:
        found.append(Button(_("New agreement"), reverse("agreements:new"), "plus-lg", primary=True))
    elif proposes:
        found.append(Button(_("Propose an agreement"), reverse("agreements:propose"), primary=True))
    return found


AGREEMENTS = ListPage(
    title=gettext_lazy("Agreements"),
    about=gettext_lazy(
        "Agreements of partners: what was signed, what is to be decided, what stands under them."
    ),
    rows=Agreement.objects.visible_to,
    fill=on_page,
    table=in_table,
    lines=lines,
    columns=columns,
    under=lambda line: line.agreement.number,
    address="agreements:agreement",
    counted=lambda n: ngettext("%(count)s agreement", "%(count)s agreements", n),
    empty=_empty,
    icon="file-earmark-text",
    within={"place": Within(Those.read, at_place)},
    pills=tuple(_pill(show, label) for show, label in SHOWS.items()),
    choices=(Choice("kind", gettext_lazy("Kind"), gettext_lazy("All kinds"), _kinds, of_kind),),
    orders=(
        Order("new", gettext_lazy("Newest first"), ("-pk",)),
        Order("end", gettext_lazy("Ending soonest first"), ("period_ends", "-pk")),
        Order("notice", gettext_lazy("Nearest notice day first"), ("notice_by", "-pk")),
    ),
    search=gettext_lazy("Number, title or party"),
    keep=asked,
    buttons=_buttons,
    download="agreements.agreements",
)
