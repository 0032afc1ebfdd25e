"""A call: deadlines in a chain, such as apply < endorse < decide < answer < start."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.common import clock
from partnerships.common.clock import BAKU
from partnerships.common.models import Personal

if TYPE_CHECKING:
    from partnerships.calls.models.eligibility import EligibilityRule
    from partnerships.calls.models.questions import Question


class Step(models.TextChoices):
    """The links of the chain, in their order. A call uses those that it has rows for."""

    OPEN = "open", _("Applications open")
    APPLY = "apply", _("Apply by")
    ENDORSE = "endorse", _("University endorses by")
    DECIDE = "decide", _("Company answers by")
    ANSWER = "answer", _("Student answers an offer by")
    START = "start", _("Start")


ORDER = [step.value for step in Step]


class Call(Personal):
    """The deadlines of one round; whatever runs in rounds points here."""

    title = models.CharField(_("title"), max_length=255)
    # How many rules and questions there are: a call without any costs no query anywhere. Kept by the actions.
    rule_count = models.PositiveSmallIntegerField(_("rules of eligibility"), default=0, editable=False)
    question_count = models.PositiveSmallIntegerField(_("questions"), default=0, editable=False)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")

    def __str__(self) -> str:
        return self.title

    @property
    def chain(self) -> dict[str, datetime]:
        """Step -> moment, in the order of the chain. Read from prefetched `deadlines` where there are any."""
        if "_chain" not in self.__dict__:
            moments = {deadline.step: deadline.at for deadline in self.deadlines.all()}
            self.__dict__["_chain"] = {step: moments[step] for step in ORDER if step in moments}
        return self.__dict__["_chain"]

    def take_chain(self, row: Any) -> None:
        """The chain as `row` was annotated with it (`chain_beside`): no query of its own."""
        moments = {step: getattr(row, f"at_{step}") for step in ORDER}
        self.__dict__["_chain"] = {step: at for step, at in moments.items() if at is not None}

    @property
    def has_chain(self) -> bool:
        """It is in hand: nobody need ask for it."""
        return "_chain" in self.__dict__

    def forget_chain(self) -> None:
        self.__dict__.pop("_chain", None)
        self.__dict__.pop("_asked", None)
        self.__dict__.pop("_taken_by", None)
        self.__dict__.pop("_facts", None)
        self.__dict__.pop("_prefetched_objects_cache", None)

    @property
    def asked(self) -> "list[Question]":
        """Its questions in their order, read once; no query where there are none."""
        if "_asked" not in self.__dict__:
            found = list(self.questions.all()) if self.question_count else []
            self.__dict__["_asked"] = found
        return self.__dict__["_asked"]

    @property
    def taken_by(self) -> "list[EligibilityRule]":
        """Its rules of eligibility, read once; no query where there are none."""
        if "_taken_by" not in self.__dict__:
            self.__dict__["_taken_by"] = list(self.rules.all()) if self.rule_count else []
        return self.__dict__["_taken_by"]

    def at(self, step: str) -> datetime | None:
        return self.chain.get(step)

    def passed(self, step: str) -> bool:
        """The deadline lies behind us. A step without a deadline never passes."""
        moment = self.at(step)
        return moment is not None and timezone.now() > moment

    def is_open(self) -> bool:
        """Applications are taken now."""
        opens = self.at(Step.OPEN)
        return (opens is None or timezone.now() >= opens) and not self.passed(Step.APPLY)


class Deadline(models.Model):
    """One moment of the chain."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="deadlines")
    step = models.CharField(_("step"), max_length=8, choices=Step)
    at = models.DateTimeField(_("moment"))

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["call", "step"], name="deadline_once")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.at.astimezone(BAKU):%d.%m.%Y %H:%M}"


def chain_beside(call: str = "call_id") -> dict[str, Any]:
    """Annotations of a row that has a call: the moment of each step, each found by its own key.
    `take_chain` hands them to the call, for which nobody then asks for `deadlines`.

    call    the path from the row to the key of its call
    """
    steps = Deadline.objects.filter(call_id=models.OuterRef(call)).order_by()
    return {f"at_{step}": models.Subquery(steps.filter(step=step).values("at")) for step in ORDER}


def open_calls() -> Any:
    """Q for objects with a `call`: those whose applications are open now."""
    now = clock.now()
    closes = Deadline.objects.filter(step=Step.APPLY, at__gte=now).values("call_id")
    not_yet = Deadline.objects.filter(step=Step.OPEN, at__gt=now).values("call_id")
    return models.Q(call_id__in=closes) & ~models.Q(call_id__in=not_yet)
