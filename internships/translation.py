"""What of a programme is written in Azerbaijani and English."""

from modeltranslation.translator import TranslationOptions, register

from internships.models import Period, Position, Programme


@register(Programme)
class ProgrammeTranslation(TranslationOptions):
    fields = ("title", "summary", "description", "stipend")
    required_languages = {"az": ("title", "summary")}


@register(Period)
class PeriodTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("az",)


@register(Position)
class PositionTranslation(TranslationOptions):
    fields = ("title", "tasks")
    required_languages = {"az": ("title",)}
