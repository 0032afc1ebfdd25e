"""What a booking, a series, a closure and a verb ask for. Times are Baku's."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.bookings.enums import ClosureKind
from partnerships.bookings.models import Booking, Thing
from partnerships.bookings.timetable import length_in_words
from partnerships.common.clock import BAKU, today
from partnerships.common.days import DayField
from partnerships.common.text import in_quotes
from partnerships.directory.models import Organization
from partnerships.directory.threads import LONGEST

AHEAD = timedelta(days=366 * 2)
FAR = _("This day lies more than two years from today. Check the year.")
NOTE = 1000


def _day(label: Any, **kwargs: Any) -> DayField:
    return DayField(label=label, **kwargs)


def _time(label: Any, **kwargs: Any) -> forms.TimeField:
    widget = forms.TimeInput({"type": "time", "step": 300}, "%H:%M")
    return forms.TimeField(label=label, widget=widget, **kwargs)


def _text(label: Any, rows: int = 2, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=NOTE, widget=forms.Textarea({"rows": rows, "dir": "auto"}), **kwargs
    )


class SpanForm(forms.Form):
    """From a moment to another, on one day as a rule."""

    day = _day(_("Date"))
    start = _time(_("Begins (Baku)"))
    end = _time(_("Ends (Baku)"))
    last_day = _day(_("Last day, if it is another one"), required=False)

    # Errors of the action by its own names, and where they stand in the form.
    RENAMED = {"starts": "start", "ends": "end", "rule": "start"}

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if abs(day - today()) > AHEAD:
            raise ValidationError(FAR)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if None in (cleaned.get("day"), cleaned.get("start"), cleaned.get("end")):
            return cleaned
        cleaned["starts"] = datetime.combine(cleaned["day"], cleaned["start"], tzinfo=BAKU)
        last = cleaned.get("last_day") or cleaned["day"]
        cleaned["ends"] = datetime.combine(last, cleaned["end"], tzinfo=BAKU)
        if cleaned["ends"] <= cleaned["starts"]:
            self.add_error("end", _("The end lies before the beginning."))
        elif abs(last - cleaned["day"]) > AHEAD:
            self.add_error("last_day", FAR)
        self._jump(cleaned)
        return cleaned

    def _jump(self, cleaned: dict[str, Any]) -> None:
        """One of the free times that were offered has been pressed: as long, but then."""
        pressed = self.data.get("at", "")
        if not pressed or "ends" not in cleaned:
            return
        try:
            moment = datetime.fromisoformat(pressed)
        except ValueError:
            return
        if moment.tzinfo is None or abs(moment.date() - today()) > AHEAD:
            return
        length = cleaned["ends"] - cleaned["starts"]
        cleaned["starts"], cleaned["ends"] = moment, moment + length

    def take(self, error: ValidationError) -> None:
        """Errors of the action, each on the field that it is about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            field = self.RENAMED.get(name, name)
            self.add_error(field if field in self.fields else None, ValidationError(errors))


class Things(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, thing: Any) -> str:
        label: str = thing.display_name
        return f"{label} · {thing.capacity}" if thing.capacity else label


REPEATS = (
    ("", _("Once")),
    ("DAILY", _("Every day")),
    ("WORKDAYS", _("Monday to Friday")),
    ("WEEKLY", _("Every week")),
    ("FORTNIGHTLY", _("Every two weeks")),
    ("MONTHLY", _("Every month, on the same day of the week")),
)


