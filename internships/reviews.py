"""The commission that marks candidates of a programme, and who is tied to whom here."""

import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from internships.enums import REVIEW_STATES
from internships.models import Application, Choice, Placement, Programme
from internships.reports import people_of
from partnerships.calls import sheets
from partnerships.calls.models import Call
from partnerships.common.asked import ask_together
from partnerships.common.prepared import Prepared
from partnerships.common.query_words import Key
from partnerships.common.templatetags.figures import exact
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization, Person, Skill
from partnerships.documents.models import Document
from partnerships.reviews.enums import Tie
from partnerships.reviews.kinds import Relation, ReviewKind, Sheet

KEY = "internships.commission"


def standing() -> Any:
    """What the company has in its hands and has not decided."""
    return Application.objects.filter(state__in=REVIEW_STATES)


def candidates(programme: Programme) -> Any:
    """Whoever works at the company, students left out."""
    return people_of(programme.host.root or programme.host)


_CHOICE = (
    "rank",
    *(f"vacancy__position__{name}" for name in ("title_az", "title_en", "unit__name", "unit__name_en")),
)
_SKILL = ("name", "name_en")
_CALL = Prepared(lambda programme: Call.objects.filter(programme=programme))
_PAPERS = Prepared(
    lambda key, kind: Document.objects.filter(content_type_id=kind, object_id=key).order_by("kind", "pk")
)


@asked
def _choices(application: Key) -> Any:
    return Choice.objects.filter(application=application).order_by("rank").values_list(*_CHOICE)


@asked
def _skills(person: Key) -> Any:
    return Skill.objects.filter(people=person).order_by("sort_key").values_list(*_SKILL)


@asked
def _calls(programme: Key) -> Any:
    return Call.objects.filter(programme=programme).values_list("question_count")


def _beside(application: Application) -> tuple[list[Any], list[Any], bool]:
    """What was chosen and what its candidate can do, both in two languages, and whether the call has
    questions: by one query."""
    parts = (
        _choices(Key(application.pk)).listed(*_CHOICE),
        _skills(Key(application.person_id)).listed(*_SKILL),
        _calls(Key(application.programme_id)).listed("question_count"),
    )
    choices, skills, calls = (json.loads(told or "[]") for told in ask_together(parts))
    return choices, skills, any(count for (count,) in calls)


def sheet(application: Application, blind: bool) -> Sheet:
    """What a member of the commission reads; without names and university where it is double-blind.

    What a candidate writes may still tell who they are; that cannot be hidden.
    """
    study = application.study
    facts: list[tuple[Any, Any]] = []
    if not blind:
        facts.append((_("Candidate"), application.person.name))
        if application.university is not None:
            facts.append((_("University"), str(application.university)))
    if study is not None:
        facts += [(_("Specialty"), str(study.specialty)), (_("Year of study"), study.year)]
        if study.gpa is not None:
            facts.append((_("GPA"), exact(study.gpa)))
    choices, skills, has_questions = _beside(application)
    english = (get_language() or "az").startswith("en")

    def said(az: str, en: str) -> str:
        return (en if english else "") or az

    for rank, title, title_en, unit, unit_en in choices:
        facts.append((_("Choice %(n)s") % {"n": rank}, f"{said(title, title_en)}, {said(unit, unit_en)}"))
    if skills:
        facts.append((_("Skills"), ", ".join(said(*skill) for skill in skills)))
    texts = [(_("Why this place"), application.motivation)]
    if has_questions:
        questions = _CALL(application.programme_id)[0].asked
        told = sheets.told(questions, application.answers.select_related("document"))
        written = [row for row in told if row.document is None]  # files stand below
        texts += [(row.label, row.text or _("not answered")) for row in written]
    kind = ContentType.objects.get_for_model(Application).pk
    return Sheet(facts, texts, lambda: _PAPERS(application.pk, kind))


def name(application: Application) -> str:
    return application.person.name


def detail(application: Application) -> str:
    """The university and the number, for whoever may know whose it is."""
    university = application.university.short_name if application.university is not None else ""
    return " · ".join(part for part in (university, application.number) if part)


def code(application: Application) -> str:
    return application.number or f"№ {application.pk}"


def _guides() -> Any:
    """Supervisors at the university and mentors in the enterprise, past and present, with their students."""
    return (
        (Application.objects.all(), "supervisor_id", "person_id"),
        (Placement.objects.all(), "supervisor_id", "person_id"),
        (Placement.objects.all(), "mentor_id", "person_id"),
    )


SUPERVISION = Relation(Tie.SUPERVISION, _guides)
RELATIONS = (SUPERVISION,)
REVIEWS = (
    ReviewKind(
        key=KEY,
        title=gettext_lazy("Commission"),
        items=gettext_lazy("Candidates"),
        model="internships.Application",
        container="programme",
        container_key="slug",
        organization="host",
        roles=(Role.HR,),
        standing=standing,
        candidates=candidates,
        sheet=sheet,
        name=name,
        detail=detail,
        code=code,
        people=("person",),
        organizations=("university", "unit"),
        houses=("university",),
        by_name="person__sort_key",
        related=("person", "university", "affiliation__study__specialty"),
        shown=(
            "number",
            *(f"person__{name}" for name in Person.SHOWN),
            *(f"university__{name}" for name in Organization.SHOWN),
            *("programme__slug", "programme__title_az", "programme__title_en"),  # for `container_of`
        ),
    ),
)
