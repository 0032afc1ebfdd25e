"""What is owed under agreements that hold: the list over all of them, narrowed to what is late."""

from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partnerships.agreements.brought import ObligationLine, lines_of, settled_by_count
from partnerships.agreements.enums import MANAGERS
from partnerships.agreements.models import Obligation
from partnerships.common.lists import Button, ListPage, Pill
from partnerships.common.tables import Column
from partnerships.common.templatetags.ui import chip
from partnerships.common.text import folded_words
from partnerships.directory.access import access_of


def _buttons(user: Any) -> list[Button]:
    if not access_of(user).has(*MANAGERS):
        return []
    return [Button(_("Import"), reverse("agreements:import_obligations"), "upload")]


def _rows(user: Any) -> Any:
    return Obligation.objects.visible_to(user).in_force()


def _late(rows: Any, user: Any) -> Any:
    return rows.overdue().exclude(pk__in=settled_by_count(user))


def _open(rows: Any, user: Any) -> Any:
    return rows.undone().exclude(pk__in=settled_by_count(user))


def _fulfilled(rows: Any, user: Any) -> Any:
    return rows.by_hand().filter(Q(hand__gte=F("whole")) | Q(pk__in=settled_by_count(user)))


def _agreement(line: ObligationLine) -> str:
    agreement = line.obligation.agreement
    return f"{agreement.number} {agreement.title}".strip()


def _find(rows: Any, typed: str) -> Any:
    for word in folded_words(typed):
        rows = rows.filter(agreement__folded__contains=word)
    return rows


def _done(line: ObligationLine) -> str:
    return line.done_in_words if line.obligation.amount is not None else ""


def _state(line: ObligationLine) -> Any:
    if line.finished:
        return _("Fulfilled"), "good"
    if line.late:
        return _("Late"), "bad"
    return pgettext_lazy("obligation", "Open"), "on"


OBLIGATIONS = ListPage(
    above=((gettext_lazy("Agreements"), "agreements:list"),),
    title=gettext_lazy("Obligations"),
    about=gettext_lazy("What is owed under the agreements that hold, by whom and by when."),
    rows=_rows,
    fill=lambda rows: rows.with_rows(),
    lines=lambda rows, _user: lines_of(rows),
    order=("due", "pk"),
    columns=(
        Column(pgettext_lazy("of an obligation", "What"), lambda line: line.obligation.what, width=50),
        Column(gettext_lazy("Who owes it"), lambda line: line.obligation.party.name, width=40),
        Column(
            gettext_lazy("Agreement"),
            _agreement,
            width=60,
            only="table",
        ),
        Column(gettext_lazy("How much"), lambda line: line.obligation.amount_in_words, width=20),
        Column(pgettext_lazy("of an obligation", "Done"), _done, width=20),
        Column(gettext_lazy("By when"), lambda line: line.obligation.due, width=12),
        Column(
            gettext_lazy("State"),
            lambda line: str(_state(line)[0]),
            lambda line: chip(*_state(line)),
            width=16,
        ),
    ),
    under=lambda line: line.obligation.agreement.number or line.obligation.agreement.title,
    counted=lambda n: ngettext("%(count)s obligation", "%(count)s obligations", n),
    empty=(
        gettext_lazy("Nothing is owed"),
        gettext_lazy("What a party owes is written down on the page of its agreement."),
    ),
    icon="check2-square",
    buttons=_buttons,
    pills=(
        Pill("late", gettext_lazy("Late"), _late),
        Pill("open", pgettext_lazy("obligation", "Open"), _open),
        Pill("done", gettext_lazy("Fulfilled"), _fulfilled),
    ),
    search=gettext_lazy("Number, title or party"),
    find=_find,
    download="agreements.obligations",
)
