"""Hours of a month for an organisation, as who looks after the things writes them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.bookings.models import MOST_HOURS, Quota
from partnerships.common.forms import VersionedForm
from partnerships.directory.models import Organization


class GiveForm(forms.Form):
    """A quota of an organisation, or of each."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organisation"), required=False,
        empty_label=_("Each organisation by itself"),
        help_text=_("What is given to each does not bind the owner, nor who has a quota of their own here."),
    )  # fmt: skip
    hours = forms.IntegerField(
        label=_("Hours a month"), min_value=1, max_value=MOST_HOURS,
        help_text=_("Of this and all that is in it; two rooms for an hour are two hours."),
    )  # fmt: skip

    def __init__(self, *args: Any, has: Sequence[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organization"]
        field.queryset = Organization.objects.partners().exclude(pk__in=has).order_by("sort_key", "pk")
        field.label_from_instance = lambda row: row.display_name


class HoursOfMonthForm(VersionedForm):
    """Other hours for a quota that is there."""

    hours = forms.IntegerField(label=_("Hours a month"), min_value=1, max_value=MOST_HOURS)

    class Meta:
        model = Quota
        fields = ["hours"]
