"""What narrows and orders the working list. An unknown value narrows nothing: addresses outlive options."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from internships.models import Application
from internships.worklists import Facets, late, of_place
from partnerships.common.narrow_form import NarrowForm, searched
from partnerships.common.text import fold

SORTS = {
    "score": ("-score", "-pk"),
    "due": ("due_at", "pk"),
    "new": ("-pk",),
    "name": ("person__sort_key", "pk"),
    "commission": ("-commission_mean", "-pk"),
}


class WorklistForm(NarrowForm):
    q = searched(_("Candidate or number"), pgettext_lazy("working list", "Name or number"))
    university = forms.ChoiceField(label=_("University"), required=False)
    unit = forms.ChoiceField(label=_("Enterprise or unit"), required=False)
    position = forms.ChoiceField(label=_("Place"), required=False)
    specialty = forms.ChoiceField(label=_("Specialty"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False)
    late = forms.BooleanField(label=_("Late only"), required=False)

    def __init__(
        self,
        data: Any,
        facets: Facets,
        *,
        scores: bool,
        commission: bool = False,
        endless: bool = False,
        ordered: bool = True,
    ) -> None:
        """`endless`: all rounds of somebody who sees many; ordered by what an index is ordered by.
        `ordered`: its reader says in which order; the board has one of its own."""
        super().__init__(data)
        self.offer("university", facets.universities)
        self.offer("unit", facets.units)
        self.offer("position", facets.positions)
        self.offer("specialty", facets.specialties)
        sorts = [("new", _("Newest first"))] if endless else [("due", _("By date")), ("name", _("By name"))]
        if scores and not endless:
            sorts.insert(0, ("score", _("By score")))
        if commission:
            sorts.append(("commission", _("By the commission's mean")))
        self.default_sort = sorts[0][0]
        self.offer("sort", sorts, least=1 if ordered else len(sorts) + 1, empty=False)
        self.is_valid()

    @property
    def order(self) -> tuple[str, ...]:
        return SORTS[self.value("sort") or self.default_sort]

    @property
    def looks_at_dates(self) -> bool:
        return "due_at" in self.order or bool(self.value("late"))

    @property
    def by_commission(self) -> bool:
        return bool(self.value("sort") == "commission")

    def narrow(self, rows: QuerySet[Application]) -> QuerySet[Application]:
        """Rows (with `due_at`) that answer to what was chosen."""
        if fold(self.value("q")):
            rows = rows.answering(self.value("q"))  # type: ignore[attr-defined]
        if self.value("university"):
            rows = rows.filter(university_id=self.value("university"))
        if self.value("specialty"):
            rows = rows.filter(affiliation__study__specialty_id=self.value("specialty"))
        if self.value("unit"):
            rows = of_place(rows, unit__path__startswith=self.value("unit"))
        if self.value("position"):
            rows = of_place(rows, pk=self.value("position"))
        return late(rows) if self.value("late") else rows


class ManyForm(forms.Form):
    """What goes with a decision on several applications."""

    refusal_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(
        label=_("What the students read"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": "1"}),
    )

    def __init__(self, data: Any = None, *, verb: str) -> None:
        from internships.enums import RefusalCode

        super().__init__(data)
        given = [choice for choice in RefusalCode.choices if choice[0] != RefusalCode.CANCELLED]
        self.fields["refusal_code"].choices = [("", "—"), *given]  # type: ignore[attr-defined]
        if verb != "refuse":
            del self.fields["refusal_code"]
        if verb == "return":
            self.fields["note"].label = _("What is to be changed")
        if verb in ("endorse", "waitlist", "offer"):
            self.fields["note"].required = False
            self.fields["note"].label = _("Note to the students") if verb == "offer" else _("Note")
        if verb == "offer":
            self.fields["note"].help_text = _(
                "Each is offered the highest of their choices that has a free seat. Where seats are fewer"
                " than candidates, the higher score comes first; you are told who got none."
            )
