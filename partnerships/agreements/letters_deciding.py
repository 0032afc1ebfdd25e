"""What is said of what comes after the term of an agreement: to who decides it, and to the leadership."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.agreements import reports
from partnerships.agreements.enums import REMINDED
from partnerships.agreements.models import Agreement
from partnerships.common.clock import day_in_words, moment_in_words, today
from partnerships.common.letters import ReminderRule
from partnerships.common.moments import StartOfDay
from partnerships.directory.models import Person

AGREEMENT = "agreements.Agreement"
DAY = timedelta(days=1)
OFFSETS = (*(days * DAY for days in REMINDED), 0 * DAY)
WEEK = 7 * DAY


def words(change: Any, agreement: Agreement) -> dict[str, Any]:
    return {
        "title": agreement.title,
        "number": agreement.number or "—",  # a draft that was never sent has none
        "party": agreement.awaiting.name if agreement.awaiting else "",
        "since": moment_in_words(agreement.turn_since) if agreement.turn_since else "",
        "term": agreement.term,
        "ends": agreement.end_in_words((get_language() or "az")[:2]),
        "notice_by": day_in_words(agreement.notice_by) if agreement.notice_by else "",
        "note": change.note if change else "",
    }


def deciders(agreement: Agreement, offset: timedelta) -> Iterable[Person]:
    """Who answers for it and the deputy, on the days that its type names, on the notice day, then weekly."""
    return _of(agreement, "deciders") if _told_on(agreement, offset) else []


def heads(agreement: Agreement, offset: timedelta) -> Iterable[Person]:
    """The leadership, from thirty days before the notice day on: others decide, it sees that they do."""
    return _of(agreement, "heads") if offset <= 30 * DAY and _told_on(agreement, offset) else []


def _told_on(agreement: Agreement, offset: timedelta) -> bool:
    days = round(offset / DAY)
    return days <= 0 or agreement.type is None or days in agreement.type.remind_days


def _of(agreement: Agreement, which: str) -> list[Person]:
    """Asked once for an agreement, whose offsets may be many."""
    if "_told" not in agreement.__dict__:
        decide = reports.deciders_of(agreement, head=False)
        above = [person for person in reports.approvers_of(agreement) if person not in decide]
        agreement.__dict__["_told"] = {"deciders": decide, "heads": above}
    found: list[Person] = agreement.__dict__["_told"][which]
    return found


def notice_in_words(agreement: Agreement) -> str:
    """The notice day, or the day of the next look, and whether it has gone by."""
    if agreement.notice_by is None:
        return ""
    gone = agreement.notice_by < today()
    if agreement.period_ends is None:
        said = (
            _("It was to be looked at again by: %(day)s.")
            if gone
            else _("To be looked at again by: %(day)s.")
        )
    else:
        said = _("The notice day has gone by: %(day)s.") if gone else _("Notice day: %(day)s.")
    return str(said) % {"day": day_in_words(agreement.notice_by)}


def deciding_words(agreement: Agreement) -> dict[str, Any]:
    who = ", ".join(person.name for person in _of(agreement, "deciders")) or agreement.owner.short_name
    return {**words(None, agreement), "notice": notice_in_words(agreement), "who": who}


def undecided() -> Any:
    """In force, with a notice day, nothing decided, not put off to a day ahead. Counted from the morning of
    the notice day: whoever is asked on that day can still decide in time."""
    rows = Agreement.objects.to_decide().annotate(due_at=StartOfDay("notice_by"))
    return rows.filter(Q(postponed_until=None) | Q(postponed_until__lte=today())).with_rows()


def put_off() -> Any:
    """Decisions that were put off to a day that has come."""
    return Agreement.objects.to_decide().filter(postponed_until__lte=today()).with_rows()


DECIDING = (
    ReminderRule(
        kind="agreements.remind_notice",
        model=AGREEMENT,
        due="due_at",
        rows=undecided,
        offsets=OFFSETS,
        every=WEEK,
        audience=deciders,
        context=deciding_words,
        subject=_("Decide by %(notice_by)s: %(title)s"),
        body=_(
            "Number: %(number)s. End of the term: %(ends)s. %(notice)s\n\n"
            "Renew it, let it go on or let it end, or decide later and say why. Until then you are reminded."
        ),
        label=_("Reminder: the notice day of an agreement"),
        action=_("Decide"),
    ),
    ReminderRule(
        kind="agreements.remind_notice_head",
        model=AGREEMENT,
        due="due_at",
        rows=undecided,
        offsets=OFFSETS,
        every=WEEK,
        audience=heads,
        context=deciding_words,
        subject=_("Not decided yet, by %(notice_by)s: %(title)s"),
        body=_(
            "Number: %(number)s. End of the term: %(ends)s. %(notice)s\n\n"
            "Who decides: %(who)s. They are reminded too; the leadership is told until it is decided."
        ),
        label=_("Reminder to the leadership: an agreement is not decided yet"),
        action=_("Open the agreement"),
    ),
    ReminderRule(
        kind="agreements.remind_put_off",
        model=AGREEMENT,
        due="asked_again_at",
        rows=put_off,
        offsets=(timedelta(0),),
        audience=lambda agreement, _offset: reports.deciders_of(agreement, head=True),
        context=deciding_words,
        subject=_("To be decided now: %(title)s"),
        body=_(
            "Number: %(number)s. The decision was put off until today. %(notice)s\n\nWho decides: %(who)s."
        ),
        label=_("Reminder: a decision about an agreement was put off until today"),
        action=_("Open the agreement"),
    ),
)
