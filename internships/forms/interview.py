"""Inviting to a talk, moving it, writing it up."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from internships.enums import Recommendation
from partnerships.bookings.models import Thing
from partnerships.common.clock import BAKU, today
from partnerships.common.days import DayField
from partnerships.directory.models import Person

LENGTHS = (15, 20, 30, 45, 60, 90)
NOTE = 2000
AHEAD = timedelta(days=366)


def _lengths() -> list[tuple[int, str]]:
    return [(n, ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}) for n in LENGTHS]


class TimeForm(forms.Form):
    """When and where. Times are Baku's."""

    day = DayField(label=_("Date"))
    start = forms.TimeField(
        label=_("Begins (Baku)"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300})
    )
    minutes = forms.TypedChoiceField(
        label=_("Length"),
        coerce=int,
        initial=30,
        choices=_lengths,
    )
    room = forms.ModelChoiceField(
        Thing.objects.none(),
        label=_("Room that is kept for it"),
        required=False,
        empty_label=_("None: say where below"),
    )
    place = forms.CharField(label=_("Room or address"), required=False, max_length=200)
    link = forms.URLField(
        label=_("Link of the online meeting"), required=False, assume_scheme="https", max_length=200
    )

    # Errors of the action by its own names, and where they stand in the form.
    RENAMED = {"starts": "start", "ends": "minutes"}

    def offer_rooms(self, rooms: Sequence[Thing], present: Thing | None = None) -> None:
        """The rooms that may be chosen; where there are none, nobody is asked."""
        known = {room.pk: room for room in [*([present] if present else []), *rooms]}
        if not known:
            del self.fields["room"]
            return
        field: Any = self.fields["room"]
        field.queryset = Thing.objects.filter(pk__in=list(known)).select_related("top")
        sites = len({room.top_id for room in known.values()}) > 1
        names = {
            key: f"{room.display_name} · {room.top}" if sites else room.display_name
            for key, room in known.items()
        }
        field.choices = [("", field.empty_label), *names.items()]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > today() + AHEAD:
            raise forms.ValidationError(_("This lies more than a year ahead. Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        said = cleaned.get("place") or cleaned.get("link") or cleaned.get("room")
        if not said and "link" not in self.errors:
            self.add_error("place", _("Say where: a room or a link."))
        return cleaned

    @property
    def starts(self) -> datetime:
        day: date = self.cleaned_data["day"]
        return datetime.combine(day, self.cleaned_data["start"], tzinfo=BAKU)

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.cleaned_data["minutes"])

    def times(self) -> dict[str, Any]:
        values = self.cleaned_data
        times = {"starts": self.starts, "ends": self.ends, "place": values["place"], "link": values["link"]}
        return {**times, "room": values["room"]} if "room" in self.fields else times


class InviteForm(TimeForm):
    interviewer = forms.ModelChoiceField(label=_("Interviewer"), queryset=Person.objects.none())
    note = forms.CharField(
        label=_("Note to the student"),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    field_order = ["interviewer", "day", "start", "minutes", "room", "place", "link", "note"]

    def __init__(
        self, data: Any = None, *, people: QuerySet[Person], rooms: Sequence[Thing] = (), initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.offer_rooms(rooms)
        self.fields["interviewer"].queryset = people  # type: ignore[attr-defined]


class RescheduleForm(TimeForm):
    note = forms.CharField(
        label=_("Why it is moved"),
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "data-count": "1"}),
    )


class HoldForm(forms.Form):
    recommendation = forms.ChoiceField(
        label=_("Recommendation"), choices=Recommendation.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What the talk showed"),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": "1"}),
    )


class NoShowForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), required=False, max_length=NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )
