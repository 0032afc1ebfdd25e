"""Who a call takes, as data: rules over what is known of an applicant, with reasons in words."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.calls.models.calls import Call


class Comparison(models.TextChoices):
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")
    ONE_OF = "one_of", _("one of")
    NONE_OF = "none_of", _("none of")


FIGURES = (Comparison.AT_LEAST, Comparison.AT_MOST)


class EligibilityRule(models.Model):
    """One thing that is asked of an applicant. What `fact` means, the direction says (eligibility.Fact)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="rules", verbose_name=_("call"))
    fact = models.CharField(_("what is looked at"), max_length=40)
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
                name="eligibility_rule_once",
                violation_error_message=_("There is such a rule already: change that one."),
            ),
            models.CheckConstraint(
                condition=Q(test__in=["one_of", "none_of"]) | Q(number__isnull=False),
                name="eligibility_rule_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.get_test_display()}"

    def clean(self) -> None:
        if self.test in FIGURES and self.number is None:
            raise ValidationError({"number": _("Say the number.")})
        if self.test not in FIGURES and not self.values:
            raise ValidationError({"values": _("Choose at least one.")})
