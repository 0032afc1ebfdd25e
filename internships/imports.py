"""Students from a university's table: listed, and nominated for practice at once where it says so.

The rules are those of the pages: internships/nominations.py for places and seats, directory's
enlist_student for who may list whom. Every row is planned the same way for the preview and the writing.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from internships import actions, nominations
from internships.import_columns import sheet_for
from internships.import_lookups import Known
from internships.import_plans import Plan, Planner, open_practice
from internships.models import Programme
from internships.nominations import ANY
from partnerships.common.importer import Row, Sheet
from partnerships.common.templatetags.figures import grouped
from partnerships.common.text import in_quotes
from partnerships.common.told import joined
from partnerships.directory import actions as directory
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, Importer, importer
from partnerships.documents.models import ImportRun

KIND = "internships.students"


@importer(KIND)
class StudentsImport(Importer):
    """`context`: university (key), programme (key or None), number and day of the order."""

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        university = Organization.objects.filter(pk=context["university"]).first()
        if university is None or not nominations.may_nominate_for(user, university):
            return False
        return context["programme"] is None or open_practice(user, context["programme"]) is not None

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:
        programme = Programme.objects.filter(pk=context["programme"]).first()
        if programme is None:
            return _("Import students")
        return _("Import and nominate: %(programme)s") % {"programme": programme.title}

    @classmethod
    def sheet(cls, context: dict[str, Any]) -> Sheet:
        return sheet_for(context["programme"] is not None)

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:
        programme = Programme.objects.filter(pk=context["programme"]).first()
        url = reverse("internships:import")
        return f"{url}?programme={programme.slug}" if programme else url

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:
        programme = Programme.objects.filter(pk=context["programme"]).first()
        if programme is None:
            return reverse("internships:students")
        return f"{reverse('internships:worklist')}?programme={programme.slug}"

    @classmethod
    def result_label(cls, context: dict[str, Any]) -> str:
        programme = Programme.objects.filter(pk=context["programme"]).first()
        return programme.title if programme else _("Students without a place")

    # Once -------------------------------------------------------------------------------------------

    def prepare(self, run: ImportRun) -> None:
        self.planner = Planner(run)

    # The preview ------------------------------------------------------------------------------------

    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        known = self.planner.known(rows)
        return [self._fate(row, known) for row in rows]

    def _fate(self, row: Row, known: Known) -> Fate:
        plan = self.planner.plan(row, known)
        if row.errors:
            return REFUSED
        words = [_("On your list already.") if plan.listed else _("New on your list.")]
        if plan.changes:
            words.append(_("Will be brought up to date: %(what)s.") % {"what": joined(plan.changes, ", ")})
        if plan.place is not None and self.planner.places is not None:
            if plan.nominated:
                words.append(_("Nominated before: %(place)s.") % {"place": plan.place.label})
            else:
                self.planner.places.take(plan.place, self.planner.university.pk)
                words.append(self._nomination_words(plan))
        text = joined([*words, *plan.remarks])
        if plan.listed is None:
            return Fate(FateKind.ADD, text)
        changes = plan.changes or (plan.place is not None and not plan.nominated)
        return Fate(FateKind.CHANGE if changes else FateKind.NOTHING, text)

    def _nomination_words(self, plan: Plan) -> str:
        assert plan.place is not None
        assert self.planner.places is not None
        left = grouped(self.planner.places.left(plan.place, self.planner.university.pk))
        words = {"place": in_quotes(plan.place.label), "left": left}
        if plan.wanted == ANY:
            return (
                _("“Any” comes to “%(place)s”: most seats left. Seats left there afterwards: %(left)s.")
                % words
            )
        return _("Will be nominated to “%(place)s”. Seats left there afterwards: %(left)s.") % words

    # The writing ------------------------------------------------------------------------------------

    def write(self, run: ImportRun, row: Row) -> Fate:
        plan = self.planner.plan(row, self.planner.known([row]))
        if row.errors:
            raise ValidationError(row.errors)
        if plan.listed is not None and not plan.changes and (not plan.wanted or plan.nominated):
            return Fate(FateKind.NOTHING, _("Was there already."))
        assert plan.unit is not None
        values = row.cleaned
        listed, made = directory.enlist_student(
            plan.unit,
            actor=run.owner,
            given_name=values["given_name"],
            family_name=values["family_name"],
            patronymic=values["patronymic"] or "",
            email=values["email"] or "",
            phone=values["phone"] or "",
            study=plan.study,
        )
        self._add_address(listed.person, values["email"])
        words = [_("Added to your list.") if made else _("Brought up to date.")]
        if plan.wanted:
            words.append(self._nominate(listed, plan))
        return Fate(FateKind.ADD if made else FateKind.CHANGE, joined(words))

    def _add_address(self, person: Person, email: str | None) -> None:
        """Somebody whom the university listed without an address, and who has no account, gets this one."""
        if email and not person.email and person.user_id is None:
            directory.update_person(person, actor=self.planner.user, email=email)

    def _nominate(self, listed: Affiliation, plan: Plan) -> str:
        assert self.planner.places is not None
        row = Affiliation.objects.select_related("person", "organization__root", "study__specialty")
        order = actions.make_order(
            self.planner.places.programme,
            self.planner.university,
            number=self.planner.context["number"],
            day=date.fromisoformat(self.planner.context["day"]),
            actor=self.planner.user,
        )
        result = nominations.nominate_one(
            self.planner.places,
            row.get(pk=listed.pk),
            plan.wanted,
            order=order,
            actor=self.planner.user,
            supervisor=plan.supervisor,
        )
        label = result.place.label if result.place else ""
        return _("Nominated to “%(place)s”: %(number)s.") % {
            "place": in_quotes(label),
            "number": result.application.number,
        }
