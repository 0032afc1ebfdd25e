"""What an idea asks for: a minute's worth when it is noted, the next step, what became of it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.clock import today
from partnerships.common.days import DayField
from partnerships.common.forms import VersionedForm
from partnerships.common.pages import as_typed
from partnerships.directory.models import Organization
from partnerships.ideas import actions, results
from partnerships.ideas.models import Idea

WEEK = timedelta(days=7)


def _day(label: Any, **kwargs: Any) -> DayField:
    return DayField(label=label, **kwargs)


def _note(label: Any) -> forms.CharField:
    text = forms.Textarea({"rows": 3, "dir": "auto"})
    return forms.CharField(label=label, widget=text, max_length=2000, required=False)


class PartnerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, **kwargs: Any) -> None:
        rows = Organization.objects.partners().order_by("sort_key", "pk")
        super().__init__(rows, label=_("Partner"), required=False, empty_label=_("Not known yet"), **kwargs)


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]
    """Noting: one line and a next step are enough."""

    partner = PartnerChoice()
    next_step = forms.CharField(label=_("Next step"), max_length=200)
    next_on = _day(_("To be done by"))

    class Meta:
        model = Idea
        fields = ["title", "partner", "next_step", "next_on", "owner", "came_up", "said_on", "text"]
        formfield_callback = as_typed

    def __init__(self, *args: Any, home: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = actions.colleagues(home).order_by("sort_key", "pk")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        self.fields["owner"].required = False
        self.fields["owner"].empty_label = _("I do")  # type: ignore[attr-defined]
        self.fields["next_on"].initial = today() + WEEK
        self.fields["said_on"].initial = today()


class ChangeForm(VersionedForm):
    partner = PartnerChoice()

    class Meta:
        model = Idea
        fields = ["title", "partner", "came_up", "said_on", "text"]
        formfield_callback = as_typed


class StepForm(forms.Form):
    """What was done, what comes next, until when, by whom."""

    note = _note(_("What was done"))
    next_step = forms.CharField(label=_("Next step"), max_length=200)
    next_on = _day(_("To be done by"))
    owner = forms.ModelChoiceField(Idea.objects.none(), label=_("Looked after by"), required=False)

    def __init__(self, *args: Any, subject: Idea, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = actions.colleagues(subject.home).order_by("sort_key", "pk")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        self.fields["owner"].initial = subject.owner_id
        self.fields["owner"].empty_label = str(subject.owner)  # type: ignore[attr-defined]
        self.fields["next_on"].initial = today() + WEEK


class ReopenForm(StepForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["owner"]


class BecomeForm(forms.Form):
    """Which of the things that one sees it has become."""

    result = forms.ChoiceField(label=_("What it has become"))
    note = _note(_("Note"))

    def __init__(self, *args: Any, subject: Idea, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["result"].choices = [("", pgettext_lazy("in a list", "Choose")), *results.choices(user)]  # type: ignore[attr-defined]

    def clean_result(self) -> Any:
        found = results.chosen(self.user, self.cleaned_data["result"])
        if found is None:
            raise forms.ValidationError(_("This is no longer there. Choose again."))
        return found
