"""What is asked at the end of a practice: evaluations, report, marks, what became of the student."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from internships.criteria import SCALE, SCALE_WORDS, current_form
from internships.enums import OutcomeKind
from internships.forms.acts import note_field
from internships.models import Evaluation, Placement, Report
from partnerships.common.clock import today
from partnerships.common.days import DayField
from partnerships.directory.models import Organization
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import MultipleDocumentField

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def _day(label: Any, **kwargs: Any) -> DayField:
    return DayField(label=label, **kwargs)


class EvaluateForm(forms.Form):
    """The criteria of one kind of evaluation in rows of five, the yes or no, a few words, a scan if asked."""

    comment = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4, "dir": "auto", "data-count": "1"}),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, kind: str, given: Any = None, paper: bool = False
    ) -> None:
        """`given` is an evaluation that was opened again: what it said is there to be changed."""
        super().__init__(data, files, initial=_as_given(given) if given is not None else None)
        asked = current_form(kind)
        words = {mark: SCALE_WORDS[mark] for mark in SCALE}
        fields: dict[str, forms.Field] = {
            criterion.key: forms.ChoiceField(
                label=criterion.label,
                choices=[(str(mark), words[mark]) for mark in SCALE],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose a mark from 1 to 5.")},
            )
            for criterion in asked.criteria
        }
        self.scales = list(fields)
        if asked.recommend:
            fields["recommended"] = forms.ChoiceField(
                label=asked.recommend,
                choices=YES_NO,
                widget=forms.RadioSelect,
                error_messages={"required": _("Answer yes or no.")},
            )
        fields["comment"] = self.fields["comment"]
        if paper:
            fields["scan"] = MultipleDocumentField(
                kind=DocumentKind.SCAN, label=_("Scan of the signed paper")
            )
        self.fields = fields

    def scale_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.scales]

    def values(self) -> dict[str, Any]:
        """The keyword arguments of give_evaluation."""
        cleaned = self.cleaned_data
        answer = cleaned.get("recommended", "")
        return {
            "marks": {name: cleaned[name] for name in self.scales},
            "comment": cleaned["comment"],
            "recommended": answer == "yes" if answer else None,
            "scan": cleaned.get("scan"),
        }


def _as_given(evaluation: Evaluation) -> dict[str, str]:
    answer = {True: "yes", False: "no"}.get(evaluation.recommended)  # type: ignore[arg-type]
    marks = {key: str(mark) for key, mark in evaluation.marks.items() if key != "form"}
    return {**marks, "comment": evaluation.comment, **({"recommended": answer} if answer else {})}


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]
    """The student's report: its title and its file, which may stay when there is one already."""

    file = MultipleDocumentField(kind=DocumentKind.REPORT, label=_("File of the report"))

    class Meta:
        model = Report
        fields = ("title",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True
        self.fields["file"].required = self.instance.pk is None or not self.instance.documents.all()


class AcceptReportForm(forms.Form):
    mark = forms.IntegerField(label=_("Mark (0–100)"), min_value=0, max_value=100)
    defended_on = _day(_("Defended on"), required=False)
    commission = forms.CharField(
        label=_("Practice commission"),
        required=False,
        max_length=500,
        help_text=_("Names of the members, as the minutes have them."),
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    originality = forms.CharField(
        label=_("Similarity check"),
        required=False,
        max_length=200,
        help_text=_("For example: 84% original, date of the check."),
    )
    note = note_field(_("Note to the student"), required=False)


class MarkForm(forms.Form):
    mark = forms.IntegerField(label=_("Final mark (0–100)"), min_value=0, max_value=100)
    note = note_field(
        _("Note to the student"), required=False, help_text=_("The company reads it too, with the mark.")
    )


class OutcomeForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What became of the student"), choices=OutcomeKind, widget=forms.RadioSelect
    )
    decided_on = _day(_("Date"))
    unit = forms.ModelChoiceField(Organization.objects.none(), label=_("Unit"), required=False)
    position = forms.CharField(label=pgettext_lazy("job", "Position"), required=False, max_length=160)
    staff_number = forms.CharField(label=_("Staff number"), required=False, max_length=40)
    note = forms.CharField(
        label=_("Note for colleagues"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "dir": "auto", "data-count": "1"}),
    )

    def __init__(self, data: Any = None, *, placement: Placement) -> None:
        outcome = getattr(placement, "outcome", None)
        first = {"decided_on": today(), "unit": placement.unit_id}
        if outcome is not None:
            first = {name: getattr(outcome, name) for name in self.base_fields}
        super().__init__(data, initial=first)
        self.fields["unit"].queryset = Organization.objects.below(placement.host)  # type: ignore[attr-defined]


class PoolForm(forms.Form):
    """Until when: a year from today as a rule."""

    until = _day(_("I agree until"))

    def __init__(self, data: Any = None) -> None:
        year = today() + timedelta(days=min(365, settings.POOL_CONSENT_DAYS))
        super().__init__(data, initial={"until": year})
