"""Kinds of organisations, units, names and roles."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    UNIVERSITY = "university", _("University")
    COMPANY = "company", _("Company")
    PARTNER = "partner", _("Other partner")
    FACULTY = "faculty", _("Faculty")
    DEPARTMENT = "department", _("Department")
    LABORATORY = "laboratory", _("Laboratory")
    ENTERPRISE = "enterprise", _("Enterprise")
    NETWORK = "network", _("Regional network unit")
    SUBSTATION = "substation", _("Substation")
    CENTRE = "centre", _("Centre")
    OFFICE = "office", _("Office")


ROOT_KINDS = (Kind.UNIVERSITY, Kind.COMPANY, Kind.PARTNER)


class Ownership(models.TextChoices):
    STATE = "state", pgettext_lazy("ownership", "State")
    PRIVATE = "private", _("Private")


class NameKind(models.TextChoices):
    LABEL = "label", _("Name")
    ACRONYM = "acronym", _("Acronym")
    ALIAS = "alias", _("Also known as")
    FORMER = "former", _("Former name")


class Scheme(models.TextChoices):
    ROR = "ror", "ROR"
    VOEN = "voen", "VÖEN"
    WIKIDATA = "wikidata", "Wikidata"
    ISNI = "isni", "ISNI"


class Ending(models.TextChoices):
    """How an organisation came to its end in the portal."""

    DUPLICATE = "duplicate", _("A second record of the same organisation")
    MERGED = "merged", _("Joined another organisation")
    REPLACED = "replaced", _("Continued as another organisation")
    CLOSED = "closed", _("Closed")


class Role(models.TextChoices):
    """What somebody is at an organisation or unit; it holds for that node and all below it."""

    STUDENT = "student", _("Student")
    COORDINATOR = "coordinator", _("University coordinator")
    SUPERVISOR = "supervisor", pgettext_lazy("at the university", "Supervisor")
    LECTURER = "lecturer", _("Lecturer")
    HR = "hr", _("Human resources")
    MENTOR = "mentor", _("Mentor")
    UNIT_HEAD = "unit_head", _("Head of unit")
    SAFETY = "safety", _("Safety engineer")
    NEED_OWNER = "need_owner", _("Need owner")
    PARTNERSHIPS = "partnerships", _("Partnership manager")
    LEADERSHIP = "leadership", _("Leadership")
    LEGAL = "legal", _("Legal counsel")
    DATA_PROTECTION = "data_protection", _("Responsible for data protection")
    EXPERT = "expert", _("Expert")
    ORGANISER = "organiser", _("Organiser")
    TRAINER = "trainer", _("Trainer")
    FOUNDER = "founder", _("Founder")
    ADMINISTRATOR = "administrator", _("Administrator")


# Who meets other partners in the name of their organisation, on either side.
MEETING_ROLES = (
    Role.PARTNERSHIPS,
    Role.LEADERSHIP,
    Role.ADMINISTRATOR,
    Role.COORDINATOR,
    Role.SUPERVISOR,
    Role.LECTURER,
    Role.HR,
    Role.MENTOR,
    Role.UNIT_HEAD,
    Role.NEED_OWNER,
    Role.EXPERT,
    Role.ORGANISER,
    Role.TRAINER,
)
# Roles that a person may ask for at a university or a company; the rest are given, not asked for.
UNIVERSITY_ROLES = (Role.STUDENT, Role.COORDINATOR, Role.SUPERVISOR, Role.LECTURER, Role.LEADERSHIP)
COMPANY_ROLES = (
    Role.HR,
    Role.MENTOR,
    Role.UNIT_HEAD,
    Role.SAFETY,
    Role.NEED_OWNER,
    Role.LEADERSHIP,
    Role.LEGAL,
    Role.EXPERT,
    Role.TRAINER,
)


class AffiliationState(models.TextChoices):
    SUGGESTED = "suggested", _("Suggested by the e-mail address")
    REQUESTED = "requested", _("Asked for")
    VERIFIED = "verified", _("Confirmed")
    REFUSED = "refused", _("Refused")


class DeputyState(models.TextChoices):
    NAMED = "named", pgettext_lazy("deputy", "Named")
    DECLINED = "declined", pgettext_lazy("deputy", "Declined")
    REVOKED = "revoked", pgettext_lazy("deputy", "Ended early")


# Roles that nobody passes on: what one is oneself, and the keys of the portal.
NOT_PASSED_ON = (Role.STUDENT, Role.FOUNDER, Role.ADMINISTRATOR)
# Roles by which nobody works at an organisation: such a person stands in for nobody there.
NO_COLLEAGUES = (Role.STUDENT, Role.FOUNDER)


class Degree(models.TextChoices):
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTORATE = "doctorate", _("Doctorate")
    COLLEGE = "college", _("Vocational college")


class StudyMode(models.TextChoices):
    FULL_TIME = "full_time", _("Full-time")
    PART_TIME = "part_time", _("Part-time")
