"""Kinds of questions, and what the length of an answer is counted in."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuestionKind(models.TextChoices):
    TEXT = "text", _("Short text")
    LONG = "long", _("Long text")
    NUMBER = "number", pgettext_lazy("answer", "Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One of several")
    SEVERAL = "several", _("Several of a list")
    FILE = "file", _("File")


WRITTEN = (QuestionKind.TEXT, QuestionKind.LONG)
CHOSEN = (QuestionKind.CHOICE, QuestionKind.SEVERAL)


class LimitUnit(models.TextChoices):
    CHARACTERS = "characters", _("characters")
    WORDS = "words", _("words")
