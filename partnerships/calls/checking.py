"""Whether what was typed answers a question, and whether the question is asked at all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.calls import counting
from partnerships.calls.enums import WRITTEN, LimitUnit, QuestionKind
from partnerships.calls.models import Question
from partnerships.common.clock import day_in_words
from partnerships.common.days import validate_day

MOST_TYPED = 20_000  # characters of one answer that are kept, whatever its limit
MOST_DIGITS = 30


def typed(question: Question, given: Sequence[Any]) -> Any:
    """What is kept of what was sent: text, an ISO day, a key, or a list of keys.

    Half an answer is kept as it is, so that nothing typed is lost; `problem` says what is wrong with it.
    Raises ValidationError for what cannot be kept: far too long, not text, or an answer that is not offered.
    """
    texts = [_plain(item) for item in given]
    if question.kind == QuestionKind.SEVERAL:
        chosen = [text for text in dict.fromkeys(texts) if text]
        _must_be_offered(question, chosen)
        return [key for key in question.keys if key in chosen]
    text = texts[-1] if texts else ""
    if question.kind == QuestionKind.CHOICE:
        _must_be_offered(question, [text] if text else [])
        return text
    if question.kind in WRITTEN:
        return counting.lines(text)
    text = text.strip(counting.BLANK)
    if question.kind == QuestionKind.DATE and (day := day_of(text)):
        return day.isoformat()
    return text


def _plain(given: Any) -> str:
    if not isinstance(given, str | int | float | Decimal) or isinstance(given, bool):
        raise ValidationError(_("This is no text."), code="not_text")
    text = str(given)
    if len(text) > MOST_TYPED:
        words = {"most": MOST_TYPED}
        raise ValidationError(
            _("At most %(most)s characters can be kept here; shorten it.") % words, code="long"
        )
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValidationError(_("There are signs in it that cannot be kept; type it anew."), code="signs")
    return text


def _must_be_offered(question: Question, keys: Iterable[str]) -> None:
    if set(keys) - set(question.keys):
        raise ValidationError(
            _("One of these answers is not offered, or no longer: choose again."), code="not_offered"
        )


def number_of(text: str) -> Decimal | None:
    """A number as people type it, with comma or point; None where it is none."""
    bare = "".join(text.split()).replace("\u2212", "-").replace(",", ".")
    if not bare or len(bare) > MOST_DIGITS or not set(bare) <= set("0123456789.+-"):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def figure(number: Decimal) -> str:
    """12 and not 12,00; 7,5 with the comma of the language."""
    bare = number.normalize()
    return number_format(bare.quantize(Decimal(1)) if bare == bare.to_integral() else bare, use_l10n=True)


def day_of(text: str) -> date | None:
    """A day as the browser sends it or as people type it."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    return None


def problem(question: Question, value: Any) -> str:
    """Why this is not an answer to the question, in words; nothing where it is one, or is empty."""
    if not value or question.kind == QuestionKind.FILE:
        return ""
    if question.kind in WRITTEN:
        return _length(question, value)
    if question.kind == QuestionKind.NUMBER:
        return _number(question, value)
    if question.kind == QuestionKind.DATE:
        return _day(question, value)
    chosen = value if isinstance(value, list) else [value]
    if set(chosen) - set(question.keys):
        return _("One of these answers is not offered, or no longer: choose again.")
    if question.kind == QuestionKind.SEVERAL and question.longest and len(chosen) > question.longest:
        return _("Choose at most %(most)s.") % {"most": question.longest}
    if question.kind == QuestionKind.SEVERAL and question.shortest and len(chosen) < question.shortest:
        return _("Choose at least %(least)s.") % {"least": question.shortest}
    return ""


def length_of(question: Question, text: str) -> int:
    return counting.words(text) if question.limit_unit == LimitUnit.WORDS else counting.characters(text)


def _length(question: Question, text: str) -> str:
    n = length_of(question, text)
    in_words = question.limit_unit == LimitUnit.WORDS
    if question.longest is not None and n > question.longest:
        words = {"n": n, "most": question.longest}
        if in_words:
            return _("Words: %(n)s; at most %(most)s are allowed.") % words
        return _("Characters: %(n)s; at most %(most)s are allowed.") % words
    if question.shortest is not None and n < question.shortest:
        words = {"n": n, "least": question.shortest}
        if in_words:
            return _("Words: %(n)s; at least %(least)s are asked for.") % words
        return _("Characters: %(n)s; at least %(least)s are asked for.") % words
    return ""


