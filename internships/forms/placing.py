"""What the verbs of a practice ask for before they are done."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from internships import reports
from internships.actions.changing import MENTORS, SUPERVISORS
from internships.forms.acts import ActForm, ReasonToAllForm, note_field
from partnerships.common.days import DayField
from partnerships.directory.models import Organization, Person
from partnerships.directory.reports import deputies_of


def day_field(label: Any, **kwargs: Any) -> DayField:
    return DayField(label=label, **kwargs)


class EndEarlyForm(ReasonToAllForm):
    last_day = day_field(_("Last day at the enterprise"))

    field_order = ("last_day", "note")


class ChangeForm(ActForm):
    """A change of what stands: the second of two who change it is told of the first."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        super().prepare()
        self.fields["version"].initial = self.subject.version


class ReasonedChangeForm(ChangeForm, ReasonToAllForm):
    """One with its reason, which stands last."""

    def prepare(self) -> None:
        super().prepare()
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])


class ExtendForm(ReasonedChangeForm):
    ends = day_field(_("New last day"))

    def prepare(self) -> None:
        super().prepare()
        self.fields["ends"].initial = self.subject.ends


class _MentorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Who may be a mentor; whoever is away today with the name of who stands in."""

    standing: dict[tuple[int, int], list[Person]] = {}
    host: int

    def label_from_instance(self, obj: Any) -> str:
        deputies = ", ".join(deputy.name for deputy in self.standing.get((obj.pk, self.host), ()))
        return f"{obj} ({gettext('stands in today:')} {deputies})" if deputies else str(obj)


class MentorForm(ChangeForm):
    mentor = _MentorField(Person.objects.none(), label=_("Mentor"))
    note = note_field(_("Note"), required=False)

    def prepare(self) -> None:
        super().prepare()
        people = reports.people_of(self.subject.host, *MENTORS).exclude(pk=self.subject.person_id)
        field: Any = self.fields["mentor"]
        field.queryset, field.initial = people, self.subject.mentor_id
        field.standing, field.host = deputies_of(people.values("pk")), self.subject.host.root_id


class SupervisorForm(ChangeForm):
    supervisor = forms.ModelChoiceField(
        Person.objects.none(), label=_("University supervisor"), required=False, empty_label=_("Nobody yet")
    )
    note = note_field(_("Note"), required=False)

    def prepare(self) -> None:
        super().prepare()
        people: Any = Person.objects.none()
        if self.subject.university is not None:
            people = reports.people_of(self.subject.university, *SUPERVISORS)
        self.fields["supervisor"].queryset = people  # type: ignore[attr-defined]
        self.fields["supervisor"].initial = self.subject.supervisor_id


class UnitForm(ReasonedChangeForm):
    unit = forms.ModelChoiceField(Organization.objects.none(), label=_("Unit"))

    def prepare(self) -> None:
        super().prepare()
        units = Organization.objects.below(self.subject.host).filter(is_active=True).order_by("path")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].initial = self.subject.unit_id
