"""The questions of a call as they are filled in, and as they are read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from partnerships.calls import checking
from partnerships.calls.enums import WRITTEN, LimitUnit, QuestionKind
from partnerships.calls.models import Answer, Question
from partnerships.calls.models.questions import in_language
from partnerships.common.clock import day_in_words
from partnerships.common.text import in_quotes
from partnerships.documents.forms import file_hint
from partnerships.documents.models import Document


@dataclass(frozen=True)
class Option:
    key: str
    label: str
    lang: str
    chosen: bool


@dataclass
class Asked:
    """One question with what was typed so far, for templates/calls/_questions.html."""

    question: Question
    value: Any = ""
    document: Document | None = None
    problem: str = ""
    shown: bool = True
    options: list[Option] = field(default_factory=list)
    condition: str = ""

    def __post_init__(self) -> None:
        asked = self.question
        self.label, self.lang = in_language(asked.label_az, asked.label_en)
        self.help, self.help_lang = in_language(asked.help_az, asked.help_en)
        self.limits = (
            file_hint("answer") if asked.kind == QuestionKind.FILE else checking.limits_in_words(asked)
        )
        chosen = self.value if isinstance(self.value, list) else [self.value]
        self.options = [
            Option(choice["key"], *in_language(choice["az"], choice["en"]), choice["key"] in chosen)
            for choice in asked.choices
        ]

    @property
    def counted(self) -> str:
        """What the browser counts: "words", "characters" or nothing."""
        if self.question.kind not in WRITTEN or self.question.longest is None:
            return ""
        return "words" if self.question.limit_unit == LimitUnit.WORDS else "characters"

    @property
    def described_by(self) -> str:
        """Ids of the lines that tell of this field."""
        name = self.question.name
        parts = [f"{name}_hint"] if self.help or self.limits else []
        return " ".join([*parts, *([f"{name}_error"] if self.problem else [])])


def values_of(answers: Iterable[Answer]) -> dict[int, Any]:
    """Question key -> what was answered; of a file its row."""
    return {answer.question_id: answer.document or answer.value for answer in answers}


def sheet(
    questions: Sequence[Question],
    answers: Iterable[Answer] = (),
    *,
    given: Mapping[int, Any] | None = None,
    refused: Mapping[int, str] | None = None,
) -> list[Asked]:
    """The questions to be filled in. `given` is what was just sent and goes before what is kept; `refused`
    says why it could not be. Half an answer is marked, an empty one is not: a draft demands nothing."""
    answers = list(answers)
    files = {answer.question_id: answer.document for answer in answers if answer.document_id}
    values = {**values_of(answers), **(given or {})}
    asked = checking.shown(questions, values)
    by_key = {question.pk: question for question in questions}
    rows = []
    for question in questions:
        value = values.get(question.pk, "")
        why = (refused or {}).get(question.pk) or checking.problem(question, value)
        rows.append(
            Asked(
                question,
                "" if question.kind == QuestionKind.FILE else value,
                files.get(question.pk),
                why,
                question.pk in asked,
                condition=_condition(question, by_key),
            )
        )
    return rows


def _condition(question: Question, by_key: Mapping[int, Question]) -> str:
    """When it is asked, for readers without script and for who writes the questions."""
    before = by_key.get(question.shown_if_id or 0)
    if before is None:
        return ""
    answers = ", ".join(filter(None, (before.words_of(key) for key in question.shown_values)))
    return _("Only where the answer to “%(question)s” is: %(answers)s") % {
        "question": in_quotes(before.label),
        "answers": answers,
    }


@dataclass(frozen=True)
class Told:
    """One question with its answer, to be read."""

    label: str
    lang: str
    text: str = ""
    document: Document | None = None
    long: bool = False


def told(questions: Sequence[Question], answers: Iterable[Answer]) -> list[Told]:
    """The questions that were asked of this subject, with its answers; those not asked are left out."""
    answers = list(answers)
    values = values_of(answers)
    asked = checking.shown(questions, values)
    rows = []
    for question in questions:
        if question.pk not in asked:
            continue
        value = values.get(question.pk, "")
        document = value if isinstance(value, Document) else None
        text = "" if document else in_words(question, value)
        label, lang = in_language(question.label_az, question.label_en)
        rows.append(Told(label, lang, text, document, question.kind == QuestionKind.LONG))
    return rows


def in_words(question: Question, value: Any) -> str:
    """An answer as a person reads it; what is not rightly answered as it was typed."""
    if isinstance(value, list):
        return ", ".join(question.words_of(key) for key in value)
    if question.kind == QuestionKind.CHOICE:
        return question.words_of(value)
    if question.kind == QuestionKind.DATE and (day := checking.day_of(value or "")):
        return day_in_words(day)
    return value or ""


def in_cell(question: Question, answer: Answer | None) -> Any:
    """An answer for a table: numbers and days as such, a file by its name."""
    if answer is None:
        return ""
    if answer.document is not None:
        return answer.document.name
    if question.kind == QuestionKind.NUMBER:
        number: Decimal | None = checking.number_of(answer.value or "")
        return answer.value if number is None else number
    if question.kind == QuestionKind.DATE:
        return checking.day_of(answer.value or "") or answer.value
    return in_words(question, answer.value)
