"""What narrows the list of practices. An unknown value narrows nothing: addresses outlive options."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from internships.models import Placement
from internships.placement_reports import Facets, bare, late
from partnerships.common.narrow_form import NarrowForm, searched
from partnerships.common.text import fold


class PlacementsForm(NarrowForm):
    q = searched(_("Student or number"), pgettext_lazy("working list", "Name or number"))
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    unit = forms.ChoiceField(label=_("Enterprise or unit"), required=False)
    university = forms.ChoiceField(label=_("University"), required=False)
    late = forms.BooleanField(label=_("Late only"), required=False)
    bare = forms.BooleanField(label=_("Without a contract"), required=False)

    def __init__(self, data: Any, facets: Facets) -> None:
        super().__init__(data)
        self.offer("programme", facets.programmes)
        self.offer("unit", facets.units)
        self.offer("university", facets.universities)
        self.is_valid()

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
