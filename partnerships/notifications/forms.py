"""What a person chooses about being told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.common.letters import Because
from partnerships.notifications import inbox
from partnerships.notifications.enums import Timing
from partnerships.notifications.models import Rhythm

REASONS = {
    Because.LAW: _("the law asks that you are told"),
    Because.SECURITY: _("it protects you, others or your account"),
    Because.DECISION: _("it is a decision that concerns you"),
    Because.DEADLINE: _("it waits for you and cannot wait"),
}


class PreferencesForm(forms.Form):
    """A choice of how often, and a tick for the portal, for each kind that leaves a choice."""

    def __init__(self, groups: list[tuple[str, list[inbox.Choice]]], data: Any = None) -> None:
        super().__init__(data)
        self.groups = groups
        self.open_kinds = [c.kind.key for _name, choices in groups for c in choices if not c.kind.urgent]
        for _name, choices in groups:
            for choice in choices:
                if not choice.kind.urgent:
                    self._add(choice)

    def _add(self, choice: inbox.Choice) -> None:
        key = choice.kind.key
        mail = forms.ChoiceField(label=_("By mail"), choices=Timing.choices, initial=choice.timing)
        mail.widget.attrs.update({"class": "form-select form-select-sm", "id": f"mail-{key}"})
        portal = forms.BooleanField(label=_("New in the portal"), required=False, initial=choice.shown)
        portal.widget.attrs.update({"class": "form-check-input", "id": f"portal-{key}"})
        self.fields[f"mail-{key}"], self.fields[f"portal-{key}"] = mail, portal

    def sections(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Lines under their titles, first what has ever come to this person, then the rest by app. A line is
        the choice, and its two fields or the reason that there are none."""
        came = [self._line(c) for _name, choices in self.groups for c in choices if c.came]
        rest = [(name, [self._line(c) for c in choices if not c.came]) for name, choices in self.groups]
        return [
            (str(_("What has come to you so far")), came),
            *((name, lines) for name, lines in rest if lines),
        ]

    def _line(self, choice: inbox.Choice) -> dict[str, Any]:
        if choice.kind.urgent:
            return {"choice": choice, "reason": REASONS[choice.kind.because or Because.DEADLINE]}
        key = choice.kind.key
        return {"choice": choice, "mail": self[f"mail-{key}"], "portal": self[f"portal-{key}"]}

    @property
    def mail(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"mail-{key}"] for key in self.open_kinds}

    @property
    def portal(self) -> dict[str, bool]:
        return {key: self.cleaned_data[f"portal-{key}"] for key in self.open_kinds}


class RhythmForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Rhythm
        fields = ["quiet_from", "quiet_until", "days_off"]
        widgets = {
            name: forms.TimeInput(attrs={"type": "time", "class": "form-control"}, format="%H:%M")
            for name in ("quiet_from", "quiet_until")
        }


class AllForm(forms.Form):
    """One choice for everything that leaves one."""

    timing = forms.ChoiceField(choices=Timing.choices)
