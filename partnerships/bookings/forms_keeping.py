"""What who looks after things writes: a thing with its rules, its opening hours."""

from collections.abc import Sequence
from datetime import time
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.bookings.enums import Audience, ThingKind
from partnerships.bookings.models import Hours, Thing
from partnerships.bookings.timetable import DEFAULTS, Timetable, length_in_words
from partnerships.common.clock import today
from partnerships.common.forms import VersionedForm
from partnerships.directory.models import Organization

RULES = (
    "audience", "approval", "horizon_days", "notice_minutes", "per_person", "min_minutes", "max_minutes",
    "buffer_before", "buffer_after", "check_in_minutes", "closed_on_holidays",
)  # fmt: skip
WHAT = ("kind", "name", "name_en", "about", "capacity", "is_bookable", "is_active")
EITHER = (("true", _("yes")), ("false", _("no")))


def in_words(name: str, value: Any) -> str:
    """The value of a rule, as a person reads it."""
    if name == "audience":
        return str(Audience(value).label)
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    if value is None or (name == "check_in_minutes" and value == 0):
        return _now("no limit") if name == "per_person" else _now("nobody has to check in")
    if name == "horizon_days":
        return length_in_words(value * 24 * 60)
    return str(value) if name == "per_person" else length_in_words(value)


