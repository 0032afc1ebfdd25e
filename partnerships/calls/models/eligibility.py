"""Who a call takes, as data: rules over what is known of an applicant, with reasons in words."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.calls.models.calls import Call
from partnerships.calls.models.questions import Question


class Comparison(models.TextChoices):
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")
    ONE_OF = "one_of", _("one of")
    NONE_OF = "none_of", _("none of")


FIGURES = (Comparison.AT_LEAST, Comparison.AT_MOST)
TWICE = _("There is such a rule already: change that one.")


def answer_key(question: int) -> str:
    """What an answer is called among the facts."""
    return f"answer-{question}"


class EligibilityRule(models.Model):
    """One thing that is asked of an applicant: of a `fact`, which the direction knows (eligibility.Fact), or
    of what they answer to a question of the call."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="rules", verbose_name=_("call"))
    fact = models.CharField(_("what is looked at"), max_length=40, blank=True)
    question = models.ForeignKey(
        Question, models.RESTRICT, null=True, blank=True, related_name="rules", verbose_name=_("question")
    )
    test = models.CharField(_("has to be"), max_length=8, choices=Comparison)
    number = models.DecimalField(_("number"), max_digits=9, decimal_places=2, null=True, blank=True)
    values: Any = models.JSONField(_("values"), default=list, blank=True)
    reason_az = models.CharField(_("why, in Azerbaijani"), max_length=300, blank=True)
    reason_en = models.CharField(_("why, in English"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("rule of eligibility")
        verbose_name_plural = _("rules of eligibility")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "fact", "test"],
                condition=Q(question=None),
                name="eligibility_rule_once",
                violation_error_message=TWICE,
            ),
            models.UniqueConstraint(
                fields=["question", "test"],
                condition=Q(question__isnull=False),
                name="eligibility_rule_of_answer_once",
                violation_error_message=TWICE,
            ),
            models.CheckConstraint(
                condition=(Q(fact="") & Q(question__isnull=False)) | (~Q(fact="") & Q(question=None)),
                name="eligibility_rule_of_one",
            ),
            models.CheckConstraint(
                condition=Q(test__in=["one_of", "none_of"]) | Q(number__isnull=False),
                name="eligibility_rule_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.get_test_display()}"

    @property
    def key(self) -> str:
        """The key of the fact that it looks at, those that answers are included."""
        return answer_key(self.question_id) if self.question_id is not None else self.fact

    def clean(self) -> None:
        if self.test in FIGURES and self.number is None:
            raise ValidationError({"number": _("Say the number.")})
        if self.test not in FIGURES and not self.values:
            raise ValidationError({"values": _("Choose at least one.")})
