"""Agreements of two or more parties: their texts, who signs, who has signed."""

from partnerships.agreements.models.agreement_rows import SOON, AgreementQuerySet
from partnerships.agreements.models.agreements import Agreement
from partnerships.agreements.models.obligations import Fulfilment, Obligation
from partnerships.agreements.models.parties import AgreementText, Party, Signature
from partnerships.agreements.models.templates import AgreementTemplate, TemplateVersion
from partnerships.agreements.models.types import AgreementType

__all__ = [
    "SOON",
    "Agreement",
    "AgreementQuerySet",
    "AgreementTemplate",
    "AgreementText",
    "AgreementType",
    "Fulfilment",
    "Obligation",
    "Party",
    "Signature",
    "TemplateVersion",
]
