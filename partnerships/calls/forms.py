"""The form of one question, and what came with a form that asks questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from secrets import token_hex
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.calls import checking
from partnerships.calls.eligibility import Fact
from partnerships.calls.enums import CHOSEN, QuestionKind
from partnerships.calls.models import Call, EligibilityRule, Question
from partnerships.calls.models.eligibility import FIGURES, Comparison
from partnerships.common.days import DayField
from partnerships.common.forms import EitherDecimalField, VersionedForm
from partnerships.documents.actions import ReadyFile
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import DocumentField

MOST_OPTIONS = 60
LONGEST_OPTION = 200
# The parts of the form that one kind needs and another does not; the rest is left as it is.
FOR_KIND: dict[str, tuple[str, ...]] = {
    QuestionKind.TEXT: ("limit_unit", "shortest", "longest"),
    QuestionKind.LONG: ("limit_unit", "shortest", "longest"),
    QuestionKind.NUMBER: ("minimum", "maximum"),
    QuestionKind.DATE: ("earliest", "latest"),
    QuestionKind.CHOICE: (),
    QuestionKind.SEVERAL: ("shortest", "longest"),
    QuestionKind.FILE: (),
}
BOUNDS = ("shortest", "longest", "minimum", "maximum", "earliest", "latest")
# Bounds that lie the wrong way round, told beside the second; the constraints of Question say the same.
CROSSED = (
    ("shortest", "longest", _("“At most” lies below “at least”.")),
    ("minimum", "maximum", _("The largest number lies below the smallest.")),
    ("earliest", "latest", _("The last day lies before the first.")),
)


class QuestionForm(VersionedForm):
    """One question as its writer fills it in; the fields of every kind are there, those of others ignored."""

    minimum = EitherDecimalField(label=_("Smallest number"), required=False, max_digits=12, decimal_places=2)
    maximum = EitherDecimalField(label=_("Largest number"), required=False, max_digits=12, decimal_places=2)
    options_az = forms.CharField(
        label=_("Answers to choose from (Azerbaijani)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "lang": "az"}),
        help_text=_("One a line."),
    )
    options_en = forms.CharField(
        label=_("The same in English"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "lang": "en"}),
        help_text=_("Line for line. An empty line is shown in Azerbaijani."),
    )
    condition = forms.MultipleChoiceField(
        label=_("Asked only with these answers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Answers to one earlier question. Tick nothing to ask everybody."),
    )

    class Meta:
        model = Question
        fields = (
            "kind",
            "label_az",
            "label_en",
            "help_az",
            "help_en",
            "required",
            "limit_unit",
            "shortest",
            "longest",
            "minimum",
            "maximum",
            "earliest",
            "latest",
        )
        field_classes = {"earliest": DayField, "latest": DayField}
        widgets = {
            "label_az": forms.Textarea(attrs={"rows": 2, "lang": "az"}),
            "label_en": forms.Textarea(attrs={"rows": 2, "lang": "en"}),
            "help_az": forms.TextInput(attrs={"lang": "az"}),
            "help_en": forms.TextInput(attrs={"lang": "en"}),
        }

    def __init__(self, *args: Any, call: Call, free: frozenset[str] | None = None, **kwargs: Any) -> None:
        """`free`: the only fields that may still be changed, where answers were sent."""
        super().__init__(*args, **kwargs)
        self.call = call
        self.fields["kind"].choices = QuestionKind.choices  # type: ignore[attr-defined]
        self.fields["options_az"].asked_by_another = True  # type: ignore[attr-defined]
        here = self.instance.pk
        place = (self.instance.position, here) if here else (10**6, 0)
        self.before = [
            row
            for row in call.asked
            if row.kind in CHOSEN and (row.position, row.pk) < place and row.pk != here
        ]
        self.fields["condition"].choices = [  # type: ignore[attr-defined]
            (row.label, [(f"{row.pk}:{key}", row.words_of(key)) for key in row.keys]) for row in self.before
        ]
        if not self.before:
            del self.fields["condition"]
        self._begin_with()
        if free is not None:
            for name, found in self.fields.items():
                found.disabled = name not in free and name != "version"

    def _begin_with(self) -> None:
        row = self.instance
        for language in ("az", "en"):
            lines = [choice[language] for choice in row.choices]
            self.fields[f"options_{language}"].initial = "\n".join(lines).rstrip()
        if "condition" in self.fields:
            self.fields["condition"].initial = [f"{row.shown_if_id}:{key}" for key in row.shown_values]

    def clean_options_az(self) -> list[str]:
        return self._lines("options_az", keep_empty=False)

    def clean_options_en(self) -> list[str]:
        return self._lines("options_en", keep_empty=True)

    def _lines(self, name: str, *, keep_empty: bool) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data[name].splitlines()]
        lines = lines if keep_empty else [line for line in lines if line]
        if len(lines) > MOST_OPTIONS:
            raise ValidationError(_t("At most %(most)s answers.") % {"most": MOST_OPTIONS})
        if any(len(line) > LONGEST_OPTION for line in lines):
            raise ValidationError(
                _t("One of the answers is longer than %(most)s characters.") % {"most": LONGEST_OPTION}
            )
        if not keep_empty and len(set(lines)) < len(lines):
            raise ValidationError(_t("One of the answers stands here twice."))
        return lines

    def clean_condition(self) -> list[str]:
        ticked: list[str] = self.cleaned_data["condition"]
        if len({value.partition(":")[0] for value in ticked}) > 1:
            raise ValidationError(_t("Tick answers to one question only."))
        return ticked

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") in CHOSEN and len(cleaned.get("options_az") or []) < 2 and not self.errors:
            self.add_error("options_az", _t("Give at least two answers to choose from, one a line."))
        if len(cleaned.get("options_en") or []) > len(cleaned.get("options_az") or []):
            self.add_error("options_en", _t("There are more lines than answers in Azerbaijani."))
        wanted = FOR_KIND.get(cleaned.get("kind", ""), ())
        for low, high, words in CROSSED:
            least, most = cleaned.get(low), cleaned.get(high)
            if high in wanted and least is not None and most is not None and most < least:
                self.add_error(high, words)
        return cleaned

    def _post_clean(self) -> None:
        """The row is checked by the action, whole; here only what stands in the fields is."""

    def values(self) -> dict[str, Any]:
        """Fields of Question for actions.save_question; what another kind needs is emptied."""
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in self.Meta.fields if name in cleaned}
        wanted = FOR_KIND[cleaned["kind"]]
        for name in BOUNDS:
            if name not in wanted:
                values[name] = None
        if "limit_unit" not in wanted:
            values["limit_unit"] = Question._meta.get_field("limit_unit").default
        values["choices"] = self._choices() if cleaned["kind"] in CHOSEN else []
        ticked = cleaned.get("condition") or []
        key = int(ticked[0].partition(":")[0]) if ticked else None
        values["shown_if"] = next((row for row in self.before if row.pk == key), None)
        values["shown_values"] = [value.partition(":")[2] for value in ticked]
        return values

    def _choices(self) -> list[dict[str, str]]:
        """An answer whose Azerbaijani words stay keeps its key; where the number of lines stays, so does the
        key of a line whose wording was mended."""
        before = self.instance.choices
        by_words = {choice["az"]: choice["key"] for choice in before}
        lines, english = self.cleaned_data["options_az"], self.cleaned_data["options_en"]
        same_length = len(before) == len(lines)
        taken: set[str] = {by_words[line] for line in lines if line in by_words}
        found = []
        for index, line in enumerate(lines):
            key = by_words.get(line)
            if key is None and same_length and before[index]["key"] not in taken:
                key = before[index]["key"]
            key = key or token_hex(4)
            taken.add(key)
            found.append({"key": key, "az": line, "en": english[index] if index < len(english) else ""})
        return found


@dataclass
class Given:
    """What a form brought for the questions of a call: what can be kept, files, what is refused and why."""

    values: dict[int, Any] = field(default_factory=dict)
    files: dict[int, ReadyFile] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    raw: dict[int, Any] = field(default_factory=dict)  # as it was sent, to be shown again

    @property
    def shown_again(self) -> Mapping[int, Any]:
        return {**self.raw, **self.values}


def given(
    questions: Sequence[Question], data: QueryDict, files: MultiValueDict[str, Any] | None = None
) -> Given:
    """Read the answers to `questions` out of what was posted. A form that shows a question names it in
    `asked`; boxes that are not ticked send nothing of their own."""
    found = Given()
    named = set(data.getlist("asked"))
    for question in questions:
        if question.kind == QuestionKind.FILE:
            _take_file(question, files, found)
            continue
        if question.name not in named:
            continue
        sent = data.getlist(question.name)
        found.raw[question.pk] = sent if question.kind == QuestionKind.SEVERAL else (sent or [""])[-1]
        try:
            found.values[question.pk] = checking.typed(question, sent)
        except ValidationError as refusal:
            found.refused[question.pk] = " ".join(refusal.messages)
    return found


def _take_file(question: Question, files: MultiValueDict[str, Any] | None, found: Given) -> None:
    upload = files.get(question.name) if files else None
    if not upload:
        return
    try:
        prepared = DocumentField(kind=DocumentKind.ANSWER, required=False).clean(upload)
    except ValidationError as refusal:
        found.refused[question.pk] = " ".join(refusal.messages)
    else:
        if prepared is not None:
            found.files[question.pk] = prepared


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """One rule over one fact: a bound for a number, a list for what is chosen from."""

    number = EitherDecimalField(label=pgettext_lazy("rule", "Number"), max_digits=9, decimal_places=2)
    values = forms.MultipleChoiceField(label=_("Which"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = EligibilityRule
        fields = ("test", "number", "values", "reason_az", "reason_en")
        widgets = {
            "reason_az": forms.TextInput(attrs={"lang": "az"}),
            "reason_en": forms.TextInput(attrs={"lang": "en"}),
        }

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact = fact
        tests = [test for test in Comparison if (test in FIGURES) == fact.is_number]
        self.fields["test"].choices = [(test.value, test.label) for test in tests]  # type: ignore[attr-defined]
        if fact.options is None:
            del self.fields["values"]
        else:
            self.fields["values"].choices = fact.options()  # type: ignore[attr-defined]
            del self.fields["number"]
        self.fields["reason_az"].help_text = _("Shown under the rule to those whom it keeps out.")

    def clean_number(self) -> Decimal:
        number: Decimal = self.cleaned_data["number"]
        if self.fact.most is not None and not 0 <= number <= self.fact.most:
            raise ValidationError(_t("It lies between 0 and %(most)s.") % {"most": self.fact.most})
        return number

    def _post_clean(self) -> None:
        """The row is checked by the action, whole."""

    def values_of(self) -> dict[str, Any]:
        fact = "" if self.fact.question else self.fact.key
        return {**self.cleaned_data, "fact": fact, "question": self.fact.question}
