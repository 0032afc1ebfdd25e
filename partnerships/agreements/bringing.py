"""What is owed under agreements, brought as a table by who keeps them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.agreements import actions
from partnerships.agreements.directions import figure_labels
from partnerships.agreements.enums import MANAGERS, PartyRole
from partnerships.agreements.models import Agreement, Obligation, Party
from partnerships.common.forms import EitherDecimalField
from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import OneOf, clean_day, words_of
from partnerships.common.text import clean_line, fold
from partnerships.common.told import spoken
from partnerships.directory.access import access_of
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, Importer, importer
from partnerships.documents.known import Known, clean_length
from partnerships.documents.models import ImportRun

KIND = "agreements.obligations"
# What a row says besides whose agreement, who owes it, what and by when: these tell one from another.
CHANGED = ("what_en", "figure", "amount", "unit_az", "unit_en")


def clean_amount(text: str) -> Decimal:
    field = EitherDecimalField(max_digits=12, decimal_places=2, min_value=Decimal("0.01"))
    amount: Decimal = field.clean("".join(text.split()))
    return amount


COLUMNS = (
    Column(
        "agreement",
        gettext_lazy("Agreement"),
        (
            "Sazişin nömrəsi",
            "Müqavilənin nömrəsi",
            "Saziş №",
            "Müqavilə",
            "Nömrə",
            "Agreement number",
            "Number",
        ),
        required=True,
        example="SAZ-2026-00012",
        help=gettext_lazy("The number of an agreement that is prepared, signed or in force."),
    ),
    Column(
        "party",
        gettext_lazy("Who owes it"),
        ("Öhdəlik daşıyan", "Öhdəlik daşıyan tərəf", "Tərəf", "İcraçı", "Məsul tərəf", "Party", "Owed by"),
        required=True,
        example="AzTU",
        help=gettext_lazy("One of its parties by name or acronym, or as what it stands there: University."),
    ),
    Column(
        "what_az",
        gettext_lazy("What, in Azerbaijani"),
        ("Öhdəlik", "Öhdəliyin adı", "Öhdəliyin məzmunu", "Nə", "Məzmun", "What", "Obligation"),
        required=True,
        example="Laboratoriya stendlərinin verilməsi",
        clean=clean_length(300),
    ),
    Column(
        "what_en",
        gettext_lazy("What, in English"),
        ("Öhdəlik (ingiliscə)", "İngiliscə", "In English"),
        example="Laboratory stands handed over",
        clean=clean_length(300),
    ),
    Column(
        "amount",
        gettext_lazy("How much"),
        ("Miqdar", "Miqdarı", "Say", "Sayı", "Həcm", "Həcmi", "Məbləğ", "Amount"),
        example="6",
        clean=clean_amount,
    ),
    Column(
        "unit_az",
        gettext_lazy("Of what, in Azerbaijani"),
        ("Ölçü vahidi", "Vahid", "Vahidi", "Unit"),
        example="stend",
        clean=clean_length(40),
    ),
    Column(
        "unit_en",
        gettext_lazy("Of what, in English"),
        ("Ölçü vahidi (ingiliscə)", "Unit in English"),
        example="stands",
        clean=clean_length(40),
    ),
    Column(
        "due",
        gettext_lazy("By when"),
        ("Son tarix", "Müddət", "İcra müddəti", "İcra tarixi", "Nə vaxtadək", "Due", "Deadline"),
        example="30.06.2027",
        clean=clean_day,
    ),
    Column(
        "figure",
        gettext_lazy("Counted by the portal"),
        ("Portal sayır", "Göstərici", "Figure"),
        clean=OneOf(lambda: figure_labels().items()),
        help=gettext_lazy("What the portal counts towards it by itself; it needs a number."),
    ),
)


class Kept:
    """An agreement that the table names, with its parties by any name and what is owed under it already."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.parties: Known[Party] = Known()
        roles = words_of(PartyRole.choices)
        for party in agreement.parties.all():
            if party.organization is not None and party.unit is not None:
                names = [party.name_az, party.name_en, *_names(party.organization), *_names(party.unit)]
                self.parties.add(
                    party, [*names, *(word for word, role in roles.items() if role == party.role)]
                )
        self.there: dict[Any, Obligation] = {
            _key(one.party_id, one.what_az, one.due): one for one in agreement.obligations.all()
        }


@importer(KIND)
class ObligationsImport(Importer):
    """`context`: nothing; the rows name agreements, and each is asked for by the right of its page."""

    heading = gettext_lazy("Import obligations")
    table = Sheet(
        gettext_lazy("Obligations"), COLUMNS, gettext_lazy("One row for each thing that a party owes.")
    )
    upload_page, result_page = "agreements:import_obligations", "agreements:obligations"
    result_name = gettext_lazy("Obligations")

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:  # noqa: ARG003 - each row is asked by itself
        return access_of(user).has(*MANAGERS)

    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        kept = self._kept(run, rows)
        return [self._fate(row, kept) for row in rows]

    def _kept(self, run: ImportRun, rows: Sequence[Row]) -> dict[str, Kept]:
        """By number: of what these rows name that which the owner of the table sees."""
        numbers = {row.cleaned["agreement"] for row in rows if row.cleaned.get("agreement")}
        found = Agreement.objects.visible_to(run.owner).filter(number__in=numbers).select_related("owner")
        found = found.prefetch_related("parties__organization__names", "parties__unit__names", "obligations")
        self.owner = run.owner
        return {one.number: Kept(one) for one in found}

    def _plan(self, row: Row, kept: dict[str, Kept]) -> tuple[Kept | None, Party | None]:
        """The agreement and who owes it; the row is refused where the page would refuse it."""
        number = row.cleaned.get("agreement")
        found = kept.get(number) if number else None
        if number and found is None:
            row.refuse("agreement", _("No agreement has this number: %(name)s.") % {"name": number})
        if found is None:
            return None, None
        refusal = actions.keeps_open(found.agreement, self.owner)
        if refusal is not None:
            row.refuse("agreement", refusal.reason)
        nobody = _("This is no party of the agreement: %(name)s.")
        party = found.parties.only(row, "party", nobody, _("Several parties are meant by this: %(name)s."))
        if row.cleaned.get("figure") and row.cleaned.get("amount") is None:
            row.refuse("amount", _("Say how many: the portal counts them."))
        return found, party

    def _fate(self, row: Row, kept: dict[str, Kept]) -> Fate:
        found, party = self._plan(row, kept)
        if row.errors or found is None or party is None:
            return REFUSED
        key = _key(party.pk, row.cleaned["what_az"], row.cleaned.get("due"))
        self.refuse_twice(row, "what_az", key, _("The same obligation stands in row %(row)d."))
        if row.errors:
            return REFUSED
        old = found.there.get(key)
        if old is None:
            return Fate(
                FateKind.ADD, _("Will be owed by: %(party)s.") % {"party": spoken(lambda: party.name)}
            )
        if _changes(row, old):
            return Fate(FateKind.CHANGE, _("Will be brought up to date."))
        return Fate(FateKind.NOTHING, _("Is there already."))

    def write(self, run: ImportRun, row: Row) -> Fate:
        found, party = self._plan(row, self._kept(run, [row]))
        if row.errors or found is None or party is None:
            raise ValidationError(row.errors)
        what, due = row.cleaned["what_az"], row.cleaned.get("due")
        old = found.there.get(_key(party.pk, what, due))
        if old is None:
            given = {name: row.cleaned[name] for name in CHANGED if row.cleaned.get(name) is not None}
            actions.add_obligation(
                found.agreement, actor=run.owner, party=party, what_az=what, due=due, **given
            )
            return Fate(FateKind.ADD, _("Added."))
        changes = _changes(row, old)
        if not changes:
            return Fate(FateKind.NOTHING, _("Was there already."))
        values = {name: getattr(old, name) for name in (*CHANGED, "what_az", "due")} | changes
        actions.change_obligation(old, actor=run.owner, version=old.version, party=party, **values)
        return Fate(FateKind.CHANGE, _("Brought up to date."))


def _names(one: Any) -> list[str]:
    return [one.name, one.name_en, one.acronym, *(name.text for name in one.names.all())]


def _key(party: int, what: str, due: Any) -> Any:
    return party, fold(clean_line(what)), due


def _changes(row: Row, old: Obligation) -> dict[str, Any]:
    """What the row says otherwise; an empty cell changes nothing."""
    given = {name: row.cleaned[name] for name in CHANGED if row.cleaned.get(name) is not None}
    return {name: value for name, value in given.items() if value != getattr(old, name)}
