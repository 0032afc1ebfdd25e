"""Programmes with their places, applications to them, interviews, and the practice that follows."""

from internships.models.applications import Application, Assessment, Choice, NominationOrder
from internships.models.diary import Absence, DiaryEntry, Evaluation, Report
from internships.models.following import Concern, Outcome
from internships.models.hazards import HazardClass, UnitHazard
from internships.models.interviews import Interview
from internships.models.mentors import MentorLimit, MentorLink
from internships.models.numbers import KeptYear
from internships.models.partners import ProgrammePartner
from internships.models.placements import Clearance, OnboardingTask, Placement
from internships.models.programmes import Period, Position, Programme, Vacancy

__all__ = [
    "Absence",
    "Application",
    "Assessment",
    "Choice",
    "Clearance",
    "Concern",
    "DiaryEntry",
    "Evaluation",
    "HazardClass",
    "Interview",
    "KeptYear",
    "MentorLimit",
    "MentorLink",
    "NominationOrder",
    "OnboardingTask",
    "Outcome",
    "Period",
    "Placement",
    "Position",
    "Programme",
    "ProgrammePartner",
    "Report",
    "UnitHazard",
    "Vacancy",
]
