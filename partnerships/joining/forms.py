"""What a request to join asks for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.common.text import clean_line, fold
from partnerships.directory.models import Organization, OrganizationName
from partnerships.directory.validators import clean_phone, validate_domain
from partnerships.joining.enums import Asker
from partnerships.joining.models import directions

NONE_OF_THEM = "none"


class JoinForm(forms.Form):
    """Organisation, contact, directions. What the portal may know already is asked back once."""

    kind = forms.ChoiceField(
        label=_("Who joins"),
        choices=[(Asker.UNIVERSITY, _("University")), (Asker.COMPANY, _("Company or another organisation"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who joins: a university, or a company or another organisation.")
        },
    )
    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    domain = forms.CharField(
        label=_("Web or mail domain"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"placeholder": "university.edu.az", "autocapitalize": "none"}),
    )
    known = forms.ChoiceField(
        label=_("Is it one of these?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it is your organisation.")},
    )
    contact_name = forms.CharField(
        label=_("Your name"), max_length=160, widget=forms.TextInput({"autocomplete": "name"})
    )
    contact_position = forms.CharField(
        label=_("Your position"),
        max_length=160,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail at the organisation"),
        max_length=254,
        help_text=_("The link to your request is sent here."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    directions = forms.MultipleChoiceField(
        label=_("Directions"),
        choices=lambda: list(directions().items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(
        label=_("What you would like to do together"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
    # Seen by programs alone; a person leaves it empty.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = self._found() if self.is_bound else []
        if not self.found:
            del self.fields["known"]
            return
        choices = [(str(one.pk), f"{one.display_name}, {one.city_name}".strip(", ")) for one in self.found]
        self.fields["known"].choices = [*choices, (NONE_OF_THEM, _("None of these"))]  # type: ignore[attr-defined]
        self.fields["known"].required = True

    def _found(self) -> list[Organization]:
        """Organisations of that kind with this very name, acronym or domain, whatever the spelling."""
        folded = fold(self.data.get("name", ""))
        domain = _bare(self.data.get("domain", "")) or _bare(self.data.get("email", "").rpartition("@")[2])
        rows = Organization.objects.filter(parent=None, is_active=True, kind=self.data.get("kind", ""))
        named = OrganizationName.objects.filter(folded=folded or "-").values("organization_id")
        by_name, by_domain = rows.filter(pk__in=named), rows.filter(domains__domain=domain or "-")
        return list((by_name | by_domain).distinct().order_by("sort_key")[:5])

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean_domain(self) -> str:
        domain = _bare(self.cleaned_data["domain"])
        if domain:
            validate_domain(domain)
        return domain

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return clean_phone(typed) if typed else ""

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("This form is for people."))
        return ""

    def values(self) -> dict[str, Any]:
        """Keyword arguments of actions.ask_to_join."""
        values = {key: value for key, value in self.cleaned_data.items() if key not in ("known", "website")}
        chosen = self.cleaned_data.get("known", "")
        values["organization"] = next((one for one in self.found if str(one.pk) == chosen), None)
        return values


def _bare(typed: str) -> str:
    """The domain of an address: "https://www.aztu.edu.az/az" is aztu.edu.az."""
    host = typed.strip().lower().partition("//")[2] or typed.strip().lower()
    return host.partition("/")[0].removeprefix("www.")


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Your answer"), max_length=2000, widget=forms.Textarea({"rows": 4, "dir": "auto"})
    )
