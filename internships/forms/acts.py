"""What the student's and the university's verbs ask for before they are done: a reason, an order."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.clock import today
from partnerships.common.days import DayField
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Person

NOTE = 2000
READ_BY_OTHERS = gettext_lazy("Say why: the other side reads it.")


def note_field(
    label: Any,
    *,
    required: bool,
    help_text: Any = "",
    missing: Any = READ_BY_OTHERS,
) -> forms.CharField:
    """A text of a verb. `missing`: what is said when it is needed and empty."""
    attrs = {"rows": 4, "dir": "auto", "data-count": str(NOTE)}
    return forms.CharField(
        label=label,
        required=required,
        max_length=NOTE,
        help_text=help_text,
        widget=forms.Textarea(attrs),
        error_messages={"required": missing},
    )


class ActForm(forms.Form):
    """Asked on a page of its own; `values()` are the keyword arguments of the action."""

    def __init__(self, *args: Any, subject: Any = None, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.user = subject, user
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on what the verb is put to."""

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def refuse(self, error: ValidationError) -> None:
        """Put what an action refuses on its field, or above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, ValidationError(errors))


class PlainForm(ActForm):
    """Nothing is asked but that one means it; the page says what follows."""


class NoteForm(ActForm):
    note = note_field(gettext_lazy("Note"), required=False)


class ReasonForm(ActForm):
    """A verb that needs a reason; `readers` says below the field who reads it."""

    readers: Any = ""
    note = note_field(gettext_lazy("Reason"), required=True)

    def prepare(self) -> None:
        self.fields["note"].help_text = self.readers


class ReasonToStudentForm(ReasonForm):
    readers = gettext_lazy("The student reads it and is sent it.")


class ReasonToAllForm(ReasonForm):
    readers = gettext_lazy("Student, mentor and university read it.")


class NominateForm(ActForm):
    number = forms.CharField(label=gettext_lazy("Number of the order"), max_length=40)
    day = DayField(label=gettext_lazy("Date of the order"))
    supervisor = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("University supervisor"), required=False
    )

    def prepare(self) -> None:
        university = self.subject.university
        if university is None:
            return
        there = Affiliation.objects.current().filter(
            role=Role.SUPERVISOR, organization__path__startswith=university.path
        )
        self.fields["supervisor"].queryset = Person.objects.filter(  # type: ignore[attr-defined]
            pk__in=there.values("person")
        ).order_by("sort_key", "pk")

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > today():
            raise ValidationError(_("This date lies in the future."))
        return day
