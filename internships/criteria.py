"""What each side is asked in an evaluation: criteria of one to five, by kind and version of the form.

An evaluation keeps the version that it was given on ("form" in its marks). A form that changes becomes a new
version here and the old one stays, so that what was given is read as it was asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from internships.enums import EvaluationKind

SCALE = (1, 2, 3, 4, 5)
SCALE_WORDS = {
    1: pgettext_lazy("mark", "poor"),
    2: pgettext_lazy("mark", "weak"),
    3: pgettext_lazy("mark", "fair"),
    4: pgettext_lazy("mark", "good"),
    5: pgettext_lazy("mark", "excellent"),
}


@dataclass(frozen=True)
class Criterion:
    key: str
    label: Any


@dataclass(frozen=True)
class EvaluationForm:
    """One version of what is asked. `recommend` is the question answered by yes or no, if there is one."""

    version: int
    criteria: tuple[Criterion, ...]
    recommend: Any = ""


_MENTOR_FINAL = EvaluationForm(
    1,
    (
        Criterion("discipline", _("Attendance and discipline")),
        Criterion("safety", _("Keeps the safety rules")),
        Criterion("knowledge", _("Professional knowledge")),
        Criterion("skill", _("Practical skill")),
        Criterion("initiative", _("Initiative and responsibility")),
        Criterion("teamwork", _("Work in the team")),
    ),
    _("Do you recommend this student for employment?"),
)
_MENTOR_MID = EvaluationForm(
    1,
    (
        Criterion("discipline", _("Attendance and discipline")),
        Criterion("safety", _("Keeps the safety rules")),
        Criterion("progress", _("Progress so far")),
    ),
)
_UNIVERSITY = EvaluationForm(
    1,
    (
        Criterion("programme", _("The programme of the practice was fulfilled")),
        Criterion("diary", _("How the diary was kept")),
        Criterion("independence", _("Independence")),
        Criterion("link", _("Use of what was studied")),
    ),
)
_STUDENT = EvaluationForm(
    1,
    (
        Criterion("tasks", _("The tasks fitted my studies")),
        Criterion("mentor", _("The mentor helped me")),
        Criterion("safety", _("I felt safe at work")),
        Criterion("conditions", _("Place and conditions of work")),
        Criterion("learned", _("I learned something new")),
    ),
    _("Would you recommend this place to others?"),
)

# kind -> its forms by version; the last is the one that is asked now.
FORMS: dict[EvaluationKind, dict[int, EvaluationForm]] = {
    EvaluationKind.MENTOR_FINAL: {1: _MENTOR_FINAL},
    EvaluationKind.MENTOR_MID: {1: _MENTOR_MID},
    EvaluationKind.UNIVERSITY: {1: _UNIVERSITY},
    EvaluationKind.STUDENT: {1: _STUDENT},
}


def current_form(kind: str) -> EvaluationForm:
    """The form that is asked now for this kind of evaluation."""
    forms = FORMS[EvaluationKind(kind)]
    return forms[max(forms)]


def clean_marks(kind: str, given: Mapping[str, Any]) -> dict[str, int]:
    """The marks of one evaluation, ready to be kept: every criterion of the present form, from one to five.

    Raises ValidationError by criterion, so that a form can show each on its field.
    """
    form = current_form(kind)
    marks: dict[str, int] = {"form": form.version}
    errors: dict[str, Any] = {}
    for criterion in form.criteria:
        value = str(given.get(criterion.key, ""))
        if value in {str(mark) for mark in SCALE}:
            marks[criterion.key] = int(value)
        else:
            errors[criterion.key] = _t("Choose a mark from 1 to 5.")
    if errors:
        raise ValidationError(errors)
    return marks


@dataclass(frozen=True)
class MarkShown:
    label: str
    mark: int

    @property
    def words(self) -> Any:
        return SCALE_WORDS[self.mark]


def marks_shown(evaluation: Any) -> list[MarkShown]:
    """What was given, by the form that it was given on."""
    form = FORMS[EvaluationKind(evaluation.kind)].get(evaluation.marks.get("form", 0))
    if form is None:
        return []
    return [
        MarkShown(str(criterion.label), evaluation.marks[criterion.key])
        for criterion in form.criteria
        if criterion.key in evaluation.marks
    ]


def mean_mark(evaluation: Any) -> Decimal | None:
    """The mean of an evaluation's marks, from 1 to 5, to one place; None while there are none."""
    marks = [value for key, value in evaluation.marks.items() if key != "form"]
    if not marks:
        return None
    return (Decimal(sum(marks)) / len(marks)).quantize(Decimal("0.1"))
