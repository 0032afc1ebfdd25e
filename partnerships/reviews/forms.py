"""What opening a round, a rubric, a mark and a verb ask for."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.clock import baku_date, end_of_day
from partnerships.common.days import DayField
from partnerships.common.forms import Difference, Differing, VersionedForm
from partnerships.directory.models import Person
from partnerships.reviews import conflicts
from partnerships.reviews.enums import Blind
from partnerships.reviews.models import ReviewMember, ReviewRound, Rubric, RubricVersion
from partnerships.reviews.models.discussion import REMARK
from partnerships.reviews.rubrics import MOST_CRITERIA, Scale, as_typed, in_words
from partnerships.reviews.whole_round import leading, members_of

NOTE = 2000
LABEL = 120  # of a value on a scale


def note_field(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=NOTE,
        help_text=help_text,
        widget=forms.Textarea({"rows": 3, "dir": "auto", "data-count": str(NOTE)}),
        error_messages={"required": _("Say why: it is kept with the round.")},
    )


class EndOfDayField(DayField):
    """A day that means its last second in Baku."""

    def prepare_value(self, value: Any) -> Any:
        return baku_date(value) if isinstance(value, datetime) else value

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return end_of_day(found) if isinstance(found, date) else found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class Names(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            Person.objects.none(),
            label=label,
            widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
            error_messages={"required": _("Choose who reviews.")},
            **kwargs,
        )

    def label_from_instance(self, person: Any) -> str:
        return person.name


def _rubrics(organization: Any) -> Any:
    """The present version of each rubric that is offered."""
    kept = Rubric.objects.filter(organization=organization, archived=False).prefetch_related("versions")
    keys = [rubric.current.pk for rubric in kept]
    return RubricVersion.objects.filter(pk__in=keys).select_related("rubric").order_by("rubric__title_az")


class RubricChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, version: Any) -> str:
        return str(version.rubric)


class RoundForm(VersionedForm):
    """Opening and changing a round; who reviews stands beside it when it is opened."""

    due = EndOfDayField(label=_("Marks due by"))
    rubric = RubricChoice(
        RubricVersion.objects.none(), label=_("Marked by"), required=False, empty_label=_("Five-point scale")
    )
    blind = forms.ChoiceField(label=_("Who knows whom"), choices=Blind.choices, widget=forms.RadioSelect)
    people = Names(_("Who reviews"))

    class Meta:
        model = ReviewRound
        fields = ["title", "title_en", "due", "rubric", "blind", "show_files", "per_item", "cap"]
        help_texts = {
            "show_files": _("A file may name its author inside: in a double-blind round leave this out."),
            "per_item": _("Automatic assignment gives each as many reviewers."),
            "cap": _("Empty: no limit."),
        }

    field_order = ["title", "title_en", "due", "people", "rubric", "blind", "show_files", "per_item", "cap"]

    def __init__(self, *args: Any, organization: Any, people: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = _rubrics(organization)
        if self.instance.rubric_id:
            offered = RubricVersion.objects.filter(
                pk__in=[*offered.values_list("pk", flat=True), self.instance.rubric_id]
            ).select_related("rubric")
        self.fields["rubric"].queryset = offered  # type: ignore[attr-defined]
        self.fields["blind"].initial = Blind.OPEN
        if people is None:
            del self.fields["people"]
        else:
            self.fields["people"].queryset = people  # type: ignore[attr-defined]
        if self.instance.pk and self.instance.state != "preparing":
            for name in ("rubric", "blind"):
                self.fields[name].disabled = True

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class MembersForm(forms.Form):
    people = Names(_("Who reviews"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


class CapForm(forms.Form):
    cap = forms.IntegerField(
        label=_("Most for this reviewer"),
        required=False,
        min_value=0,
        max_value=500,
        help_text=_("Empty: the limit of the round."),
    )


class MarksForm(forms.Form):
    """A row of taps for each criterion, and words for the commission. A draft may leave any of them open."""

    def __init__(self, data: Any = None, *, scale: Scale, initial: Any = None, version: int = 1) -> None:
        super().__init__(data, initial={**(initial or {}), "version": version})
        for criterion in scale.criteria:
            self.fields[criterion.key] = forms.ChoiceField(
                label=criterion.title,
                required=False,
                choices=[(str(value), label) for value, label in enumerate(criterion.labels, 1)],
                widget=forms.RadioSelect,
            )
        self.scale = scale
        self.fields["comment"] = forms.CharField(
            label=_("For the commission"),
            required=False,
            max_length=4000,
            help_text=_("Neither the candidate nor the university reads this."),
            widget=forms.Textarea({"rows": 4, "dir": "auto", "data-count": "4000"}),
        )
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def rows(self) -> list[tuple[Any, forms.BoundField]]:
        return [(criterion, self[criterion.key]) for criterion in self.scale.criteria]

    @property
    def marks(self) -> dict[str, str]:
        return {
            criterion.key: self.cleaned_data[criterion.key]
            for criterion in self.scale.criteria
            if self.cleaned_data.get(criterion.key)
        }


class CriterionForm(forms.Form):
    """One criterion of a rubric: its name, its weight, its values one a line."""

    az = forms.CharField(label=_("Criterion in Azerbaijani"), max_length=160)
    en = forms.CharField(label=_("In English"), max_length=160, required=False)
    weight = forms.IntegerField(
        label=pgettext_lazy("of a criterion", "Weight"), min_value=1, max_value=100, initial=1
    )
    labels_az = forms.CharField(
        label=_("Values, one a line, from the weakest to the strongest"),
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
    )
    labels_en = forms.CharField(
        label=_("Values in English"), max_length=1000, required=False, widget=forms.Textarea({"rows": 5})
    )

    def _lines(self, name: str) -> list[str]:
        found = [line.strip() for line in self.cleaned_data[name].splitlines() if line.strip()]
        if long := [line for line in found if len(line) > LABEL]:
            words = _now("A value has at most %(most)s characters; shorten this one: %(line)s")
            raise forms.ValidationError(words % {"most": LABEL, "line": long[0]})
        return found

    def clean_labels_az(self) -> list[str]:
        return self._lines("labels_az")

    def clean_labels_en(self) -> list[str]:
        return self._lines("labels_en")


CriterionFormSet = forms.formset_factory(
    CriterionForm, extra=0, min_num=1, max_num=MOST_CRITERIA, validate_max=True, validate_min=True
)


class RubricForm(Differing, forms.Form):
    """The names of a rubric, whose criteria are forms of their own; the slower of two editors is shown what
    differs."""

    title_az = forms.CharField(label=_("Name in Azerbaijani"), max_length=160)
    title_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def meet(self, stored: Rubric, criteria: Sequence[dict[str, Any]]) -> None:
        """Somebody else was quicker: it is `stored` by now; `criteria` are those that were typed."""
        self.initial.update(title_az=stored.title_az, title_en=stored.title_en)
        self._stored_version = stored.version
        self._criteria = as_typed(stored.current.criteria), criteria
        self.show_conflict()

    def _differences(self) -> list[Difference]:
        theirs_all, mine_all = self._criteria
        both = zip_longest(map(in_words, theirs_all), map(in_words, mine_all), fillvalue="—")
        return [
            *super()._differences(),
            *(
                Difference(_now("Criterion %(n)s") % {"n": number}, theirs, mine)
                for number, (theirs, mine) in enumerate(both, 1)
                if theirs != mine
            ),
        ]


class NoteForm(forms.Form):
    note = note_field(_("Reason"))


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("Say something to the others"),
        max_length=REMARK,
        widget=forms.Textarea({"rows": 3, "dir": "auto", "data-count": str(REMARK)}),
        error_messages={"required": _("Write what you want to say.")},
    )


class PlainForm(forms.Form):
    """Nothing is asked but that one means it."""


class ConflictForm(forms.Form):
    """Who has a conflict with this one, and why: a reviewer, or one who leads."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Who"))
    note = note_field(_("What ties them"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """The members who may be asked for one item; the rest are shown with the reason."""

    members = forms.ModelMultipleChoiceField(
        ReviewMember.objects.none(),
        label=_("Ask"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Nobody was chosen.")},
    )

    def __init__(self, *args: Any, found: ReviewRound, item: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = [member for member in members_of(found) if member.active]
        self.leading = leading(found)
        people = [member.person_id for member in self.known] + [person.pk for person in self.leading]
        self.ties = conflicts.ties_of(found.reviewed, item, people)
        if self.is_bound:  # the page draws those who are known; only who was chosen is looked up
            offered = found.members.filter(active=True).select_related("person")
            self.fields["members"].queryset = offered  # type: ignore[attr-defined]
