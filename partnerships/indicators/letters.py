"""Who is told of reported values."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from partnerships.common.indicator import unit_of
from partnerships.common.letters import Letter, told_as
from partnerships.directory.models import Person
from partnerships.directory.reports import people_at
from partnerships.indicators import catalogue
from partnerships.indicators.enums import ANSWERABLE
from partnerships.indicators.models import ReportedValue
from partnerships.indicators.reports import in_words

MODEL = "indicators.ReportedValue"


@told_as(_("as one who answers for the organisation's numbers"))
def answerable(_change: Any, value: ReportedValue) -> Iterable[Person]:
    return people_at(value.organization, *ANSWERABLE)


@told_as(_("as the one who reported it"))
def reporter(_change: Any, value: ReportedValue) -> Iterable[Person]:
    return [value.reported_by]


def words(change: Any, value: ReportedValue) -> dict[str, Any]:
    known = catalogue.indicator(value.indicator)
    return {
        "what": str(known.title) if known else value.indicator,
        "amount": f"{in_words(value.amount)} {unit_of(value.amount, known.unit) if known else ''}".strip(),
        "year": value.year,
        "organization": value.organization.display_name,
        "source": value.source,
        "note": change.note if change else "",
    }


LETTERS = [
    Letter(
        kind="indicators.reported",
        model=MODEL,
        verbs=("report", "correct"),
        audience=answerable,
        context=words,
        subject=_("To be confirmed: %(what)s, %(year)s"),
        body=_("%(organization)s, %(year)s: %(amount)s.\n\nSource: %(source)s"),
        label=_("A value was reported and waits for confirmation"),
        action=_("Look at it"),
        move=True,
    ),
    Letter(
        kind="indicators.answered",
        model=MODEL,
        verbs=("confirm", "return", "cancel"),
        audience=reporter,
        context=words,
        subject=_("Your reported value has been looked at: %(what)s, %(year)s"),
        body=_("%(organization)s, %(year)s: %(amount)s.\n\n%(note)s"),
        label=_("A value that I reported was confirmed or returned"),
        action=_("Open the value"),
    ),
]
