"""Who reviews what in a round, brought as a table by who leads it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.text import fold
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, Importer, importer
from partnerships.documents.known import KnownPeople
from partnerships.documents.models import ImportRun
from partnerships.reviews import actions, conflicts, reports, rules
from partnerships.reviews.actions.assigning import full_refusal
from partnerships.reviews.conditions import conflict_refusal
from partnerships.reviews.enums import ASSIGNED, Phase
from partnerships.reviews.models import Review, ReviewMember, ReviewRound

KIND = "reviews.assignments"

COLUMNS = (
    Column(
        "item",
        gettext_lazy("What is reviewed"),
        ("Nömrə", "Müraciət", "Müraciətin nömrəsi", "Namizəd", "Namizədin nömrəsi", "Layihə", "İş", "Number"),
        required=True,
        example="TEC-2026-00012",
        help=gettext_lazy("By its number, as it stands in the portal."),
    ),
    Column(
        "reviewer",
        gettext_lazy("Reviewer"),
        ("Rəyçinin e-poçtu", "E-poçt", "Ekspert", "Komissiya üzvü", "Üzv", "E-mail"),
        required=True,
        example="ad.soyad@azerishiq.az",
        help=gettext_lazy("A member of the round, by e-mail or name."),
    ),
)


@importer(KIND)
class AssignmentsImport(Importer):
    """`context`: {"round": key}. Items are named by their codes, so that nobody's name is told."""

    table = Sheet(
        gettext_lazy("Reviewers"),
        COLUMNS,
        gettext_lazy("One row for each reviewer of each item; whoever is not named is left as they are."),
    )

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        found = _round(context)
        return found.state != Phase.CLOSED and rules.leads(user, found)

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:
        return _("Import reviewers: %(round)s") % {"round": _round(context).display_title}

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:
        return reverse("reviews:import", args=[_round(context).uid])

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:
        return _round(context).get_absolute_url()

    @classmethod
    def result_label(cls, context: dict[str, Any]) -> str:
        return _round(context).display_title

    def prepare(self, run: ImportRun) -> None:
        self.round = _round(run.context)
        kind = self.round.reviewed
        stands = set(kind.of(self.round.container_id).order_by().values_list("pk", flat=True))
        met = (item for item in reports.met(self.round, run.owner) if item.pk in stands)
        self.items = {fold(kind.code(item)): item for item in met}
        self.members: dict[int, ReviewMember] = {}
        for member in self.round.members.filter(active=True).select_related("person"):
            member.round = self.round
            self.members[member.person_id] = member
        self.people = KnownPeople(member.person for member in self.members.values())
        held = Review.objects.filter(round=self.round).assigned().values_list("member_id", flat=True)
        self.load = Counter(held)

    def _named(self, row: Row) -> tuple[Any, ReviewMember | None]:
        code = row.cleaned.get("item")
        item = self.items.get(fold(code)) if code else None
        if code and item is None:
            row.refuse(
                "item", _("Nothing with this number is up for review here: %(name)s.") % {"name": code}
            )
        nobody = _("Nobody who reviews in this round is called so: %(name)s.")
        several = _("Several people have this name: write the mail.")
        person = self.people.only(row, "reviewer", nobody, several)
        return item, self.members[person.pk] if person is not None else None

    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        named = [self._named(row) for row in rows]
        keys = {item.pk for item, _member in named if item is not None}
        kind = self.round.reviewed
        ties = conflicts.table(kind, kind.model_class._base_manager.filter(pk__in=keys), self.members)
        known = Review.objects.filter(round=self.round, object_id__in=keys)
        states = {
            (one, member): state
            for one, member, state in known.values_list("object_id", "member_id", "state")
        }
        return [
            self._fate(row, item, member, ties, states)
            for row, (item, member) in zip(rows, named, strict=True)
        ]

    def _fate(
        self, row: Row, item: Any, member: ReviewMember | None, ties: dict[Any, str], states: dict[Any, str]
    ) -> Fate:
        if item is None or member is None:
            return REFUSED
        self.refuse_twice(row, "", (item.pk, member.pk), _("The same assignment stands in row %(row)d."))
        if row.errors:
            return REFUSED
        before = states.get((item.pk, member.pk))
        if before in ASSIGNED:
            return Fate(FateKind.NOTHING, _("Is asked for it already."))
        tie = ties.get((item.pk, member.person_id))
        if tie is not None:
            row.refuse("reviewer", conflict_refusal(tie).reason)
            return REFUSED
        full = full_refusal(member, self.load[member.pk])
        if full is not None:
            row.refuse("reviewer", full.reason)
            return REFUSED
        self.load[member.pk] += 1
        if before is not None:
            return Fate(FateKind.CHANGE, _("Is no longer asked, and will be asked again."))
        return Fate(FateKind.ADD, _("Will be asked."))

    def write(self, run: ImportRun, row: Row) -> Fate:
        item, member = self._named(row)
        if row.errors or item is None or member is None:
            raise ValidationError(row.errors)
        member = self.round.members.select_related("person").get(pk=member.pk, active=True)
        if not actions.assign(self.round, item, [member], actor=run.owner):
            return Fate(FateKind.NOTHING, _("Was asked already."))
        return Fate(FateKind.ADD, _("A review is asked for."))


def _round(context: dict[str, Any]) -> ReviewRound:
    return ReviewRound.objects.select_related("organization", "rubric__rubric").get(pk=context["round"])
