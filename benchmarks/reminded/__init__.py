"""A letters table for reminders.py, named in LETTER_SOURCES."""
