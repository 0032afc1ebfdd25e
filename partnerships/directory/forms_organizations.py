"""Forms of organisations that are no more."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.common.clock import today
from partnerships.common.days import DayField
from partnerships.common.text import fold
from partnerships.directory.enums import Ending
from partnerships.directory.models import Organization


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class OrganizationEndForm(forms.Form):
    """The successor is named by the address of its page: ten thousand stand in no drop-down."""

    how = forms.ChoiceField(
        label=_("What happened"),
        choices=[(one.value, one.label) for one in (Ending.REPLACED, Ending.MERGED, Ending.CLOSED)],
        widget=forms.RadioSelect,
        initial=Ending.REPLACED,
    )
    successor = forms.CharField(
        label=_("Who goes on in its place"),
        required=False,
        max_length=200,
        help_text=_("Name, acronym or address of its page. Not needed where it closed."),
    )
    on = DayField(label=_("When"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("By which decision; it stays in the history of the record."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today())

    def clean_successor(self) -> Organization | None:
        typed = self.cleaned_data["successor"].strip()
        if not typed:
            return None
        rows = Organization.objects.filter(parent=None, is_active=True)
        slug = typed.rstrip("/").rpartition("/")[2]
        named = rows.filter(names__folded=fold(typed)).distinct()
        for found in (rows.filter(slug=slug), rows.filter(acronym=typed), named):
            if len(first := list(found[:2])) == 1:
                return first[0]
        raise forms.ValidationError(self._none_or_many(rows, typed))

    def _none_or_many(self, rows: Any, typed: str) -> str:
        """What was perhaps meant, with the addresses that tell namesakes apart."""
        alike = rows
        for word in fold(typed).split():
            alike = alike.filter(folded__contains=word)
        near = [f"{one.display_name} ({one.slug})" for one in alike.order_by("sort_key", "pk")[:3]]
        if not near:
            return _now("No active organisation is called so.")
        return _now(
            "No single organisation is called exactly so. Type one of these addresses: %(names)s."
        ) % {"names": "; ".join(near)}
