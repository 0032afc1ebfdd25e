"""Asking rules of eligibility about somebody: of facts, which a direction names, and of what is answered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.calls import checking
from partnerships.calls.checking import figure
from partnerships.calls.enums import QuestionKind
from partnerships.calls.models import Call, EligibilityRule, Question
from partnerships.calls.models.eligibility import FIGURES, Comparison, answer_key
from partnerships.calls.models.questions import in_language
from partnerships.common.text import in_quotes


def _everybody(_subject: Any) -> bool:
    return True


@dataclass(frozen=True)
class Fact:
    """Something that is known of an applicant.

    key       kept in rules, so it never changes
    label     as people read it, before a colon
    read      subject -> number, the key of a choice, or several keys; None where it is not known
    options   (key, words) to choose from; empty where it is a number
    unknown   what somebody can do where it is not known
    asked     whether the subject is asked this at all; rules over what is not asked are left out
    question  the question of the call whose answer it is
    most      of a number: it lies between 0 and this, so no rule can ask for more
    """

    key: str
    label: Any
    read: Callable[[Any], Any]
    options: Callable[[], Sequence[tuple[str, Any]]] | None = None
    unknown: Any = ""
    asked: Callable[[Any], bool] = _everybody
    question: Question | None = None
    most: int | None = None

    @property
    def is_number(self) -> bool:
        return self.options is None

    def words(self, value: Any) -> str:
        if self.options is None:
            return figure(Decimal(value))
        known = dict(self.options())
        return ", ".join(str(known.get(key, key)) for key in keys_of(value))


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

    `own` says that the applicant reads it. A rule over a fact that the direction no longer knows, or over a
    question that this subject is not asked, is left out.
    """
    known = ((rule, facts[rule.key]) for rule in rules if rule.key in facts)
    return [_verdict(rule, fact, subject, own) for rule, fact in known if fact.asked(subject)]


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
    return bool(set(keys_of(value)) & set(rule.values)) == (rule.test == Comparison.ONE_OF)


def keys_of(value: Any) -> list[str]:
    """What was chosen, one or several, as keys."""
    return [str(key) for key in (value if isinstance(value, list | tuple) else [value])]


def in_words(rule: EligibilityRule, fact: Fact) -> str:
    """What is asked: "Year of study: at least 3"."""
    return f"{fact.label}: {asked_in_words(rule, fact)}"


def asked_in_words(rule: EligibilityRule, fact: Fact) -> str:
    """The same without what is looked at: "at least 3"."""
    if rule.test in FIGURES:
        asked = figure(rule.number) if rule.number is not None else ""
    else:
        asked = fact.words(rule.values)
    if rule.test == Comparison.ONE_OF and len(rule.values) > 1:
        return _("one of %(asked)s") % {"asked": asked}
    return {
        Comparison.AT_LEAST: _("at least %(asked)s"),
        Comparison.AT_MOST: _("at most %(asked)s"),
        Comparison.ONE_OF: "%(asked)s",
        Comparison.NONE_OF: _("none of %(asked)s"),
    }[Comparison(rule.test)] % {"asked": asked}


# Kinds of answers that can be compared; texts and files are read by people, days have bounds of their own.
COMPARED = frozenset({QuestionKind.NUMBER, QuestionKind.CHOICE, QuestionKind.SEVERAL})


def of_answers(call: Call) -> dict[str, Fact]:
    """What is answered to the questions of a call, as facts.

    The subject of such rules has `answers`: question key -> what is kept; None where it answers no questions.
    """
    return {
        answer_key(row.pk): Fact(
            answer_key(row.pk),
            _("Answer to “%(question)s”") % {"question": in_quotes(row.label)},
            partial(_answer, row),
            None if row.kind == QuestionKind.NUMBER else partial(_options, row),
            gettext_lazy("Answer the question in the application."),
            partial(_is_asked, call, row),
            row,
        )
        for row in call.asked
        if row.kind in COMPARED
    }


def _answer(question: Question, subject: Any) -> Any:
    value = subject.answers.get(question.pk)
    if question.kind == QuestionKind.NUMBER:
        return checking.number_of(value or "")
    return value or None


def _options(question: Question) -> list[tuple[str, str]]:
    return [(key, question.words_of(key)) for key in question.keys]


def _is_asked(call: Call, question: Question, subject: Any) -> bool:
    return subject.answers is not None and question.pk in checking.shown(call.asked, subject.answers)
