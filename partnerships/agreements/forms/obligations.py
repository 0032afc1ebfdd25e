"""What a party owes, and what it has done."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.agreements.actions.obligations import FIELDS
from partnerships.agreements.directions import figure_labels
from partnerships.agreements.models import Agreement, Obligation, Party
from partnerships.common.clock import today
from partnerships.common.days import DayField
from partnerships.common.forms import Differing, EitherDecimalField
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import DocumentField

READ = ("version", "party", *FIELDS)


class ObligationForm(Differing, forms.Form):
    """Who owes what, how much, by when; the slower of two editors is shown what differs."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    party = forms.ModelChoiceField(Party.objects.none(), label=_("Who owes it"))
    what_az = forms.CharField(label=_("What, in Azerbaijani"), max_length=300)
    what_en = forms.CharField(label=_("What, in English"), max_length=300, required=False)
    figure = forms.ChoiceField(
        label=_("Counted by the portal"),
        required=False,
        help_text=_("What the directions count by themselves needs no entry by hand."),
    )
    amount = EitherDecimalField(
        label=_("How much"), required=False, min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    unit_az = forms.CharField(
        label=_("Of what, in Azerbaijani"), max_length=40, required=False, help_text=_("places, hours, AZN")
    )
    unit_en = forms.CharField(label=_("Of what, in English"), max_length=40, required=False)
    due = DayField(label=_("By when"), required=False)

    def __init__(self, *args: Any, agreement: Agreement, obligation: Obligation | None = None, **kwargs: Any):
        if obligation is not None:
            kwargs["initial"] = {name: getattr(obligation, name) for name in READ}
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = agreement.parties.exclude(organization=None)  # type: ignore[attr-defined]
        figures = [(key, label) for key, label in figure_labels().items()]
        self.fields["figure"].choices = [("", _("Not counted, entered by hand")), *figures]  # type: ignore[attr-defined]

    def meet(self, stored: Obligation) -> None:
        """Somebody else was quicker: it is `stored` by now."""
        self.initial.update({name: getattr(stored, name) for name in READ})
        self._stored_version = stored.version
        self.show_conflict()


class DropForm(forms.Form):
    """Why it is taken away; of a draft that nobody outside has read a reason is welcome."""

    note = forms.CharField(
        label=_("Reason"),
        max_length=600,
        widget=forms.Textarea({"rows": 3, "dir": "auto", "data-count": "600"}),
        error_messages={"required": _("Say why: the other side reads it.")},
    )

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = needed


class FulfilForm(forms.Form):
    """A part that was done, with what shows it."""

    done_on = DayField(label=_("Date"), initial=today)
    amount = EitherDecimalField(
        label=_("How much"), required=False, min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    note = forms.CharField(
        label=_("What was done"),
        required=False,
        max_length=600,
        widget=forms.Textarea({"rows": 3, "dir": "auto", "data-count": "600"}),
    )
    evidence = DocumentField(kind=DocumentKind.OTHER, label=_("Evidence"), required=False)

    def __init__(self, *args: Any, obligation: Obligation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if obligation.amount is None:
            del self.fields["amount"]
        else:
            self.fields["amount"].required = True
            self.fields["amount"].error_messages["required"] = _("Say how much was done.")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        shown = values.get("note") or values.get("evidence")
        if not shown and not self.errors.keys() & {"note", "evidence"}:
            self.add_error("note", _("Say what was done, or add a file that shows it."))
        return values