class ThingForm(VersionedForm):
    """A thing, what holds for it, and what it is made of. An empty rule is that of the place it stands in."""

    owner = forms.ModelChoiceField(Organization.objects.none(), label=_("Whose it is"), empty_label=None)
    approval = forms.TypedChoiceField(
        label=_("Needs approval"), choices=EITHER, required=False, coerce=lambda said: said == "true",
        empty_value=None,
    )  # fmt: skip
    closed_on_holidays = forms.TypedChoiceField(
        label=_("Closed on public holidays"), choices=EITHER, required=False,
        coerce=lambda said: said == "true", empty_value=None,
    )  # fmt: skip
    parts = forms.ModelMultipleChoiceField(
        Thing.objects.none(), label=_("Made of"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever has it has these too, beside what stands in it."),
    )  # fmt: skip

    class Meta:
        model = Thing
        fields = [*WHAT, *RULES]
        widgets = {"about": forms.Textarea({"rows": 3, "dir": "auto"})}

    field_order = ["owner", *WHAT, *RULES, "parts"]

    def __init__(
        self,
        *args: Any,
        parent: Thing | None,
        owners: Any = None,
        others: Sequence[Thing] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        table = Timetable([parent], today(), today()) if parent is not None else None
        for name in RULES:
            above = table.rule(parent, name) if table is not None and parent is not None else DEFAULTS[name]
            fields[name].help_text = _now("Empty: %(value)s") % {"value": in_words(name, above)}
        for name in ("approval", "closed_on_holidays"):
            value = getattr(self.instance, name)
            self.initial[name] = "" if value is None else str(value).lower()
        nothing = ("", _("As above") if parent is not None else _("As usual"))
        fields["audience"].choices = [nothing, *Audience.choices]
        for name in ("approval", "closed_on_holidays"):
            fields[name].choices = [nothing, *EITHER]
        fields["capacity"].label = _("How many people")
        fields["kind"].choices = [
            choice for choice in ThingKind.choices if parent is None or choice[0] != ThingKind.SITE
        ]
        if owners is None:
            del fields["owner"]
        else:
            fields["owner"].queryset = owners
        if others:
            fields["parts"].queryset = Thing.objects.filter(pk__in=[other.pk for other in others])
            fields["parts"].choices = [(other.pk, other.display_name) for other in others]
            self.initial["parts"] = [part.pk for part in self.instance.parts.all()]
        else:
            del fields["parts"]
        if self.instance.pk is None:
            del fields["is_active"]

    @property
    def what(self) -> list[Any]:
        return [self[name] for name in ("owner", *WHAT) if name in self.fields]

    @property
    def rules(self) -> list[Any]:
        return [self[name] for name in RULES]


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput({"type": "time", "step": 300, "class": "form-control"}, "%H:%M"),
    )


class HoursForm(forms.Form):
    """The week of a thing, two spans a day and more where there are more; or that of the place above, from
    which a week of its own starts."""

    own = forms.ChoiceField(
        label=_("Opening hours"),
        choices=(("above", _("As the place in which it stands")), ("own", _("Its own"))),
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, thing: Thing) -> None:
        kept: dict[int, list[Hours]] = {day: [] for day in range(7)}
        own = list(thing.hours.all())
        above = (
            [] if own or thing.parent_id is None else Timetable([thing], today(), today()).hours_above(thing)
        )
        for row in own or above:
            kept[row.weekday].append(row)
        self.pairs = max(2, *(len(rows) for rows in kept.values()))
        initial: dict[str, Any] = {
            "own": "own" if own or thing.parent_id is None else "above",
            "version": thing.version,
        }
        for day, rows in kept.items():
            for n, row in enumerate(rows):
                initial[f"d{day}_{n}_opens"], initial[f"d{day}_{n}_closes"] = row.opens, row.closes
        super().__init__(data, initial=initial)
        for day, label in Hours.Weekday.choices:
            for n in range(self.pairs):
                words = {"day": label}
                self.fields[f"d{day}_{n}_opens"] = _time(_now("%(day)s: opens") % words)
                self.fields[f"d{day}_{n}_closes"] = _time(_now("%(day)s: closes") % words)

    @property
    def days(self) -> list[tuple[Any, list[tuple[Any, Any]]]]:
        return [
            (label, [(self[f"d{day}_{n}_opens"], self[f"d{day}_{n}_closes"]) for n in range(self.pairs)])
            for day, label in Hours.Weekday.choices
        ]

    def values(self) -> dict[str, Any]:
        return {"week": self.cleaned_data["week"], "version": self.cleaned_data["version"]}

    def meet(self, stored: Thing) -> None:
        """Somebody else was quicker: sent again, it is written over what is `stored` by now."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(stored.version)
        self.data = data
        stale = _now("Someone has just changed this; here is how it stands now.")
        self.add_error(None, f"{stale} {_now('Send again to keep what you wrote.')}")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        week: list[tuple[int, time, time]] = []
        for day, _label in Hours.Weekday.choices:
            spans = [self._span(cleaned, day, n) for n in range(self.pairs)]
            found = sorted(span for span in spans if span is not None)
            for before, after in pairwise(found):
                if after[0] < before[1]:
                    self.add_error(f"d{day}_1_opens", _("The two overlap."))
            week += [(day, opens, closes) for opens, closes in found]
        if cleaned.get("own") == "own" and not week and not self.errors:
            self.add_error("own", _("Write when it opens. To shut it altogether, close it for a time."))
        if cleaned.get("own") == "above" and self._rewritten(cleaned):
            self.add_error(
                "own", _("You wrote other times: choose “Its own”, or put them back as they were.")
            )
        cleaned["week"] = week if cleaned.get("own") == "own" else []
        return cleaned

    def _rewritten(self, cleaned: dict[str, Any]) -> bool:
        """Times were typed that would be lost with the choice that was made."""
        return any(
            cleaned.get(name) is not None and name in self.changed_data
            for name in self.fields
            if name not in ("own", "version")
        )

    def _span(self, cleaned: dict[str, Any], day: int, n: int) -> tuple[time, time] | None:
        opens, closes = cleaned.get(f"d{day}_{n}_opens"), cleaned.get(f"d{day}_{n}_closes")
        if opens is None and closes is None:
            return None
        if opens is None or closes is None:
            name = f"d{day}_{n}_opens" if opens is None else f"d{day}_{n}_closes"
            if name not in self.errors:
                self.add_error(name, pgettext_lazy("opening hours", "Write both."))
            return None
        if closes <= opens:
            self.add_error(f"d{day}_{n}_closes", _("It closes before it opens: mend one of the two times."))
            return None
        return opens, closes
