"""Who is told what about programmes, applications and interviews."""

from internships.letters.changes import LETTERS
from internships.letters.reminders import REMINDERS

__all__ = ["LETTERS", "REMINDERS"]
