"""Forms of the directory: particulars, studies, requests, invitations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.common.days import DayField
from partnerships.common.forms import EitherDecimalField, VersionedForm
from partnerships.common.text import clean_line, fold
from partnerships.directory import enums
from partnerships.directory.actions.invitations import MAX_DAYS, MAX_USES, most_uses
from partnerships.directory.enums import COMPANY_ROLES, UNIVERSITY_ROLES, Kind, Role
from partnerships.directory.models import Organization, Person, Skill, Specialty, Study
from partnerships.directory.validators import clean_phone, validate_fin


def _plain(fields: tuple[str, ...], form: forms.BaseForm) -> None:
    """No direction marks or double spaces in what people typed."""
    for name in fields:
        if isinstance(form.cleaned_data.get(name), str):
            form.cleaned_data[name] = clean_line(form.cleaned_data[name])


class PersonForm(VersionedForm):
    """A person's particulars. The personal code is never shown in full: an empty field keeps it, a tick
    takes it away."""

    secret = ("fin", "forget_fin")
    forget_fin = forms.BooleanField(label=_("Remove my personal code"), required=False)

    class Meta:
        model = Person
        fields = ["given_name", "family_name", "is_foreigner", "patronymic", "phone", "orcid", "fin"]
        widgets = {
            "given_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "family_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "patronymic": forms.TextInput(attrs={"autocomplete": "additional-name"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
            "orcid": forms.TextInput(attrs={"placeholder": "0000-0000-0000-0000", "autocomplete": "off"}),
            "fin": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }
        help_texts = {
            "is_foreigner": _("Then no patronymic, personal code or Azerbaijani phone number is asked for."),
            "phone": _("With the country code: +994 50 123 45 67."),
            "orcid": _("Your researcher identifier, if you have one."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_fin = self.instance.fin
        self.fields["fin"].required = False
        if not self.kept_fin:
            del self.fields["forget_fin"]
        self.initial["fin"] = ""
        self.fields["fin"].help_text = (
            _("Kept: %(masked)s. Leave this empty to keep it.") % {"masked": self.instance.masked_fin}
            if self.kept_fin
            else _(
                "Seven letters and digits of your identity card; asked for only where a contract needs it."
            )
        )

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return clean_phone(typed) if typed else ""

    def clean_orcid(self) -> str:
        typed = self.cleaned_data["orcid"].strip()
        return typed.removeprefix("https://orcid.org/")

    def clean_fin(self) -> str:
        typed = self.cleaned_data["fin"].strip().upper()
        if not typed:
            return self.kept_fin
        validate_fin(typed)
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _plain(("given_name", "family_name", "patronymic"), self)
        if cleaned.get("forget_fin"):
            if (self["fin"].data or "").strip():
                self.add_error("forget_fin", _("You typed a new code: leave one of the two."))
            elif "fin" in cleaned:
                cleaned["fin"] = ""
        return cleaned

    def changes(self) -> dict[str, Any]:
        """What goes to actions.update_person."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def _year() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Year of study"),
        min_value=1,
        max_value=8,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _with_code(row: Specialty) -> str:
    """The code tells those of the same name apart: bachelor's and master's."""
    return f"{row.display_name} ({row.code})"


def _code(**kwargs: Any) -> forms.CharField:
    """The code of an invitation, as a letter or a colleague gave it."""
    typed = forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
    return forms.CharField(label=_("Invitation code"), max_length=20, widget=typed, **kwargs)


class CodeForm(forms.Form):
    """The code and nothing else: it says where one belongs, and as what."""

    code = _code(error_messages={"required": _("Type the code that you were given.")})


class StudyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who one is at a university, and what one studies there: one screen of a phone."""

    role = forms.ChoiceField(label=_("What are you there?"), choices=(), initial=Role.STUDENT)
    year = _year()
    unit = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Faculty or unit"), required=False, empty_label=_("Not sure")
    )
    code = _code(
        required=False, help_text=_("If your university or company gave you one, you are confirmed at once.")
    )
    note = forms.CharField(
        label=_("A word to whoever confirms"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Study
        fields = ["specialty", "degree", "year", "gpa", "mode", "student_number", "group"]
        field_classes = {"gpa": EitherDecimalField}
        widgets = {
            "gpa": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        help_texts = {"student_number": _("With it your university may know you at once.")}

    def __init__(
        self, *args: Any, organization: Organization | None, roles: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.fields["specialty"].queryset = Specialty.objects.all()
        self.fields["specialty"].required = True
        self.fields["specialty"].error_messages["required"] = _("Choose your specialty: places ask for it.")
        self.fields["specialty"].label_from_instance = _with_code
        kind = organization.root.kind if organization and organization.root else Kind.UNIVERSITY
        allowed = COMPANY_ROLES if kind == Kind.COMPANY else UNIVERSITY_ROLES
        self.fields["role"].choices = [(role.value, role.label) for role in allowed]
        if kind == Kind.COMPANY:
            self.fields["role"].initial = allowed[0]
        if organization is not None and organization.root is not None:
            units = Organization.objects.below(organization.root).exclude(parent=None).filter(is_active=True)
            self.fields["unit"].queryset = units.order_by("path")
            self.fields["unit"].label_from_instance = lambda row: row.display_name
            if not organization.is_root:
                self.fields["unit"].initial = organization.pk
        if kind == Kind.COMPANY:
            for name in self.Meta.fields:
                del self.fields[name]
        elif self.is_bound and (self.data.get("role") != Role.STUDENT or self.data.get("code")):
            # Studies are asked of students; whoever has a code may leave them to the university.
            for name in self.Meta.fields:
                self.fields[name].required = False

    @property
    def is_student(self) -> bool:
        return self.cleaned_data.get("role") == Role.STUDENT

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        _plain(("student_number", "group", "note"), self)
        return cleaned

    def study(self) -> dict[str, Any]:
        """What goes to the actions: only what was said."""
        return {
            name: value
            for name in self.Meta.fields
            if (value := self.cleaned_data.get(name)) not in (None, "")
        }


class StudyEditForm(VersionedForm):
    """The coordinator's correction of what a student studies."""

    year = _year()

    class Meta(StudyForm.Meta):
        help_texts: dict[str, Any] = {}  # the hint at the number is for the student

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["specialty"].label_from_instance = _with_code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _plain(("student_number", "group"), self)
        return cleaned


class CorrectionForm(forms.Form):
    """What a student asks their university to correct."""

    note = forms.CharField(
        label=_("What is to be corrected, and how?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Say what is to be corrected.")},
    )


class DecideForm(forms.Form):
    """One decision about one affiliation. Sent from beside its buttons; a refusal is drawn as a page."""

    verb = forms.ChoiceField(
        choices=[(v, v) for v in ("confirm", "refuse", "revoke", "restore", "end", "withdraw")],
        widget=forms.HiddenInput,
    )
    note = forms.CharField(
        label=_("Reason; the other side reads it"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    ends = DayField(label=_("Last day"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        if data.get("verb") != "end":
            del self.fields["ends"]
        elif not data.get("note"):
            del self.fields["note"]

    @property
    def typed(self) -> bool:
        return bool(self.data.get("note", "").strip() or self.data.get("ends", "").strip())


class InvitationForm(forms.Form):
    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Organisation or unit"))
    role = forms.ChoiceField(label=_("As"), choices=())
    uses = forms.IntegerField(label=_("How many people"), min_value=1, max_value=MAX_USES, initial=30)
    days = forms.IntegerField(label=_("Good for, days"), min_value=1, max_value=MAX_DAYS, initial=30)
    note = forms.CharField(label=_("For whom"), max_length=120, required=False)

    def __init__(self, *args: Any, organizations: Any, roles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations
        self.fields["organization"].label_from_instance = lambda row: row.display_name
        self.fields["organization"].initial = organizations.first()
        self.fields["role"].choices = [(role, enums.Role(role).label) for role in roles]
        if enums.Role.STUDENT in roles:
            self.fields["uses"].help_text = _("Only students share a code; any other role: 1.")
        else:
            self.fields["uses"].initial = 1
            self.fields["uses"].help_text = _("A code for this role is for one person: make one for each.")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        role, uses = found.get("role"), found.get("uses")
        if role and uses and uses > most_uses(role):
            self.add_error(
                "uses",
                _("A code for this role is for one person: put 1 here and make another code for the next."),
            )
        return found


class SkillForm(forms.Form):
    """A word of the vocabulary, typed or picked."""

    name = forms.CharField(
        label=_("Skill"), max_length=100, widget=forms.TextInput(attrs={"list": "skill-words"})
    )

    def clean_name(self) -> Skill:
        typed = fold(self.cleaned_data["name"])
        for skill in Skill.objects.filter(folded__contains=typed):
            if typed in {fold(skill.name), fold(skill.name_en)}:
                return skill
        near = Skill.objects.filter(folded__contains=typed)[:3] if len(typed) >= 3 else []
        words = ", ".join(skill.display_name for skill in near)
        if words:
            raise forms.ValidationError(
                _("This is not in the list of skills. Perhaps: %(words)s."), params={"words": words}
            )
        raise forms.ValidationError(_("This is not in the list of skills. Choose a word from it."))
