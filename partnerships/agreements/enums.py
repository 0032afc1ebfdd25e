"""Kinds, states and ways of signing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.directory.enums import Role


class AgreementKind(models.TextChoices):
    FRAMEWORK = "framework", _("Framework agreement")
    PLACEMENT = "placement", _("Tripartite practice contract")
    AMENDMENT = "amendment", _("Amendment")


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SIGNING = "signing", _("Being signed")
    IN_FORCE = "in_force", _("In force")
    TERMINATED = "terminated", _("Ended early")
    SUPERSEDED = "superseded", _("Amended: the newer one holds")
    WITHDRAWN = "withdrawn", _("Withdrawn")


LIVE_STATES = (AgreementState.DRAFT, AgreementState.SIGNING, AgreementState.IN_FORCE)
OPEN_STATES = (AgreementState.DRAFT, AgreementState.SIGNING)


class TermKind(models.TextChoices):
    FIXED = "fixed", _("Until a date")
    OPEN = "open", _("Without an end")


class PartyRole(models.TextChoices):
    """What a party is in the agreement; each stands once, so that the text can name it."""

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
# Who reads those in which their organisation is a party.
READERS = (Role.COORDINATOR, Role.LEADERSHIP, Role.HR, Role.PARTNERSHIPS)