class BookForm(SpanForm):
    """A booking, or the first of a series."""

    things = Things(
        Thing.objects.none(),
        label=_("What"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you need.")},
    )
    title = forms.CharField(label=_("What for"), max_length=120)
    people = forms.IntegerField(label=_("How many people"), required=False, min_value=1, max_value=5000)
    private = forms.BooleanField(label=_("Others see only that it is taken"), required=False)
    note = _text(_("Note for those who look after it"), required=False)
    repeat = forms.ChoiceField(label=_("Repeat"), choices=REPEATS, required=False)
    until = _day(_("Repeat until"), required=False)
    left_out = forms.CharField(
        label=_("Days left out"),
        required=False,
        max_length=400,
        help_text=_("As 31.12.2026, parted by commas."),
    )

    # For who belongs to several, where the hours of a month are bound.
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("For which organisation"), empty_label=None
    )

    RENAMED = {**SpanForm.RENAMED, "rule": "repeat"}

    def __init__(
        self,
        *args: Any,
        things: Sequence[Thing],
        organizations: Sequence[Organization] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(organizations) > 1:
            whose: Any = self.fields["organization"]
            whose.queryset = Organization.objects.filter(pk__in=[row.pk for row in organizations])
            whose.choices = [(row.pk, row.display_name) for row in organizations]
        else:
            del self.fields["organization"]
        field: Any = self.fields["things"]
        field.queryset = Thing.objects.filter(pk__in=[thing.pk for thing in things])
        field.choices = [(thing.pk, field.label_from_instance(thing)) for thing in things]

    def clean_left_out(self) -> list[date]:
        found = []
        for word in self.cleaned_data["left_out"].replace(";", ",").split(","):
            if not word.strip():
                continue
            try:
                day, month, year = (int(part) for part in word.strip().split("."))
                found.append(date(year, month, day))
            except (ValueError, OverflowError) as error:
                words = _now("“%(word)s” is no date. Write it as 31.12.2026.") % {"word": in_quotes(word)}
                raise ValidationError(words) from error
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("repeat") and "until" not in self.errors and "day" in cleaned:
            until = cleaned.get("until")
            if until is None:
                self.add_error("until", _("Until when is it repeated?"))
            elif not cleaned["day"] <= until <= cleaned["day"] + AHEAD:
                self.add_error("until", _("The last day lies after the first, within two years."))
        return cleaned

    @property
    def rule(self) -> str:
        """The rule of RFC 5545, empty for a single booking."""
        repeat, until = self.cleaned_data.get("repeat"), self.cleaned_data.get("until")
        if not repeat or until is None:
            return ""
        day: date = self.cleaned_data["starts"].astimezone(BAKU).date()
        names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
        parts = {
            "DAILY": "FREQ=DAILY",
            "WORKDAYS": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "WEEKLY": "FREQ=WEEKLY",
            "FORTNIGHTLY": "FREQ=WEEKLY;INTERVAL=2",
            "MONTHLY": f"FREQ=MONTHLY;BYDAY={min((day.day - 1) // 7 + 1, 4)}{names[day.weekday()]}",
        }[repeat]
        return f"{parts};UNTIL={until:%Y%m%d}T235959"

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        cleaned = self.cleaned_data
        names = ("starts", "ends", "title", "people", "private", "note", "organization")
        return {name: cleaned[name] for name in names if name in cleaned}


SCOPES = (
    ("one", _("This one alone")),
    ("following", _("This one and those that follow")),
    ("all", _("The whole series to come")),
)


def _scope() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("In the series"), choices=SCOPES, initial="one", widget=forms.RadioSelect
    )


class MoveForm(SpanForm):
    """Another time; of a series as many days and the same time of day for those that are meant."""

    scope = _scope()
    note = _text(_("Why it is moved"), required=False)

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        starts, ends = booking.starts.astimezone(BAKU), booking.ends.astimezone(BAKU)
        initial = {"day": starts.date(), "start": starts.time(), "end": ends.time()}
        if ends.date() != starts.date():
            initial["last_day"] = ends.date()
        super().__init__(*args, initial=initial, **kwargs)
        if booking.series_id is None:
            del self.fields["scope"]


class VerbForm(forms.Form):
    """What a verb asks for: a reason or note, and in a series how much of it is meant."""

    scope = _scope()
    note = _text(pgettext_lazy("booking", "Note"), required=False)

    def __init__(
        self, *args: Any, booking: Booking, needs_note: bool, asks: bool, plain: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if booking.series_id is None or plain:
            del self.fields["scope"]
        if plain:
            del self.fields["note"]
        elif needs_note or asks:
            self.fields["note"].required = True
            self.fields["note"].label = _("Your question") if asks else _("Reason")

    def take(self, error: ValidationError) -> None:
        self.add_error(None, error)


class SayForm(forms.Form):
    """A word to the other side."""

    text = forms.CharField(
        label=_("Write to the other side"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3, "dir": "auto", "data-count": str(LONGEST)}),
        error_messages={"required": _("Write what you want to say.")},
    )


class CloseForm(SpanForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ClosureKind.choices)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    field_order = ["kind", "reason", "day", "start", "last_day", "end"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"day": today(), "start": time(9), "end": time(18), "kind": ClosureKind.CLOSURE}
        super().__init__(*args, initial=initial, **kwargs)


class FindForm(forms.Form):
    """By time first: which rooms are free."""

    day = _day(_("Date"))
    start = _time(_("About what time"))
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int, choices=())
    people = forms.IntegerField(label=_("How many people"), required=False, min_value=1, max_value=5000)

    LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240, 480)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["minutes"]
        field.choices = [(n, length_in_words(n)) for n in self.LENGTHS]
        self.label_suffix = ""

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not today() <= day <= today() + AHEAD:
            raise ValidationError(_("Choose a day from today on."))
        return day

    @property
    def near(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["start"], tzinfo=BAKU)
