"""Who is told what about agreements, and who is reminded to sign."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from partnerships.agreements import reports
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models import Agreement
from partnerships.common.clock import day_in_words, moment_in_words
from partnerships.common.direction import Letter, ReminderRule
from partnerships.directory.models import Person
from partnerships.workflow.models import ActorKind

AGREEMENT = "agreements.Agreement"
DAY = timedelta(days=1)


def words(change: Any, agreement: Agreement) -> dict[str, Any]:
    return {
        "title": agreement.title,
        "number": agreement.number or "—",  # a draft that was never sent has none
        "party": agreement.awaiting.name if agreement.awaiting else "",
        "since": moment_in_words(agreement.turn_since) if agreement.turn_since else "",
        "ends": day_in_words(agreement.ends) if agreement.ends else "",
        "note": change.note if change else "",
    }


def next_signers(change: Any, agreement: Agreement) -> Iterable[Person]:
    """Whose turn it is; where nobody in the portal signs for that party, who keeps the agreement."""
    if agreement.state != AgreementState.SIGNING or agreement.awaiting is None:
        return []
    return reports.signers_of(agreement.awaiting) or reports.managers_of(agreement)


def everybody(change: Any, agreement: Agreement) -> Iterable[Person]:
    return reports.people_of(agreement)


def told_of_early_end(change: Any, agreement: Agreement) -> Iterable[Person]:
    """Nobody where it ended with what it was about: that has told its own people already, and why."""
    return [] if change.actor_kind == ActorKind.SYSTEM else reports.people_of(agreement)


def keepers(change: Any, agreement: Agreement) -> Iterable[Person]:
    return reports.managers_of(agreement)


def told_of_end(change: Any, agreement: Agreement) -> Iterable[Person]:
    """Parties are told that it was withdrawn only where they had been asked to sign."""
    return reports.people_of(agreement) if agreement.sent_at else reports.managers_of(agreement)


def late_signers(agreement: Agreement, offset: timedelta) -> Iterable[Person]:
    """After three and seven days those who sign; after ten all whose role signs there, and the keepers."""
    if agreement.awaiting is None:
        return []
    asked = list(next_signers(None, agreement))
    if offset > -10 * DAY:
        return asked
    return reports.each_once(asked, reports.role_holders(agreement.awaiting), reports.managers_of(agreement))


def _letter(
    kind: str, verbs: tuple[str, ...], audience: Any, subject: Any, body: Any, label: Any, **more: Any
) -> Letter:
    return Letter(
        kind=f"agreements.{kind}",
        model=AGREEMENT,
        verbs=verbs,
        audience=audience,
        context=words,
        subject=subject,
        body=body,
        label=label,
        **{"action": _("Open the agreement"), **more},
    )


LETTERS = [
    _letter(
        "sign",
        ("send", "sign"),
        next_signers,
        _("Please sign: %(title)s"),
        _(
            "Number: %(number)s. It is your turn to sign for: %(party)s.\n\n"
            "Read the text, then sign it in the portal."
        ),
        _("An agreement waits for my signature"),
        action=_("Read and sign"),
        urgent=True,
    ),
    _letter(
        "in_force",
        ("take_force", "paper"),
        everybody,
        _("In force: %(title)s"),
        _("All parties have signed. Number: %(number)s."),
        _("An agreement comes into force"),
    ),
    _letter(
        "returned",
        ("return",),
        everybody,
        _("Returned: %(title)s"),
        _("A party has returned the text. Number: %(number)s.\n\nReason: %(note)s"),
        _("An agreement is returned"),
    ),
    _letter(
        "ended",
        ("terminate",),
        told_of_early_end,
        _("Ended early: %(title)s"),
        _("The agreement no longer holds. Number: %(number)s.\n\nReason: %(note)s"),
        _("An agreement is ended early"),
        urgent=True,
        move=False,
    ),
    _letter(
        "withdrawn",
        ("withdraw",),
        told_of_end,
        _("Withdrawn: %(title)s"),
        _("It will not be signed. Number: %(number)s.\n\n%(note)s"),
        _("An agreement is withdrawn"),
    ),
]

REMINDERS = [
    ReminderRule(
        kind="agreements.remind_sign",
        model=AGREEMENT,
        due="due_at",
        rows=lambda: (
            Agreement.objects.filter(state=AgreementState.SIGNING)
            .annotate(due_at=F("turn_since"))
            .with_rows()
        ),
        offsets=(-3 * DAY, -7 * DAY, -10 * DAY),
        audience=late_signers,
        context=lambda agreement: words(None, agreement),
        subject=_("Not signed since %(since)s: %(title)s"),
        body=_("Number: %(number)s. Waits for the signature of: %(party)s."),
        label=_("Reminder: an agreement is not signed"),
        action=_("Read and sign"),
    ),
    ReminderRule(
        kind="agreements.remind_end",
        model=AGREEMENT,
        due="due_at",
        rows=lambda: (
            Agreement.objects.frameworks()
            .in_force()
            .exclude(ends=None)
            .annotate(due_at=F("expires"))
            .with_rows()
        ),
        offsets=(90 * DAY, 30 * DAY, 7 * DAY),
        audience=lambda agreement, _offset: reports.managers_of(agreement),
        context=lambda agreement: words(None, agreement),
        subject=_("Ends on %(ends)s: %(title)s"),
        body=_("Number: %(number)s. Extend it by an amendment, or let it end."),
        label=_("Reminder: a framework agreement ends"),
        action=_("Open the agreement"),
    ),
]
