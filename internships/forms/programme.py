"""Programmes, deadlines, periods, positions and seats, as human resources write them."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from internships.actions.programmes import COPIED
from internships.enums import ProgrammeKind, ProgrammeState
from internships.models import Position, Programme, Vacancy
from internships.reports import people_of
from partnerships.calls.models import ORDER, Call, Step
from partnerships.common.clock import baku_date, end_of_day, moment_in_words, start_of_day
from partnerships.common.days import DayField
from partnerships.common.forms import EitherDecimalField, VersionedForm
from partnerships.common.text import key_of
from partnerships.directory.enums import Degree, Kind, Role
from partnerships.directory.models import Organization, Skill, Specialty
from partnerships.seats.actions import BELOW_TAKEN, QUOTA_ABOVE

# What applicants have relied on since the programme is public.
FIXED_ONCE_PUBLIC = (
    "kind",
    "practice_type",
    "competition",
    "endorsement_required",
    "open_to_foreigners",
    "cv_required",
    "transcript_required",
    "max_choices",
)
# What a position says of itself: to who writes it, and to the administration.
POSITION_FIELDS = (
    "unit",
    "title_az",
    "title_en",
    "tasks_az",
    "tasks_en",
    "specialties",
    "degrees",
    "min_year",
    "min_gpa",
    "full_time_only",
    "citizens_only",
    "skills",
    "languages",
    "mentors",
    "accessibility",
)
# Needed only with another answer: not marked as optional, and the hint says when.
OWED = (
    ("practice_type", _("Needed for a practice of the curriculum.")),
    ("stipend_az", _("Needed where it is paid.")),
)
BEGINNINGS = (Step.OPEN, Step.START)  # days that begin something; the others are the last day


def name_languages(form: forms.BaseForm) -> None:
    """Title (Azərbaycanca), title (English): two fields of one text told apart."""
    for name, field in form.fields.items():
        stem, _sep, language = name.rpartition("_")
        if stem and language in ("az", "en"):
            model_field = form._meta.model._meta.get_field(stem)  # type: ignore[attr-defined]
            words = {
                "field": capfirst(model_field.verbose_name),
                "language": get_language_info(language)["name_translated"],
            }
            field.label = _t("%(field)s (%(language)s)") % words
            field.widget.attrs["lang"] = language


class ProgrammeForm(VersionedForm):
    class Meta:
        model = Programme
        # The kind first, then the title, which differs from year to year.
        fields = (*COPIED[:2], "title_az", "title_en", *COPIED[2:])
        widgets = {
            "description_az": forms.Textarea(attrs={"rows": 7}),
            "description_en": forms.Textarea(attrs={"rows": 7}),
        }

    def __init__(self, *args: Any, hosts: list[Organization] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_languages(self)
        for name, words in OWED:
            self.fields[name].asked_by_another = True  # type: ignore[attr-defined]
            self.fields[name].help_text = words
        if self.instance.pk and self.instance.state != ProgrammeState.DRAFT:
            for name in FIXED_ONCE_PUBLIC:
                self.fields[name].disabled = True
        if hosts is not None and len(hosts) > 1:
            keys = [host.pk for host in hosts]
            self.fields["host"] = forms.ModelChoiceField(
                label=_("Company"), queryset=Organization.objects.filter(pk__in=keys), initial=keys[0]
            )
            self.order_fields(["host"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        practice = cleaned.get("kind") == ProgrammeKind.PRACTICE
        if practice and not cleaned.get("practice_type"):
            self.add_error("practice_type", _("Say which practice of the curriculum it is."))
        if not practice:
            cleaned["practice_type"] = ""
        if cleaned.get("paid") and not cleaned.get("stipend_az"):
            self.add_error("stipend_az", _("Say how much is paid, or that it is agreed on."))
        if cleaned.get("open_to_foreigners"):
            for name in ("title_en", "summary_en"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("What is open to foreigners needs this in English too."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "host")}


class DeadlinesForm(forms.Form):
    """The chain as days: what begins does so at midnight, what ends does so at 23:59:59, both in Baku."""

    def __init__(self, data: Any = None, *, call: Call, endorsed: bool) -> None:
        super().__init__(data)
        for step in ORDER:
            if step == Step.ENDORSE and not endorsed:
                continue
            moment = call.at(step)
            self.fields[step] = DayField(
                label=Step(step).label,
                required=step in (Step.APPLY, Step.DECIDE, Step.START) or step == Step.ENDORSE,
                initial=baku_date(moment) if moment else None,
                help_text=_("from 00:00 (Baku)") if step in BEGINNINGS else _("until 23:59 (Baku)"),
            )

    def moments(self) -> dict[str, datetime | None]:
        return {step: moment_of(step, day) if day else None for step, day in self.cleaned_data.items()}


def moment_of(step: str, day: date) -> datetime:
    return start_of_day(day) if step in BEGINNINGS else end_of_day(day)


class ExtendForm(forms.Form):
    step = forms.ChoiceField(label=_("Deadline"))
    day = DayField(label=_("New date"))
    note = forms.CharField(
        label=_("Why it is moved"),
        help_text=_("Everybody concerned reads it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "1"}),
    )

    def __init__(self, data: Any = None, *, call: Call, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        words = [(step, f"{Step(step).label} · {moment_in_words(at)}") for step, at in call.chain.items()]
        self.fields["step"].choices = words  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name_az = forms.CharField(label=_("Name in Azerbaijani"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    starts = DayField(label=_("From"))
    ends = DayField(label=_("Until"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The end lies before the beginning."))
        return cleaned


class _Periods(BaseFormSet):  # type: ignore[type-arg]
    def rows(self) -> list[dict[str, Any]]:
        kept = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        return [form.cleaned_data for form in kept if form.cleaned_data.get("name_az")]


PeriodFormSet = formset_factory(
    PeriodForm, formset=_Periods, extra=1, max_num=6, absolute_max=12, can_delete=True
)


def periods_initial(programme: Programme) -> list[dict[str, Any]]:
    return [
        {
            "key": period.pk,
            "name_az": period.name_az,
            "name_en": period.name_en,
            "starts": period.starts,
            "ends": period.ends,
        }
        for period in programme.periods.all()
    ]


class UnitChoice(forms.ModelChoiceField):
    """Units of the company as a tree: the depth of a unit is shown by dashes before its name."""

    def label_from_instance(self, unit: Any) -> str:
        depth = unit.path.count(".") - 1
        return f"{'– ' * depth}{unit.display_name}"


class PositionForm(VersionedForm):
    degrees = forms.MultipleChoiceField(
        label=_("Levels"),
        choices=Degree.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: any level."),
    )
    unit = UnitChoice(label=_("Unit"), queryset=Organization.objects.none())

    class Meta:
        model = Position
        fields = POSITION_FIELDS
        field_classes = {"min_gpa": EitherDecimalField}
        widgets = {
            "tasks_az": forms.Textarea(attrs={"rows": 5}),
            "tasks_en": forms.Textarea(attrs={"rows": 5}),
            "specialties": forms.SelectMultiple(attrs={"size": 7}),
            "skills": forms.SelectMultiple(attrs={"size": 5}),
            "mentors": forms.SelectMultiple(attrs={"size": 4}),
        }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.programme = programme
        name_languages(self)
        units = Organization.objects.filter(path__startswith=programme.host.path, is_active=True)
        querysets = {
            "unit": units.exclude(kind=Kind.OFFICE).order_by("path"),
            "specialties": Specialty.objects.all(),
            "skills": Skill.objects.all(),
            "mentors": people_of(programme.host, Role.MENTOR, Role.UNIT_HEAD),
        }
        for name, queryset in querysets.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        self.fields["specialties"].label_from_instance = lambda row: f"{row.display_name} ({row.code})"  # type: ignore[attr-defined]
        self.fields["specialties"].help_text = _("None chosen: any specialty. Ctrl chooses several.")

    def _read(self, field: forms.Field, value: Any) -> str:
        if isinstance(field, forms.ModelMultipleChoiceField):
            keys = [getattr(row, "pk", row) for row in value or []]
            known = field.queryset.filter(pk__in=[key_of(str(key)) for key in keys])  # type: ignore[union-attr]
            return ", ".join(str(row) for row in known) or "—"
        if isinstance(field, forms.MultipleChoiceField):
            words = dict(field.choices)  # type: ignore[arg-type]
            return ", ".join(str(words.get(key, key)) for key in value or []) or "—"
        return super()._read(field, value)

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class SeatsForm(forms.Form):
    capacity = forms.IntegerField(label=_("Seats"), min_value=0, max_value=5000)
    quota_only = forms.BooleanField(
        label=_("Only universities with a quota"),
        required=False,
        help_text=_("Universities without a quota of their own get no seat here."),
    )


class QuotaForm(forms.Form):
    university = forms.ModelChoiceField(label=_("University"), queryset=Organization.objects.none())
    places = forms.IntegerField(label=_("Places"), min_value=0, max_value=5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = Organization.objects.partners().filter(kind=Kind.UNIVERSITY)
        self.fields["university"].queryset = partners  # type: ignore[attr-defined]


class _Quotas(BaseFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        seen: set[int] = set()
        for form in self.forms:
            university = form.cleaned_data.get("university") if hasattr(form, "cleaned_data") else None
            if university is None or form in self.deleted_forms:
                continue
            if university.pk in seen:
                form.add_error("university", _("This university stands here twice."))
            seen.add(university.pk)

    def fit(self, capacity: int) -> bool:
        """Whether no quota is above the seats; each that is says so on its own field."""
        above = [
            form
            for form in self.forms
            if not form.cleaned_data.get("DELETE") and (form.cleaned_data.get("places") or 0) > capacity
        ]
        for form in above:
            form.add_error("places", str(QUOTA_ABOVE.reason))
        return not above

    def quotas(self) -> dict[int, int]:
        return {
            form.cleaned_data["university"].pk: form.cleaned_data["places"]
            for form in self.forms
            if form.cleaned_data and form not in self.deleted_forms
        }


QuotaFormSet = formset_factory(
    QuotaForm, formset=_Quotas, extra=2, max_num=60, absolute_max=100, can_delete=True
)


def seats_fit(form: SeatsForm, rows: Any, taken: int) -> bool:
    """Whether seats and quotas may be kept; what is wrong with either is said at once, each on its field. The
    action asks again under its lock."""
    right = rows.is_valid()
    if not form.is_valid():
        return False
    capacity = form.cleaned_data["capacity"]
    right = rows.fit(capacity) and right
    if capacity < taken:
        form.add_error("capacity", str(BELOW_TAKEN.reason))
        return False
    return bool(right)


def seats_initial(vacancy: Vacancy | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the seats form and its quotas begin with."""
    if vacancy is None:
        return {}, []
    pool = vacancy.pool
    rows = [{"university": quota.organization_id, "places": quota.places} for quota in pool.quotas.all()]
    return {"capacity": pool.capacity, "quota_only": pool.quota_only}, rows


class CancelForm(forms.Form):
    note = forms.CharField(
        label=_("Why it is cancelled"),
        help_text=_("Every applicant reads it; their applications end."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "1"}),
    )
