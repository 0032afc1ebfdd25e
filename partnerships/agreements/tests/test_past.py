"""Agreements from before the portal are brought as a table, and stand beside the others."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnerships.agreements import actions, past
from partnerships.agreements.models import Agreement
from partnerships.agreements.moves import steps_of
from partnerships.agreements.reports import framework_between
from partnerships.agreements.standing import asleep
from partnerships.agreements.tests import makers
from partnerships.agreements.timeline import timeline_of
from partnerships.common.clock import today
from partnerships.common.refusals import Refused
from partnerships.testing import tables
from partnerships.testing.tables import confirm

YEAR = timedelta(days=365)
HEAD = [
    "Müqavilə №",
    "Universitet",
    "Növ",
    "İmzalanma tarixi",
    "Qüvvəyə minmə tarixi",
    "Bitmə tarixi",
    "Xitam tarixi",
]


def brought(cast, *rows, who="hr", where="azerisiq"):
    context = {"organization": getattr(cast, where).pk}
    return tables.bring(past.KIND, [HEAD, *rows], context=context, actor=cast.user(who))


def one(cast, **values):
    given = {"number": "7/2019", "starts": date(2019, 9, 15), "ends": date(2024, 9, 14), **values}
    actor = given.pop("actor", cast.user("hr"))
    owner, partners = given.pop("owner", cast.azerisiq), given.pop("partners", [cast.aztu])
    kind = given.pop("kind", "agreements.framework")
    return actions.bring_past(actions.type_of(kind), owner, partners, actor=actor, **given)


def test_a_table_of_the_past_is_shown_row_by_row_and_then_written(cast, login):
    holds = today() + YEAR
    run = brought(
        cast,
        ["12/2019", cast.aztu.acronym, "", "10.09.2019", "15.09.2019", "14.09.2024", ""],
        ["3/2025", cast.adnsu.name, "", "", "2025-01-01", holds.isoformat(), ""],
        ["9/2020", "Naməlum Universitet", "", "", "01.01.2020", "", ""],
        ["12/2019", cast.aztu.acronym, "", "", "dünən", "", ""],
        ["5/2018", cast.aztu.acronym, "", "", "01.01.2018", "", "31.12.2018"],
    )
    rows = {row.number: (row.fate, sorted(row.errors)) for row in run.rows.all()}
    assert rows == {
        2: ("add", []),
        3: ("add", []),
        4: ("refuse", ["partner"]),
        5: ("refuse", ["number", "starts"]),
        6: ("add", []),
    }
    assert not Agreement.objects.exists()
    confirm(run)
    found = {row.number: row for row in Agreement.objects.all()}
    assert sorted(found) == ["12/2019", "3/2025", "5/2018"]
    assert (found["12/2019"].is_expired, found["5/2018"].state) == (True, "terminated")
    assert framework_between(cast.adnsu, cast.azerisiq) == found["3/2025"]
    assert framework_between(cast.aztu, cast.azerisiq) is None
    assert list(asleep(cast.user("hr"))) == [found["3/2025"]]
    page = login("coordinator").get(found["12/2019"].get_absolute_url())
    assert "Portaldan əvvəl kağız üzərində imzalanıb" in page.content.decode()
    assert login("coordinator2").get(found["12/2019"].get_absolute_url()).status_code == 404
    again = brought(cast, ["12/2019", cast.aztu.acronym, "", "", "15.09.2019", "", ""])
    assert [row.fate for row in again.rows.all()] == ["nothing"]


def test_what_came_to_its_end_is_not_drawn_as_in_force(cast):
    one(cast, number="7/2019")
    one(cast, number="8/2020", ends=today() + YEAR)
    drawn = {bar.agreement.number: bar.css for bar in timeline_of(cast.user("partnerships")).bars}
    assert drawn == {"7/2019": "over", "8/2020": "in_force"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "SAZ-2026-00042"}, "number"),
        ({"number": "7" * 41}, "number"),
        ({"ends": date(2018, 1, 1)}, "ends"),
        ({"signed_on": today() + YEAR}, "signed_on"),
        ({"ended_on": date(2018, 1, 1)}, "ended_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(cast, values, field):
    with pytest.raises(ValidationError) as refused:
        one(cast, **values)
    assert list(refused.value.message_dict) == [field]
    assert not Agreement.objects.exists()


def test_a_framework_is_entered_by_the_company_that_keeps_it_and_each_number_once(cast):
    for wrong in (
        {"partners": [cast.aztu, cast.adnsu]},
        {"partners": [cast.azerisiq]},
        {"owner": cast.aztu, "partners": [cast.azerisiq], "actor": cast.user("coordinator")},
    ):
        with pytest.raises(ValidationError):
            one(cast, **wrong)
    for stranger in ("hr2", "coordinator", "student", "mentor"):
        with pytest.raises(Refused):
            one(cast, actor=cast.user(stranger))
    one(cast)
    with pytest.raises(ValidationError):
        one(cast)
    memorandum = {"kind": "agreements.memorandum", "number": "1/2020", "owner": cast.aztu}
    mine = one(cast, partners=[cast.azerisiq], actor=cast.user("coordinator"), **memorandum)
    assert (mine.owner, mine.brought, Agreement.objects.count()) == (cast.aztu, True, 2)


def test_what_was_brought_is_ended_and_renewed_like_any_other(cast):
    hr = cast.user("hr")
    found = one(cast, starts=today() - YEAR, ends=today() + YEAR)
    renewal = actions.renew(
        found, actor=hr, starts=today() + YEAR + timedelta(days=1), ends=today() + 3 * YEAR
    )
    assert renewal.renews == found
    actions.withdraw(renewal, actor=hr, note="hələ yox")
    assert actions.terminate(makers.again(found), actor=hr, note="bitdi").state == "terminated"


def test_the_import_is_for_who_prepares_the_agreements_of_that_organisation(cast, login):
    url = reverse("agreements:import")
    assert [login(who).get(url).status_code for who in ("hr", "coordinator", "mentor")] == [200, 200, 403]
    assert login("coordinator").get(f"{url}?at={cast.azerisiq.slug}").status_code == 404
    with pytest.raises(Refused):
        brought(cast, ["1", "AzTU", "", "", "01.01.2020", "", ""], who="coordinator")


def test_what_was_over_before_the_years_drawn_has_no_bar_in_the_first_of_them(cast):
    begun = today().year - 15
    one(cast, number="1", starts=date(begun, 1, 1), ends=date(begun + 2, 1, 1))
    one(cast, number="2", starts=date(begun, 1, 1), ends=None)
    drawn = {bar.agreement.number: (bar.x, bar.width) for bar in timeline_of(cast.user("hr")).bars}
    assert drawn == {"1": (0, 0), "2": (0, 1000)}


def test_nothing_is_said_of_how_one_from_before_the_portal_was_prepared(cast):
    held = one(cast, kind="agreements.cooperation", ends=None)
    assert held.type.needs_legal
    assert [step.label for step in steps_of(held)] == ["Universitet", "Şirkət", "Qüvvədə"]
