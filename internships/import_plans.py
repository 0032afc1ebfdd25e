"""What each row of a university's table comes to: planned the same way for preview and writing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from internships import nominations
from internships.enums import ProgrammeKind, ProgrammeState
from internships.import_columns import ANY_WORDS, sheet_for
from internships.import_lookups import (
    Known,
    bare_unit,
    known_for,
    owners_of,
    specialties_by_name,
    unit_names_of,
    university_domains,
)
from internships.models import Programme
from internships.nomination_places import Place, Places
from internships.nominations import ANY
from partnerships.common.importer import Row
from partnerships.common.refusals import WorkflowError
from partnerships.common.text import fold
from partnerships.common.told import joined, spoken
from partnerships.directory.access import access_of
from partnerships.directory.actions.listing import LISTED_ELSEWHERE, STUDIES_ELSEWHERE, may_list_at
from partnerships.directory.enums import AffiliationState, Degree, Role, StudyMode
from partnerships.directory.models import Affiliation, Organization, Person, Specialty, Study
from partnerships.documents.models import ImportRun


@dataclass
class Plan:
    """What a row comes to."""

    unit: Organization | None = None
    study: dict[str, Any] = field(default_factory=dict)
    person: Person | None = None
    listed: Affiliation | None = None  # where the university has the student already
    changes: list[str] = field(default_factory=list)
    wanted: str = ""  # ANY or the key of a place; empty: not nominated
    place: Place | None = None
    nominated: bool = False  # before, and it stands
    supervisor: Person | None = None
    remarks: list[str] = field(default_factory=list)


class Planner:
    """The university's lists and the programme's places, read once for a whole table."""

    def __init__(self, run: ImportRun) -> None:
        self.user = run.owner
        self.context = run.context
        self.university = Organization.objects.get(pk=run.context["university"])
        self.units = {unit.pk: unit for unit in nominations.units(run.owner, self.university)}
        self.unit_names = unit_names_of(self.university)
        self.own_unit = self._default_unit()
        self.specialties = specialties_by_name()
        self.domains = university_domains()
        self.seen: dict[tuple[str, str], int] = {}
        self.places: Places | None = None
        self.supervisors: dict[str, set[int]] = {}
        self.guides: dict[int, Person] = {}
        programme = open_practice(run.owner, run.context["programme"])
        if programme is not None:
            self.places = Places.of(programme, [self.university.pk])
            self._name_supervisors()

    def _default_unit(self) -> Organization | None:
        scopes = access_of(self.user).of(Role.COORDINATOR)
        nodes = {scope.node_id for scope in scopes if scope.root_id == self.university.pk}
        if self.university.pk in nodes or not nodes:
            return self.university
        return self.units.get(next(iter(nodes))) if len(nodes) == 1 else None

    def _name_supervisors(self) -> None:
        for guide in nominations.supervisors([self.university.pk]):
            person = guide.person
            self.guides[person.pk] = person
            names = {person.name, person.full_name, f"{person.family_name} {person.given_name}", person.email}
            for name in names - {""}:
                self.supervisors.setdefault(fold(name), set()).add(person.pk)

    def known(self, rows: Sequence[Row]) -> Known:
        return known_for(rows, self.university, self.places.programme if self.places else None)

    def plan(self, row: Row, known: Known) -> Plan:
        """Look everything up; what does not fit is refused on the row, by column."""
        plan = Plan()
        plan.unit = self._unit(row)
        self._studies(row, plan)
        self._only_once(row)
        self._person(row, plan, known)
        if not row.errors:
            self._compare(row, plan)
            self._address(row, plan)
        if self.places is not None and row.values.get("position"):
            self._position(row, plan, known)
        return plan

    def _unit(self, row: Row) -> Organization | None:
        text = row.cleaned.get("faculty")
        if not text:
            if self.own_unit is None:
                row.refuse("faculty", _("You look after several faculties: write which one."))
            return self.own_unit
        keys = self.unit_names.get(bare_unit(text), set())
        own = [self.units[key] for key in keys if key in self.units]
        if len(own) == 1:
            return own[0]
        if len(own) > 1:
            row.refuse("faculty", _("Several units have this name: write its full name."))
        elif keys:
            row.refuse("faculty", _("You do not look after this faculty."))
        else:
            words = {"university": spoken(lambda: self.university.short_name)}
            row.refuse("faculty", _("%(university)s has no faculty of this name in the portal.") % words)
        return None

    def _studies(self, row: Row, plan: Plan) -> None:
        values = row.cleaned
        specialty = self._specialty(row)
        if specialty is not None:
            plan.study = {
                "specialty": specialty,
                "degree": values.get("degree") or specialty.degree or Degree.BACHELOR,
            }
        for key in ("year", "gpa", "mode", "student_number"):
            if values.get(key) is not None:
                plan.study[key] = values[key]

    def _specialty(self, row: Row) -> Specialty | None:
        text = row.cleaned.get("specialty")
        if not text:
            return None
        code = text.split(" ")[0].strip(".,:;-–")
        found = self.specialties.get(code.zfill(6) if code.isdigit() else fold(code))
        found = found or self.specialties.get(fold(text)) or []
        degree = row.cleaned.get("degree")
        if len(found) > 1 and degree:
            found = [specialty for specialty in found if specialty.degree == degree]
        if len(found) > 1:
            row.refuse("specialty", _("Several specialties have this name: write the code or the level."))
            return None
        if not found:
            row.refuse("specialty", _("The classifier has no specialty of this code or name."))
            return None
        return found[0]

    def _only_once(self, row: Row) -> None:
        email, number = row.cleaned.get("email"), row.cleaned.get("student_number")
        if not email and not number and "email" not in row.errors and "student_number" not in row.errors:
            row.refuse("email", _("Give an e-mail address or a student number."))
        for key, value in (("email", email), ("student_number", number)):
            if not value:
                continue
            first = self.seen.setdefault((key, fold(value)), row.number)
            if first != row.number:
                row.refuse(key, _("The same student stands in row %(row)d.") % {"row": first})

    def _person(self, row: Row, plan: Plan, known: Known) -> None:
        values = row.cleaned
        email, number = values.get("email") or "", values.get("student_number") or ""
        by_email, by_number = known.by_email.get(email), known.by_number.get(number)
        if by_email is not None and by_number is not None and by_email.pk != by_number.pk:
            row.refuse("student_number", _("Another student of your university has this number."))
            return
        plan.person = by_email or by_number
        if plan.person is None:
            return
        current = known.studies.get(plan.person.pk, [])
        here = [item for item in current if item.organization.root_id == self.university.pk]
        if any(item.is_current for item in current if item not in here):
            row.refuse("email" if by_email else "student_number", STUDIES_ELSEWHERE.reason)
            return
        plan.listed = next((item for item in here if item.ends is None), None)
        self._same_name(
            row, plan.person, own=plan.listed is not None, key="email" if by_email else "student_number"
        )
        if (
            plan.listed is not None
            and plan.unit is not None
            and not may_list_at(self.user, plan.listed, plan.unit)
        ):
            row.refuse("", LISTED_ELSEWHERE.reason)

    def _same_name(self, row: Row, person: Person, *, own: bool, key: str) -> None:
        """A mistyped address or number must not put one student's studies on another."""
        given, family = row.cleaned.get("given_name"), row.cleaned.get("family_name")
        if not given or not family:
            return
        same_given = fold(given) == fold(person.given_name)
        if own and not same_given:
            row.refuse(key, _("On your list this is another student: %(name)s.") % {"name": person.name})
        elif not own and not (same_given and fold(family) == fold(person.family_name)):
            row.refuse(key, _("This belongs to somebody of another name: check it."))

    def _compare(self, row: Row, plan: Plan) -> None:
        """What would change for a student who is on the list already."""
        listed, unit = plan.listed, plan.unit
        if listed is None or unit is None:
            return
        study = getattr(listed, "study", None)
        sheet = sheet_for(self.context["programme"] is not None)
        for key, value in plan.study.items():
            if study is None or getattr(study, key) != value:
                plan.changes.append(sheet.label(key))
        if listed.organization_id != unit.pk and not listed.organization.path.startswith(unit.path):
            plan.changes.append(sheet.label("faculty"))
        if listed.state != AffiliationState.VERIFIED:
            plan.changes.append(_("confirmation"))
        if row.cleaned["email"] and not listed.person.email and listed.person.user_id is None:
            plan.changes.append(sheet.label("email"))

    def _address(self, row: Row, plan: Plan) -> None:
        email = row.cleaned["email"]
        if not email:
            if row.values.get("position") and not (plan.person and plan.person.email):
                plan.remarks.append(_("Without an e-mail address the student cannot be told."))
            return
        owners = owners_of(self.domains, email)
        if owners and self.university.pk not in owners:
            names = {"name": owners[min(owners)]}
            plan.remarks.append(_("Look at the address: it is one of another university (%(name)s).") % names)

    def _position(self, row: Row, plan: Plan, known: Known) -> None:
        assert self.places is not None
        plan.wanted = self._wanted(row)
        plan.supervisor = self._supervisor(row)
        if row.errors or not plan.wanted:
            return
        person = plan.person or Person(given_name="", family_name="")
        application = known.applications.get(person.pk) if plan.person else None
        if nominations.already(application) and application is not None:
            plan.place = nominations.place_of(self.places, application)
            if plan.wanted == ANY or (plan.place is not None and plan.place.key == plan.wanted):
                plan.nominated = True
                return
        if application is not None and application.state not in nominations.NOMINABLE:
            row.refuse("position", nominations.stands(application))
            return
        study = self._future_study(plan)
        try:
            plan.place = nominations.choose(
                self.places, plan.wanted, application, study, person, self.university.pk
            )
        except WorkflowError as error:
            row.refuse("position", error.reason)
            return
        if refusal := nominations.closed(self.places.programme):
            row.refuse("position", refusal.reason)

    def _wanted(self, row: Row) -> str:
        assert self.places is not None
        text = fold(row.cleaned["position"] or "")
        if text in ANY_WORDS:
            return ANY
        found = [place for place in self.places if fold(place.label) == text]
        # A table may be in either language, whatever the page is in.
        found = found or [place for place in self.places if text in _titles(place.vacancy.position)]
        if len(found) == 1:
            return found[0].key
        if found:
            labels = joined((place.label for place in found), "; ")
            row.refuse(
                "position", _("Several places have this name, write one of: %(places)s.") % {"places": labels}
            )
        else:
            row.refuse("position", _("The programme has no place of this name; the template lists them."))
        return ""

    def _supervisor(self, row: Row) -> Person | None:
        text = row.cleaned.get("supervisor")
        if not text:
            return None
        keys = self.supervisors.get(fold(text), set())
        if len(keys) == 1:
            return self.guides[next(iter(keys))]
        if keys:
            row.refuse("supervisor", _("Several supervisors have this name: write the e-mail address."))
        else:
            row.refuse("supervisor", _("Your university has no supervisor of this name or address."))
        return None

    def _future_study(self, plan: Plan) -> Study:
        """The studies as they will be once the row is written."""
        study = getattr(plan.listed, "study", None) if plan.listed else None
        values: dict[str, Any] = {"mode": StudyMode.FULL_TIME, "gpa": None}
        if study is not None:
            values |= {key: getattr(study, key) for key in ("specialty", "degree", "year", "gpa", "mode")}
        return Study(**values | plan.study)


def open_practice(user: Any, key: int | None) -> Programme | None:
    rows = Programme.objects.visible_to(user).filter(
        pk=key, kind=ProgrammeKind.PRACTICE, state=ProgrammeState.PUBLISHED
    )
    return rows.with_call().first()


def _titles(position: Any) -> set[str]:
    """What a position is called in every language, folded."""
    return {fold(title) for title in (position.title_az, position.title_en) if title}
