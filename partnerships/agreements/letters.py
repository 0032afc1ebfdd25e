"""Who is told what about agreements, and who is reminded to sign."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from partnerships.agreements import brought, reports
from partnerships.agreements.enums import SIGNING_STATES, AgreementState, Decision
from partnerships.agreements.letters_deciding import DECIDING, words
from partnerships.agreements.models import Agreement, Obligation, Party
from partnerships.common.clock import day_in_words
from partnerships.common.letters import Letter, News, ReminderRule
from partnerships.common.moments import StartOfDay
from partnerships.directory.models import Organization, Person
from partnerships.notifications import following
from partnerships.notifications.models import Follow
from partnerships.workflow.models import ActorKind, Change

AGREEMENT = "agreements.Agreement"
DAY = timedelta(days=1)
LATE_WEEKS = 8  # so long what is owed is reminded weekly after its day; it stays in the list of obligations


def next_signers(change: Any, agreement: Agreement) -> Iterable[Person]:
    """Whose turn it is; where nobody in the portal signs for that party, who keeps the agreement."""
    if agreement.state not in SIGNING_STATES or agreement.awaiting is None:
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


def is_to_end(change: Any, agreement: Agreement) -> bool:
    """That it ends with its term still holds, for this reason: neither decided anew nor ended since."""
    later = Change.objects.of(agreement).filter(verb="lapse", pk__gt=change.pk)
    decided = agreement.state == AgreementState.IN_FORCE and agreement.decision == Decision.LAPSE
    return decided and not later.exists()


def told_it_ends(change: Any, agreement: Agreement) -> Iterable[Person]:
    """Who was told that it would not be continued, where that is what was taken back."""
    decided = Change.objects.of(agreement).filter(verb__in=("renew", "keep", "lapse"), pk__lt=change.pk)
    last = decided.order_by("-pk").first()
    return reports.people_of(agreement) if last is not None and last.verb == "lapse" else []


def is_undecided(_change: Any, agreement: Agreement) -> bool:
    return agreement.state == AgreementState.IN_FORCE and agreement.decision != Decision.LAPSE


def late_signers(agreement: Agreement, offset: timedelta) -> Iterable[Person]:
    """After three and seven days those who sign; after ten all whose role signs there, and the keepers."""
    if agreement.awaiting is None:
        return []
    asked = list(next_signers(None, agreement))
    if offset > -10 * DAY:
        return asked
    return reports.each_once(asked, reports.role_holders(agreement.awaiting), reports.managers_of(agreement))


def lawyers(change: Any, agreement: Agreement) -> Iterable[Person]:
    return reports.lawyers_of(agreement)


def approvers(change: Any, agreement: Agreement) -> Iterable[Person]:
    return reports.approvers_of(agreement)


def asker(change: Any, agreement: Agreement) -> Iterable[Person]:
    """Who proposed it; of one that was rejected in the house who keeps it."""
    if agreement.proposed_by_id is not None and agreement.made_by is not None:
        return Person.objects.filter(pk=agreement.made_by.person_id).select_related("user")
    return reports.managers_of(agreement)


def partners_in(_change: Any, agreement: Agreement) -> list[Organization]:
    """The organisations in it; a contract with one person is no news of a partner."""
    parties = agreement.in_order
    if any(party.organization_id is None for party in parties):
        return []
    return [party.organization for party in parties if party.organization is not None]


def ending_and_followed() -> Any:
    """In force, over before long, nothing after it, and somebody follows a party."""
    follows = Follow.objects.filter(
        content_type=ContentType.objects.get_for_model(Organization),
        object_id=OuterRef("organization_id"),
    )
    followed = Party.objects.filter(Exists(follows), agreement=OuterRef("pk"))
    return Agreement.objects.expiring().filter(Exists(followed)).with_rows()


def followers_of_parties(agreement: Agreement, _offset: timedelta) -> Iterable[Person]:
    parties = partners_in(None, agreement)
    return following.followers(parties, agreement) if parties else []


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
        _("All parties have signed. Number: %(number)s. Term: %(term)s."),
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
        "lapses",
        ("lapse",),
        everybody,
        _("Ends with its term: %(title)s"),
        _("It will not be continued. Last day: %(ends)s. Number: %(number)s.\n\nReason: %(note)s"),
        _("An agreement is not continued"),
        stands=is_to_end,
    ),
    _letter(
        "reconsidered",
        ("reconsider",),
        told_it_ends,
        _("To be decided anew: %(title)s"),
        _(
            "That it would not be continued was taken back; what comes after its term is decided anew. "
            "Number: %(number)s.\n\nReason: %(note)s"
        ),
        _("It is decided anew whether an agreement is continued"),
        stands=is_undecided,
    ),
    _letter(
        "proposed",
        ("propose",),
        keepers,
        _("Proposed to you: %(title)s"),
        _("A partner asks for an agreement.\n\n%(note)s"),
        _("A partner proposes an agreement"),
        move=True,
    ),
    _letter(
        "answered",
        ("take_up",),
        asker,
        _("Being prepared: %(title)s"),
        _("Your proposal was taken up. You are told when it is sent for signing."),
        _("My proposal of an agreement is answered"),
    ),
    _letter(
        "rejected",
        ("reject",),
        asker,
        _("Rejected: %(title)s"),
        _("There will be no agreement for now.\n\nReason: %(note)s"),
        _("An agreement is rejected"),
    ),
    _letter(
        "legal",
        ("to_legal",),
        lawyers,
        _("For legal review: %(title)s"),
        _("Number: %(number)s. Read the text and pass it, or send it back with a reason."),
        _("An agreement waits for legal review"),
        move=True,
    ),
    _letter(
        "approval",
        ("to_approval", "pass_on"),
        approvers,
        _("For approval: %(title)s"),
        _("Number: %(number)s. Read the text, then approve it or send it back with a reason."),
        _("An agreement waits for approval"),
        move=True,
    ),
    _letter(
        "cleared",
        ("clear", "approve"),
        keepers,
        _("Approved: %(title)s"),
        _("Number: %(number)s. It can be sent for signing."),
        _("An agreement is approved within the house"),
        move=True,
    ),
    _letter(
        "rework",
        ("rework",),
        keepers,
        _("Back to the draft: %(title)s"),
        _("Number: %(number)s.\n\nReason: %(note)s"),
        _("An agreement comes back from review"),
        move=True,
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

# To those who follow a partner, as far as they may see the agreement.
PARTNER = "directory.Organization"
NEWS = [
    News(AGREEMENT, ("take_force", "paper"), PARTNER, partners_in, _("An agreement is in force")),
    News(AGREEMENT, ("terminate",), PARTNER, partners_in, _("An agreement has ended early")),
]


def owed() -> Any:
    """Under agreements that hold, with a day, of which not all was entered."""
    rows = Obligation.objects.in_force().undone().exclude(due=None)
    return rows.annotate(due_at=StartOfDay("due")).with_rows()


def owers(obligation: Obligation, offset: timedelta) -> Iterable[Person]:
    """Who signs for the party that owes it; a week after its day who keeps the agreement, too. Nobody where
    the directions have counted enough of it."""
    kept = obligation.__dict__
    if "_all_done" not in kept:
        counted = brought.counted_under(obligation.agreement) if obligation.figure else {}
        number = counted[obligation.figure].value if obligation.figure in counted else None
        kept["_all_done"] = obligation.is_done(number)
    if kept["_all_done"]:
        return []
    found = reports.signers_of(obligation.party)
    return found if offset > -7 * DAY else reports.each_once(found, reports.managers_of(obligation.agreement))


def owed_words(obligation: Obligation) -> dict[str, Any]:
    return {
        "what": obligation.what,
        "amount": obligation.amount_in_words or "–",
        "due": day_in_words(obligation.due) if obligation.due else "",
        "party": obligation.party.name,
        "agreement": f"{obligation.agreement.number} {obligation.agreement.title}".strip(),
    }


REMINDERS = [
    ReminderRule(
        kind="agreements.remind_obligation",
        model="agreements.Obligation",
        due="due_at",
        rows=owed,
        offsets=(30 * DAY, 7 * DAY, timedelta(0), *(-7 * week * DAY for week in range(1, LATE_WEEKS + 1))),
        audience=owers,
        context=owed_words,
        subject=_("Owed by %(due)s: %(what)s"),
        body=_(
            "Agreement: %(agreement)s. Who owes it: %(party)s. How much: %(amount)s.\n\n"
            "Enter on the page of the agreement what was done. Until all of it is there you are reminded."
        ),
        label=_("Reminder: what is owed under an agreement"),
        action=_("Open the agreement"),
    ),
    ReminderRule(
        kind="agreements.news_ends",
        model=AGREEMENT,
        due="expires",
        rows=ending_and_followed,
        offsets=(30 * DAY,),
        audience=followers_of_parties,
        context=lambda agreement: words(None, agreement),
        subject=_("An agreement is about to end: %(title)s"),
        body=_("You follow one of its parties. Number: %(number)s. End of the term: %(ends)s."),
        label=_("An agreement of a partner that I follow is about to end"),
        action=_("Open the agreement"),
    ),
    ReminderRule(
        kind="agreements.remind_sign",
        model=AGREEMENT,
        due="due_at",
        rows=lambda: (
            Agreement.objects.filter(state__in=SIGNING_STATES).annotate(due_at=F("turn_since")).with_rows()
        ),
        offsets=(-3 * DAY, -7 * DAY, -10 * DAY),
        audience=late_signers,
        context=lambda agreement: words(None, agreement),
        subject=_("Not signed since %(since)s: %(title)s"),
        body=_("Number: %(number)s. Waits for the signature of: %(party)s."),
        label=_("Reminder: an agreement is not signed"),
        action=_("Read and sign"),
    ),
    *DECIDING,
]
