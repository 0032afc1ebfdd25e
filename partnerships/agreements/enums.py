"""Kinds, states and ways of signing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.directory.enums import Role


class AgreementKind(models.TextChoices):
    """What an agreement is to the portal; which type it is, administrators say (`AgreementType`)."""

    FRAMEWORK = "framework", _("Framework agreement")
    PLACEMENT = "placement", _("Tripartite practice contract")
    AMENDMENT = "amendment", _("Amendment")
    GENERAL = "general", _("Agreement")


class AgreementState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    DRAFT = "draft", _("Draft")
    LEGAL_REVIEW = "legal_review", _("Legal review")
    APPROVAL = "approval", _("Internal approval")
    CLEARED = "cleared", _("Approved, not sent yet")
    SIGNING = "signing", _("With the parties")
    PARTLY_SIGNED = "partly_signed", _("Partly signed")
    IN_FORCE = "in_force", _("In force")
    TERMINATED = "terminated", _("Ended early")
    SUPERSEDED = "superseded", _("Replaced by a newer one")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


SIGNING_STATES = (AgreementState.SIGNING, AgreementState.PARTLY_SIGNED)
# The text is fixed and looked at within the house; nobody outside has it yet.
REVIEW_STATES = (AgreementState.LEGAL_REVIEW, AgreementState.APPROVAL, AgreementState.CLEARED)
# What stands there in these has been before the parties.
SENT_STATES = (
    *SIGNING_STATES,
    AgreementState.IN_FORCE,
    AgreementState.TERMINATED,
    AgreementState.SUPERSEDED,
)
OPEN_STATES = (AgreementState.PROPOSED, AgreementState.DRAFT, *REVIEW_STATES, *SIGNING_STATES)
LIVE_STATES = (*OPEN_STATES, AgreementState.IN_FORCE)


class TermKind(models.TextChoices):
    FIXED = "fixed", _("Until a date")
    AUTO = "auto", _("Renews by itself")
    OPEN = "open", _("Without an end")


class Decision(models.TextChoices):
    """What was decided about the time after the present term; it ends the reminders of the notice day."""

    RENEW = "renew", _("Renewed by a new agreement")
    KEEP = "keep", _("Goes on")
    LAPSE = "lapse", _("Ends with its term")


# Days before the notice day on which an administrator may have a type reminded of.
REMINDED = (365, 270, 180, 120, 90, 60, 45, 30, 14, 7, 3, 1)
REMIND_DAYS = (180, 90, 30, 7)


class PartyRole(models.TextChoices):
    """What a party is in the agreement. Where each stands once, the text can name it."""

    UNIVERSITY = "university", _("University")
    COMPANY = "company", _("Company")
    STUDENT = "student", _("Student")
    PARTNER = "partner", _("Other partner")


class Method(models.TextChoices):
    CLICK = "click", _("Signed in the portal")
    SCAN = "scan", _("Signed on paper")


# Who signs for a party that is an organisation; a person signs for themselves.
SIGNERS: dict[str, tuple[str, ...]] = {
    PartyRole.UNIVERSITY: (Role.COORDINATOR, Role.LEADERSHIP),
    PartyRole.COMPANY: (Role.HR, Role.LEADERSHIP),
    PartyRole.PARTNER: (Role.PARTNERSHIPS, Role.LEADERSHIP),
    PartyRole.STUDENT: (),
}
# Who prepares, sends and ends the agreements of an organisation.
MANAGERS = (Role.PARTNERSHIPS, Role.HR, Role.COORDINATOR)
# Who looks at a text within the house before the partner has it, where its type asks for that.
LAWYERS = (Role.LEGAL, Role.LEADERSHIP)
APPROVERS = (Role.LEADERSHIP,)
# Who reads those in which their organisation is a party.
READERS = (Role.COORDINATOR, Role.LEADERSHIP, Role.HR, Role.PARTNERSHIPS)
