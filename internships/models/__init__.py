"""Programmes with their places, applications to them, and interviews."""

from internships.models.applications import Application, Assessment, Choice, NominationOrder
from internships.models.interviews import Interview
from internships.models.programmes import Period, Position, Programme, Vacancy

__all__ = [
    "Application",
    "Assessment",
    "Choice",
    "Interview",
    "NominationOrder",
    "Period",
    "Position",
    "Programme",
    "Vacancy",
]
