"""What a call asks, and what was answered. An answer belongs to any object whose model says so."""

from datetime import date
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.calls.enums import CHOSEN, LimitUnit, QuestionKind
from partnerships.calls.models.calls import Call
from partnerships.common.days import FIRST, LAST
from partnerships.documents.models import Document

FALLBACK = "az"


def in_language(az: str, en: str) -> tuple[str, str]:
    """The text for the page's language, and the language it is in where that is another one."""
    if (get_language() or FALLBACK).startswith("en"):
        return (en, "") if en else (az, FALLBACK if az else "")
    return az, ""


class Question(models.Model):
    """One question of a call. What is chosen from are `choices`: [{"key", "az", "en"}]; keys never change."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="questions", verbose_name=_("call"))
    position = models.PositiveSmallIntegerField(
        pgettext_lazy("in a list", "order"), default=0, editable=False
    )
    kind = models.CharField(_("kind of answer"), max_length=8, choices=QuestionKind)
    label_az = models.CharField(_("question in Azerbaijani"), max_length=300)
    label_en = models.CharField(_("question in English"), max_length=300, blank=True)
    help_az = models.CharField(_("hint in Azerbaijani"), max_length=500, blank=True)
    help_en = models.CharField(_("hint in English"), max_length=500, blank=True)
    required = models.BooleanField(_("has to be answered"), default=False)
    choices = models.JSONField(_("what is chosen from"), default=list, blank=True)
    limit_unit = models.CharField(
        _("length is counted in"), max_length=10, choices=LimitUnit, default=LimitUnit.CHARACTERS
    )
    shortest = models.PositiveSmallIntegerField(_("at least"), null=True, blank=True)
    longest = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)
    minimum = models.DecimalField(_("smallest"), max_digits=12, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(_("largest"), max_digits=12, decimal_places=2, null=True, blank=True)
    earliest = models.DateField(_("not before"), null=True, blank=True)
    latest = models.DateField(_("not after"), null=True, blank=True)
    shown_if = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed", verbose_name=_("only after")
    )
    shown_values = models.JSONField(_("with one of these answers"), default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shortest=None) | Q(longest=None) | Q(longest__gte=F("shortest")),
                name="question_length",
                violation_error_message=_("“At most” lies below “at least”."),
            ),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(maximum__gte=F("minimum")),
                name="question_range",
                violation_error_message=_("The largest number lies below the smallest."),
            ),
            models.CheckConstraint(
                condition=Q(earliest=None) | Q(latest=None) | Q(latest__gte=F("earliest")),
                name="question_days",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(shown_if=None) | ~Q(shown_if=F("id")), name="question_not_its_own_condition"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if self.kind in CHOSEN and len(self.choices) < 2:
            raise ValidationError({"choices": _("Give at least two answers to choose from, one a line.")})
        if self.shown_if is not None:
            if self.shown_if.call_id != self.call_id or self.shown_if.kind not in CHOSEN:
                raise ValidationError(
                    {
                        "shown_if": _(
                            "Only a question of the same list with answers to choose from can decide."
                        )
                    }
                )
            if not set(self.shown_values) & set(self.shown_if.keys):
                raise ValidationError({"shown_if": _("Say with which answers it is asked.")})

    @property
    def label(self) -> str:
        return in_language(self.label_az, self.label_en)[0]

    @property
    def name(self) -> str:
        """The name of its field in a form."""
        return f"q-{self.pk}"

    @property
    def calendar(self) -> tuple[date, date]:
        """Between which days a date is picked: those that the portal takes, where the question sets none."""
        return self.earliest or FIRST, self.latest or LAST

    @property
    def keys(self) -> list[str]:
        return [choice["key"] for choice in self.choices]

    def words_of(self, key: str) -> str:
        """What was chosen, in words."""
        found = next((choice for choice in self.choices if choice["key"] == key), None)
        return in_language(found["az"], found["en"])[0] if found else ""


class Answer(models.Model):
    """What one object answers to one question, as it was typed; a file stands in `document`.

    Whoever may see the object sees it: there is no other door to it than `subject.answers`.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers", verbose_name=_("question"))
    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.BigIntegerField()
    subject = GenericForeignKey()
    value: Any = models.JSONField(_("answer"), default=str, blank=True)
    document = models.ForeignKey(
        Document, models.CASCADE, null=True, related_name="+", verbose_name=_("file")
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} № {self.pk}"
