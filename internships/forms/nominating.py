"""The list of students without a place, and nominating them under an order."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from internships.enums import ApplicationState, ProgrammeKind, ProgrammeState
from internships.models import Application, Period, Programme
from internships.nomination_places import Place, Places
from internships.nominations import ANY, NOMINABLE, OWN, Facets, Supervisor, stands
from partnerships.common.clock import today
from partnerships.common.days import DayField
from partnerships.common.narrow_form import NarrowForm, searched
from partnerships.common.templatetags.figures import days_to, grouped
from partnerships.common.text import clean_line, fold
from partnerships.directory.asked import asked
from partnerships.directory.models import Affiliation, Organization
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import DocumentField

PLACED = (ApplicationState.OFFERED, ApplicationState.ACCEPTED)


def applications_of_row() -> QuerySet[Application]:
    """A row's applications made as a student of this university."""
    return Application.objects.filter(
        person_id=OuterRef("person_id"), university_id=OuterRef("organization__root_id")
    )


def without_place(rows: QuerySet[Affiliation], applications: QuerySet[Application]) -> QuerySet[Affiliation]:
    """Those of `rows` who were neither offered a place by these nor took one."""
    return rows.exclude(Exists(applications.filter(state__in=PLACED)))


class StudentsForm(NarrowForm):
    """What narrows the list. An unknown value narrows nothing: addresses outlive options."""

    q = searched(gettext_lazy("Student"), pgettext_lazy("students", "Name or e-mail"))
    kind = forms.ChoiceField(label=gettext_lazy("Practice and internship"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Any weeks"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Faculty"), required=False)
    specialty = forms.ChoiceField(label=gettext_lazy("Specialty"), required=False)
    year = forms.ChoiceField(label=gettext_lazy("Year of study"), required=False)
    nothing = forms.BooleanField(label=gettext_lazy("Nothing sent"), required=False)

    def __init__(self, data: Any, facets: Facets, weeks: Iterable[tuple[date, date]]) -> None:
        """`weeks` as `weeks_offered` finds them."""
        super().__init__(data)
        years = [(str(year), _("Year %(year)d") % {"year": year}) for year in range(1, 9)]
        self.offer("kind", ProgrammeKind.choices)
        self.offer("period", [_named(*one) for one in weeks], least=1)
        self.offer("unit", facets.units)
        self.offer("specialty", facets.specialties)
        self.offer("year", years)
        self.is_valid()

    def narrow(self, rows: QuerySet[Affiliation]) -> QuerySet[Affiliation]:
        """Those of `rows` without an accepted or offered place of the kind and weeks chosen."""
        applications = self._applications()
        rows = without_place(rows, applications.filter(self._weeks()))
        if self.value("nothing"):
            rows = rows.exclude(Exists(applications.filter(submitted_at__isnull=False)))
        for word in fold(self.value("q")).split()[:6]:
            rows = rows.filter(Q(person__folded__contains=word) | Q(study__student_number__icontains=word))
        if self.value("unit"):
            rows = rows.filter(organization__path__startswith=self.value("unit"))
        if self.value("specialty"):
            rows = rows.filter(study__specialty_id=self.value("specialty"))
        if self.value("year"):
            rows = rows.filter(study__year=self.value("year"))
        return rows

    def _applications(self) -> QuerySet[Application]:
        """Those of the kind chosen."""
        mine = applications_of_row()
        return mine.filter(programme__kind=self.value("kind")) if self.value("kind") else mine

    def _weeks(self) -> Q:
        if not self.value("period"):
            return Q()
        starts, ends = (date.fromisoformat(part) for part in self.value("period").split("_"))
        return Q(offered_vacancy__period__starts__lte=ends, offered_vacancy__period__ends__gte=starts)


@asked
def weeks_offered() -> QuerySet[Any]:
    """The weeks of published programmes that are not over: their first and last days."""
    rows = Period.objects.filter(ends__gte=today(), programme__state=ProgrammeState.PUBLISHED)
    return rows.order_by("starts", "ends").values_list("starts", "ends").distinct()[:40]


def _named(starts: date, ends: date) -> tuple[str, str]:
    return f"{starts.isoformat()}_{ends.isoformat()}", days_to(starts, ends)


# Nominating ----------------------------------------------------------------------------------------


