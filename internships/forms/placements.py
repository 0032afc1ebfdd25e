"""What narrows the list of practices. An unknown value narrows nothing: addresses outlive options."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from internships.models import Placement
from internships.placement_reports import Facets, bare, late
from partnerships.common.text import fold


class PlacementsForm(forms.Form):
    q = forms.CharField(label=_("Student or number"), required=False, max_length=100)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    unit = forms.ChoiceField(label=_("Enterprise or unit"), required=False)
    university = forms.ChoiceField(label=_("University"), required=False)
    late = forms.BooleanField(label=_("Late only"), required=False)
    bare = forms.BooleanField(label=_("Without a contract"), required=False)

    def __init__(self, data: Any, facets: Facets) -> None:
        super().__init__(data)
        options = {
            "programme": facets.programmes,
            "unit": facets.units,
            "university": facets.universities,
        }
        for name, choices in options.items():
            field = self.fields[name]
            field.choices = [("", field.label), *choices]  # type: ignore[attr-defined]
            if len(choices) < 2:
                del self.fields[name]  # one option narrows nothing
        for name, field in self.fields.items():
            field.widget.attrs.update({"aria-label": field.label, "id": f"filter-{name}"})
        self.fields["q"].widget.input_type = "search"  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs["placeholder"] = pgettext_lazy("working list", "Name or number")
        self.is_valid()

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name, "") if name in self.fields else ""

    @property
    def narrows(self) -> bool:
        return any(self.value(name) for name in self.fields)

    def narrow(self, rows: QuerySet[Placement]) -> QuerySet[Placement]:
        """Rows (with `next_on`) that answer to what was chosen."""
        if fold(self.value("q")):
            rows = rows.answering(self.value("q"))  # type: ignore[attr-defined]
        if self.value("programme"):
            rows = rows.filter(programme__slug=self.value("programme"))
        if self.value("unit"):
            rows = rows.filter(unit_id=self.value("unit"))
        if self.value("university"):
            rows = rows.filter(university_id=self.value("university"))
        if self.value("late"):
            rows = rows.filter(late())
        if self.value("bare"):
            rows = rows.filter(bare())
        return rows