def _number(question: Question, text: str) -> str:
    number = number_of(text)
    if number is None:
        return _("Write a number, such as 12 or 7,5.")
    if question.minimum is not None and number < question.minimum:
        return _("At least %(least)s.") % {"least": figure(question.minimum)}
    if question.maximum is not None and number > question.maximum:
        return _("At most %(most)s.") % {"most": figure(question.maximum)}
    return ""


def _day(question: Question, text: str) -> str:
    day = day_of(text)
    if day is None:
        return _("Write a day, such as 31.12.2027.")
    try:
        validate_day(day)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    if question.earliest is not None and day < question.earliest:
        return _("Not before %(day)s.") % {"day": day_in_words(question.earliest)}
    if question.latest is not None and day > question.latest:
        return _("Not after %(day)s.") % {"day": day_in_words(question.latest)}
    return ""


def is_empty(question: Question, value: Any) -> bool:
    if question.kind in WRITTEN:
        return not counting.settled(value or "")
    return not value


def shown(questions: Iterable[Question], values: Mapping[int, Any]) -> set[int]:
    """Keys of the questions that are asked, given what was answered. A question whose condition is itself not
    asked is not asked; conditions look back only, so that there is no circle."""
    found: set[int] = set()
    for question in questions:
        if question.shown_if_id is None:
            found.add(question.pk)
        elif question.shown_if_id in found:
            value = values.get(question.shown_if_id)
            chosen = set(value) if isinstance(value, list) else {value}
            if chosen & set(question.shown_values):
                found.add(question.pk)
    return found


def problems(questions: Sequence[Question], values: Mapping[int, Any]) -> dict[int, str]:
    """For each question that is asked and not rightly answered, why: what stands against sending."""
    asked = shown(questions, values)
    found = {}
    for question in questions:
        if question.pk not in asked:
            continue
        value = values.get(question.pk)
        if is_empty(question, value):
            if question.required:
                found[question.pk] = _("This question has to be answered.")
        elif why := problem(question, value):
            found[question.pk] = why
    return found


def limits_in_words(question: Question) -> str:
    """What is asked of the answer, for the line under the question."""
    least, most = question.shortest, question.longest
    words: dict[str, Any] = {"least": least, "most": most}
    if question.kind in WRITTEN and question.limit_unit == LimitUnit.WORDS:
        return _between(
            least, most, _("%(least)s to %(most)s words") % words,
            ngettext("At least %(least)s word", "At least %(least)s words", least or 0) % words,
            ngettext("At most %(most)s word", "At most %(most)s words", most or 0) % words,
        )  # fmt: skip
    if question.kind in WRITTEN:
        return _between(
            least, most, _("%(least)s to %(most)s characters") % words,
            ngettext("At least %(least)s character", "At least %(least)s characters", least or 0) % words,
            ngettext("At most %(most)s character", "At most %(most)s characters", most or 0) % words,
        )  # fmt: skip
    if question.kind == QuestionKind.SEVERAL:
        return _between(
            least, most, _("Choose %(least)s to %(most)s") % words,
            _("Choose at least %(least)s") % words, _("Choose at most %(most)s") % words,
        )  # fmt: skip
    if question.kind == QuestionKind.NUMBER:
        low, high = question.minimum, question.maximum
        words = {
            "low": figure(low) if low is not None else "",
            "high": figure(high) if high is not None else "",
        }
        return _between(
            low,
            high,
            _("From %(low)s to %(high)s") % words,
            _("From %(low)s") % words,
            _("Up to %(high)s") % words,
        )
    if question.kind == QuestionKind.DATE:
        first, last = question.earliest, question.latest
        words = {"first": day_in_words(first) if first else "", "last": day_in_words(last) if last else ""}
        return _between(
            first, last, _("Between %(first)s and %(last)s") % words, _("Not before %(first)s") % words,
            _("Not after %(last)s") % words,
        )  # fmt: skip
    return ""


def _between(low: Any, high: Any, both: str, from_low: str, to_high: str) -> str:
    if low is not None and high is not None:
        return both
    return from_low if low is not None else to_high if high is not None else ""
