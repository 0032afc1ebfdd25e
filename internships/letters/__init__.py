"""Who is told what about programmes, applications, interviews and the practice that follows."""

from internships.letters import changes, finishing, reminders

LETTERS = [*changes.LETTERS, *finishing.LETTERS]
REMINDERS = [*reminders.REMINDERS, *finishing.REMINDERS]

__all__ = ["LETTERS", "REMINDERS"]