class OrderForm(forms.Form):
    """The university's order by which it nominates."""

    number = forms.CharField(label=gettext_lazy("Number of the order"), max_length=40)
    day = DayField(
        label=gettext_lazy("Date of the order"),
    )

    def clean_number(self) -> str:
        return clean_line(self.cleaned_data["number"])

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > today():
            raise ValidationError(_("The date of the order lies in the future."))
        return day


class PlaceSelect(forms.Select):
    """A select whose places that do not take the student cannot be chosen."""

    blocked: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.blocked:
            option["attrs"]["disabled"] = True
        return option


class NomineeForm(forms.Form):
    """Where one student is nominated to, and who supervises them."""

    place = forms.ChoiceField(label=gettext_lazy("Place"), widget=PlaceSelect)
    guide = forms.ChoiceField(label=gettext_lazy("University supervisor"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        affiliation: Affiliation,
        application: Application | None,
        places: Places,
        supervisors: Sequence[Supervisor],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, prefix=f"s{affiliation.pk}", initial=initial)
        self.affiliation = affiliation
        self.application = application
        self.people = {str(s.person.pk): s.person for s in supervisors if s.covers(affiliation.organization)}
        study, person = getattr(affiliation, "study", None), affiliation.person
        root_id: Any = affiliation.organization.root_id
        self.failed = {
            place.label: failed.text for place in places if (failed := places.failed(place, study, person))
        }
        self.fits = len(places.places) - len(self.failed)
        takes_up = application is not None and application.state in NOMINABLE
        self.stands = stands(application) if application is not None and not takes_up else ""
        own = application is not None and takes_up and bool(application.choices.all())
        choices = [(ANY, _("Any: where most seats are left"))]
        if own:
            choices.insert(0, (OWN, _("As the student chose")))
        choices += [(place.key, _place_words(place, places.left(place, root_id))) for place in places]
        field: Any = self.fields["place"]
        field.choices = choices
        field.initial = OWN if own else ANY
        field.widget.blocked = frozenset(place.key for place in places if place.label in self.failed)
        names = [(key, guide.full_name) for key, guide in self.people.items()]
        self.fields["guide"].choices = [("", _("Named later")), *names]  # type: ignore[attr-defined]
        for name in ("place", "guide"):
            label = _("%(field)s: %(name)s") % {
                "field": self.fields[name].label,
                "name": affiliation.person.name,
            }
            self.fields[name].widget.attrs.update(
                {"aria-label": label, "class": "form-select form-select-sm"}
            )

    @property
    def supervisor(self) -> Any:
        return self.people.get(self.cleaned_data["guide"])


def _place_words(place: Place, left: int) -> str:
    return _("%(place)s (seats left: %(left)s)") % {"place": place.label, "left": grouped(left)}


# Importing -----------------------------------------------------------------------------------------


class ImportForm(forms.Form):
    """A table of students; with a programme, also nominations under an order."""

    university = forms.ModelChoiceField(
        label=gettext_lazy("University"), queryset=Organization.objects.none()
    )
    programme: Any = forms.ModelChoiceField(
        label=gettext_lazy("Nominate for"),
        queryset=Programme.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("List students only"),
    )
    number = forms.CharField(label=OrderForm.base_fields["number"].label, max_length=40, required=False)
    day = DayField(
        label=OrderForm.base_fields["day"].label,
        required=False,
    )
    file = DocumentField(kind=DocumentKind.IMPORT, label=gettext_lazy("Table"))

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        universities: Sequence[Organization],
        programmes: Sequence[Programme],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial)
        mine: Any = self.fields["university"]
        mine.queryset = Organization.objects.filter(pk__in=[item.pk for item in universities])
        self.single = universities[0] if len(universities) == 1 else None
        if self.single is not None:
            del self.fields["university"]
        field: Any = self.fields["programme"]
        field.queryset = Programme.objects.filter(pk__in=[programme.pk for programme in programmes])
        if not programmes:
            for name in ("programme", "number", "day"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("programme"):
            order = OrderForm({"number": cleaned.get("number") or "", "day": cleaned.get("day") or ""})
            for name, errors in order.errors.items():
                if name not in self.errors:
                    self.add_error(name, errors)
        return cleaned

    @property
    def context(self) -> dict[str, Any]:
        """What the import is fixed to."""
        university = self.single or self.cleaned_data["university"]
        programme = self.cleaned_data.get("programme")
        day = self.cleaned_data.get("day")
        return {
            "university": university.pk,
            "programme": programme.pk if programme else None,
            "number": clean_line(self.cleaned_data["number"]) if programme else "",
            "day": day.isoformat() if programme and day else None,
        }
