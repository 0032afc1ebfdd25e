"""Organisations and their units in one tree, people, and what they are there."""

from partnerships.directory.models.apart import ToldApart
from partnerships.directory.models.deputies import Deputyship, DeputyshipQuerySet
from partnerships.directory.models.organizations import (
    Company,
    Domain,
    ExternalId,
    Organization,
    OrganizationName,
    OrganizationQuerySet,
    RootManager,
    Unit,
    University,
)
from partnerships.directory.models.people import (
    KEEPERS,
    Affiliation,
    AffiliationQuerySet,
    Invitation,
    Person,
    PersonQuerySet,
    Skill,
    Specialty,
    Study,
)
from partnerships.directory.models.successions import Succession

__all__ = [
    "KEEPERS",
    "Affiliation",
    "AffiliationQuerySet",
    "Company",
    "Deputyship",
    "DeputyshipQuerySet",
    "Domain",
    "ExternalId",
    "Invitation",
    "Organization",
    "OrganizationName",
    "OrganizationQuerySet",
    "Person",
    "PersonQuerySet",
    "RootManager",
    "Skill",
    "Specialty",
    "Study",
    "Succession",
    "ToldApart",
    "Unit",
    "University",
]
