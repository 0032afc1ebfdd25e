"""Who is told what about programmes, applications, interviews and the practice that follows."""

from internships.letters import changes, diary, finishing, placing, reminders

LETTERS = [*changes.LETTERS, *placing.LETTERS, *diary.LETTERS, *finishing.LETTERS]
NEWS = changes.NEWS
REMINDERS = [*reminders.REMINDERS, *placing.REMINDERS, *diary.REMINDERS, *finishing.REMINDERS]

__all__ = ["LETTERS", "NEWS", "REMINDERS"]
