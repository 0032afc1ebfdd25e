"""What a draft is made of, for student and university alike: studies, places chosen, number."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internships.enums import ProgrammeKind
from internships.models import Application, Choice, Programme, Vacancy
from partnerships.common.clock import today
from partnerships.common.models import next_number
from partnerships.common.prepared import Prepared
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Person

SERIES = {ProgrammeKind.PRACTICE: "TEC", ProgrammeKind.INTERNSHIP: "INT"}


def studies_of(person: Person) -> Affiliation | None:
    """The studies an application is made with: confirmed before unconfirmed, the latest first."""
    running = [row for row in _STUDIES(person.pk) if row.ends is None or row.ends >= today()]
    running.sort(key=lambda row: row.state != "verified")
    for row in running[:1]:
        row.person = person
        return row
    return None


_STUDIES = Prepared(
    lambda key: (
        Affiliation.objects.filter(person_id=key, role=Role.STUDENT, person__erased_at=None)
        .exclude(state="refused")
        .select_related("organization__root", "study")
        .order_by("-starts", "-pk")
    )
)


def take_studies(application: Application) -> None:
    affiliation = studies_of(application.person)
    application.affiliation = affiliation
    application.unit = affiliation.organization if affiliation else None
    application.university = affiliation.organization.root if affiliation else None


def create_draft(programme: Programme, person: Person) -> Application:
    application = Application(programme=programme, person=person)
    take_studies(application)
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError:  # a double click made it a moment ago
        return Application.objects.get(programme=programme, person=person)
    return application


def too_many_choices(most: int) -> str:
    words = ngettext(
        "You can rank at most %(most)s place here.", "You can rank at most %(most)s places here.", most
    )
    return words % {"most": most}


def set_choices(application: Application, vacancies: Sequence[Vacancy]) -> None:
    most = application.programme.max_choices
    if len(vacancies) > most:
        raise ValidationError({"choices": too_many_choices(most)})
    if len({vacancy.pk for vacancy in vacancies}) != len(vacancies):
        raise ValidationError({"choices": _("The same place is chosen twice.")})
    if any(vacancy.position.programme_id != application.programme_id for vacancy in vacancies):
        raise ValidationError({"choices": _("One of the places belongs to another programme.")})
    application.choices.all().delete()
    Choice.objects.bulk_create(
        Choice(application=application, vacancy=vacancy, rank=rank)
        for rank, vacancy in enumerate(vacancies, start=1)
    )
    application._prefetched_objects_cache = {}  # the choices read before are no longer true


def number_of(application: Application) -> dict[str, str]:
    if application.number:
        return {}
    series = SERIES[ProgrammeKind(application.programme.kind)]
    return {"number": next_number(series, today().year)}
