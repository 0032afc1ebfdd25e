"""The transition tables of practice and internship: the pages that a manager can read.

Diagrams: docs/workflows.md, drawn from these tables.
"""

from internships.workflow.applying import APPLICATION, INTERVIEW, PROGRAMME
from internships.workflow.placing import ABSENCE, CONCERN, DIARY, EVALUATION, PLACEMENT, REPORT

__all__ = [
    "ABSENCE",
    "APPLICATION",
    "CONCERN",
    "DIARY",
    "EVALUATION",
    "INTERVIEW",
    "PLACEMENT",
    "PROGRAMME",
    "REPORT",
]
