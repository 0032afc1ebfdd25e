"""What is owed is brought as a table, by the right of the agreement's page."""

from datetime import timedelta

from partnerships.agreements import actions, bringing
from partnerships.agreements.models import Agreement, Obligation
from partnerships.agreements.tests import makers
from partnerships.common.clock import today
from partnerships.testing import tables
from partnerships.testing.tables import confirm, refusals

HEAD = ["Son tarix", "Öhdəlik", "Miqdar", "Ölçü vahidi", "Tərəf", "Saziş №", "Portal sayır"]


def _brought(cast, *rows, who="hr"):
    return tables.bring(bringing.KIND, [HEAD, *rows], actor=cast.user(who))


def test_what_is_owed_is_shown_row_by_row_and_then_written(cast):
    agreement, over = makers.in_force(cast), makers.in_force(cast)
    Agreement.objects.filter(pk=over.pk).update(state="terminated")
    actions.add_obligation(
        agreement, actor=cast.user("hr"), party=agreement.in_order[0], what_az="Dərs vəsaiti", amount=2
    )
    day, number = today() + timedelta(days=90), agreement.number
    run = _brought(
        cast,
        [day.strftime("%d.%m.%Y"), "Stendlər", "6", "stend", cast.azerisiq.name, number, ""],
        ["", "Dərs  vəsaiti", "3", "", "Universitet", number, ""],
        ["", "Dərs vəsaiti", "3", "", "Universitet", number, ""],
        ["", "Yerlər", "", "", cast.aztu.acronym, number, "internships.places"],
        ["", "Yerlər", "-1", "", cast.adnsu.name, number, "naməlum"],
        ["", "Yerlər", "12", "", "Universitet", over.number, ""],
        ["", "Yerlər", "12", "", "Universitet", "0/0", ""],
    )
    assert refusals(run) == {
        2: ("add", []),
        3: ("change", []),
        4: ("refuse", ["what_az"]),
        5: ("refuse", ["amount"]),
        6: ("refuse", ["amount", "figure", "party"]),
        7: ("refuse", ["agreement"]),
        8: ("refuse", ["agreement"]),
    }
    assert Obligation.objects.count() == 1
    confirm(run)
    rows = Obligation.objects.order_by("pk")
    kept = [(row.what_az, row.party.organization, row.amount, row.due) for row in rows]
    assert kept == [("Dərs vəsaiti", cast.aztu, 3, None), ("Stendlər", cast.azerisiq, 6, day)]
    again = _brought(cast, ["", "Dərs vəsaiti", "3", "", "Universitet", number, ""])
    assert refusals(again) == {2: ("nothing", [])}


def test_a_party_that_does_not_keep_the_agreement_brings_nothing_under_it(cast):
    row = ["", "Stendlər", "6", "", "Universitet", makers.in_force(cast).number, ""]
    theirs, strangers = _brought(cast, row, who="coordinator"), _brought(cast, row, who="coordinator2")
    told = [run.rows.get().errors["agreement"][0] for run in (theirs, strangers)]
    assert [refusals(run) for run in (theirs, strangers)] == [{2: ("refuse", ["agreement"])}] * 2
    assert told[0] != told[1]  # whoever does not see it learns nothing of it
    assert not Obligation.objects.exists()
