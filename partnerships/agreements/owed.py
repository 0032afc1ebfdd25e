"""What is owed under agreements that hold: the list over all of them, narrowed to what is late."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partnerships.agreements.models import Obligation
from partnerships.agreements.models.obligations import number_in_words
from partnerships.common.lists import ListPage, Pill
from partnerships.common.tables import Column
from partnerships.common.templatetags.ui import chip
from partnerships.common.text import folded_words

# Rows of which the directions count a part say "counted by the portal": how much stands on their agreement.


def _rows(user: Any) -> Any:
    return Obligation.objects.visible_to(user).in_force()


def _find(rows: Any, typed: str) -> Any:
    for word in folded_words(typed):
        rows = rows.filter(agreement__folded__contains=word)
    return rows


def _done(row: Obligation) -> str:
    if row.figure:
        return _("counted by the portal")
    return number_in_words(row.done_by_hand) if row.amount is not None else ""


def _state(row: Obligation) -> Any:
    if row.is_done():
        return _("Fulfilled"), "good"
    if not row.figure and row.is_late():
        return _("Late"), "bad"
    return pgettext_lazy("obligation", "Open"), "on"


OBLIGATIONS = ListPage(
    above=((gettext_lazy("Agreements"), "agreements:list"),),
    title=gettext_lazy("Obligations"),
    about=gettext_lazy("What is owed under the agreements that hold, by whom and by when."),
    rows=_rows,
    fill=lambda rows: rows.with_rows(),
    order=("due", "pk"),
    columns=(
        Column(pgettext_lazy("of an obligation", "What"), lambda row: row.what, width=50),
        Column(gettext_lazy("Who owes it"), lambda row: row.party.name, width=40),
        Column(
            gettext_lazy("Agreement"),
            lambda row: f"{row.agreement.number} {row.agreement.title}".strip(),
            width=60,
            only="table",
        ),
        Column(gettext_lazy("How much"), lambda row: row.amount_in_words, width=20),
        Column(pgettext_lazy("of an obligation", "Done"), _done, width=20),
        Column(gettext_lazy("By when"), lambda row: row.due, width=12),
        Column(
            gettext_lazy("State"), lambda row: str(_state(row)[0]), lambda row: chip(*_state(row)), width=16
        ),
    ),
    under=lambda row: row.agreement.number or row.agreement.title,
    counted=lambda n: ngettext("%(count)s obligation", "%(count)s obligations", n),
    empty=(
        gettext_lazy("Nothing is owed"),
        gettext_lazy("What a party owes is written down on the page of its agreement."),
    ),
    icon="check2-square",
    pills=(
        Pill("late", gettext_lazy("Late"), lambda rows, _user: rows.late()),
        Pill("open", pgettext_lazy("obligation", "Open"), lambda rows, _user: rows.undone()),
        Pill(
            "done", gettext_lazy("Fulfilled"), lambda rows, _user: rows.by_hand().filter(hand__gte=F("whole"))
        ),
    ),
    search=gettext_lazy("Number, title or party"),
    find=_find,
    download="agreements.obligations",
)
