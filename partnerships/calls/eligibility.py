"""Asking rules of eligibility about somebody. What can be asked, a direction says as facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from partnerships.calls.models import EligibilityRule
from partnerships.calls.models.eligibility import FIGURES, Comparison
from partnerships.calls.models.questions import in_language


@dataclass(frozen=True)
class Fact:
    """Something that is known of an applicant.

    key       kept in rules, so it never changes
    label     as people read it, before a colon
    read      subject -> number, or the key of a choice; None where it is not known
    options   (key, words) to choose from; empty where it is a number
    unknown   what somebody can do where it is not known
    """

    key: str
    label: Any
    read: Callable[[Any], Any]
    options: Callable[[], Sequence[tuple[str, Any]]] | None = None
    unknown: Any = ""

    @property
    def is_number(self) -> bool:
        return self.options is None

    def words(self, value: Any) -> str:
        if self.options is None:
            return figure(Decimal(value))
        return str(dict(self.options()).get(str(value), value))


@dataclass(frozen=True)
class Verdict:
    """One rule about one applicant: whether it is met, and in words what was asked and what is there."""

    rule: EligibilityRule
    ok: bool
    text: str
    advice: str = ""


def verdicts(
    rules: Iterable[EligibilityRule], facts: Mapping[str, Fact], subject: Any, *, own: bool = True
) -> list[Verdict]:
    """Every rule asked of `subject`. What is not known fails, with words that say so.

    `own` says that the applicant reads it. A rule over a fact that the direction no longer knows is left out.
    """
    return [_verdict(rule, facts[rule.fact], subject, own) for rule in rules if rule.fact in facts]


def _verdict(rule: EligibilityRule, fact: Fact, subject: Any, own: bool) -> Verdict:
    value = fact.read(subject)
    words = {"rule": in_words(rule, fact), "value": "" if value is None else fact.words(value)}
    if value is None:
        text = _("%(rule)s; yours is not given") if own else _("%(rule)s; theirs is not given")
    else:
        text = _("%(rule)s; yours: %(value)s") if own else _("%(rule)s; theirs: %(value)s")
    ok = value is not None and meets(rule, value)
    return Verdict(rule, ok, text % words, "" if ok else _advice(rule, fact, value))


def _advice(rule: EligibilityRule, fact: Fact, value: Any) -> str:
    reason = in_language(rule.reason_az, rule.reason_en)[0]
    hint = str(fact.unknown) if value is None else ""
    return " ".join(filter(None, (reason, hint)))


def meets(rule: EligibilityRule, value: Any) -> bool:
    if rule.test == Comparison.AT_LEAST:
        return rule.number is not None and Decimal(value) >= rule.number
    if rule.test == Comparison.AT_MOST:
        return rule.number is not None and Decimal(value) <= rule.number
    return (str(value) in rule.values) == (rule.test == Comparison.ONE_OF)


def in_words(rule: EligibilityRule, fact: Fact) -> str:
    """What is asked: "Year of study: at least 3"."""
    if rule.test in FIGURES:
        asked = figure(rule.number) if rule.number is not None else ""
    else:
        asked = ", ".join(fact.words(value) for value in rule.values)
    words = {"fact": fact.label, "asked": asked}
    return {
        Comparison.AT_LEAST: _("%(fact)s: at least %(asked)s"),
        Comparison.AT_MOST: _("%(fact)s: at most %(asked)s"),
        Comparison.ONE_OF: _("%(fact)s: %(asked)s"),
        Comparison.NONE_OF: _("%(fact)s: none of %(asked)s"),
    }[Comparison(rule.test)] % words


def figure(number: Decimal) -> str:
    """12 and not 12,00; 7,5 with the comma of the language."""
    bare = number.normalize()
    return number_format(bare.quantize(Decimal(1)) if bare == bare.to_integral() else bare, use_l10n=True)
