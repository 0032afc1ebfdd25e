"""Indicators of practices: counted once, seen by whom they concern, few people by their own alone."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from internships.enums import EvaluationKind, OutcomeKind, PlacementState
from internships.models import Application, Evaluation, Outcome, Placement
from internships.tests import makers
from partnerships.common.clock import today
from partnerships.directory.enums import Role
from partnerships.indicators import actions, catalogue
from partnerships.indicators.models import Measure
from partnerships.testing import factories

S = PlacementState
STARTS = today().replace(month=3, day=1)
YEAR = today().year
KEYS = ["internships.practices", "internships.completed", "internships.hired", "internships.places"]
PAGE = "/indicators/internships.completed/"


def copies(first, people, **values):
    """Practices of these people, like the first."""
    applications = Application.objects.bulk_create(
        Application(
            programme=first.programme,
            person=who,
            university=values.get("university", first.university),
            unit=values.get("faculty", first.faculty),
            state="accepted",
        )
        for who in people
    )
    names = ("programme", "vacancy", "host", "unit", "university", "faculty", "mentor", "hazard")
    given = {name: getattr(first, name) for name in names} | {
        "starts": STARTS,
        "ends": STARTS,
        "state": S.ASSESSED,
    }
    return Placement.objects.bulk_create(
        Placement(application=one, person=one.person, **{**given, **values}) for one in applications
    )


def crowd(cast, name, where, size):
    return factories.crowd(
        *((f"Ad{n} {name}", f"{name}{n}@t.example", where, Role.STUDENT) for n in range(size))
    )


@pytest.fixture
def world(cast):
    """At Azərişıq seven of AzTU and six of ADNSU, of whom one broke off; two of ADNSU and six of AzTU at the
    second company. Of AzTU's at Azərişıq five were hired."""
    first = makers.placement(cast)
    Placement.objects.filter(pk=first.pk).update(starts=STARTS, ends=STARTS, state=S.ASSESSED)
    here = copies(first, crowd(cast, "aztu", cast.energy, 6))
    theirs = {"university": cast.adnsu, "faculty": cast.oil}
    copies(first, crowd(cast, "adnsu", cast.oil, 5), **theirs)
    copies(first, crowd(cast, "broke", cast.oil, 1), **theirs, state=S.ENDED_EARLY)
    away = {"host": cast.other_company, "unit": cast.other_plant, "mentor": cast.mentor2}
    copies(first, crowd(cast, "azkabel", cast.energy, 6), **away)
    copies(first, crowd(cast, "adkabel", cast.oil, 2), **away, **theirs)
    Outcome.objects.bulk_create(
        Outcome(placement=one, kind=OutcomeKind.HIRED, decided_on=today(), decided_by=cast.hr.user)
        for one in here[:5]
    )
    actions.collect(KEYS)
    return cast


def number(key, *places):
    place = ":".join(str(one.pk) for one in places)
    found = Measure.objects.filter(indicator=key, year=YEAR, place=place).first()
    return found and (int(found.value), found.people, found.others)


def test_a_practice_counts_once_in_the_whole_and_once_for_each_side(world):
    c = world
    key = "internships.practices"
    assert [number(key), number(key, c.azerisiq), number(key, c.other_company)] == [
        (21, 21, 8), (13, 13, 0), (8, 8, 8),
    ]  # fmt: skip
    assert [number(key, c.aztu), number(key, c.adnsu)] == [(13, 13, 6), (8, 8, 2)]
    assert number(key, c.azerisiq, c.aztu) == number(key, c.aztu, c.azerisiq) == (7, 7, 0)
    assert number(key, c.other_company, c.adnsu) == (2, 2, 2)
    assert [number("internships.hired", c.aztu), number("internships.hired", c.adnsu)] == [(5, 5, 0), None]
    assert number("internships.completed") == (20, 20, 8)


def shown(client, url, **query):
    """What the page says of partners: name -> number, None where it is hidden."""
    answer = client.get(url, {"year": YEAR, **query})
    assert answer.status_code == 200, answer.content.decode()[:300]
    lines = [one["line"] for _label, rows in answer.context["tables"] for one in rows]
    now = answer.context["row"].now
    return {"": None if now.hidden else int(now.value)} | {
        line.organization.acronym or "Xəzər": None if line.cell.hidden else int(line.cell.value)
        for line in lines
    }


def test_the_operator_sees_all_but_few_people_of_others_and_nothing_that_gives_them_away(world, login):
    """Two of ADNSU are at the other company: ADNSU's number less what Azərişıq itself has would tell them."""
    client = login("partnerships")
    everything = shown(client, "/indicators/internships.practices/")
    assert everything == {"": 21, "Azərişıq": 13, "Xəzər": 8, "AzTU": None, "ADNSU": None}
    assert shown(client, "/indicators/internships.practices/", partner=world.adnsu.slug) == {"": None}
    own = shown(client, "/indicators/internships.practices/", place=world.azerisiq.slug)
    assert own == {"": 13, "AzTU": 7, "ADNSU": 6}


def test_everybody_else_reads_their_own_organisation_alone(world, login):
    url = "/indicators/internships.practices/"
    assert shown(login("hr2"), url) == {"": 8, "AzTU": 6, "ADNSU": 2}
    assert shown(login("rector"), url) == {"": 13, "Azərişıq": 7, "Xəzər": 6}
    assert shown(login("coordinator2"), url) == {"": 8, "Azərişıq": 6, "Xəzər": 2}
    refused = [
        login(who).get(url, query).status_code
        for who, query in [
            ("hr2", {"place": "all"}),
            ("hr2", {"place": world.azerisiq.slug}),
            ("rector", {"place": world.adnsu.slug}),
            ("hr2", {"partner": world.azerisiq.slug}),
            ("rector", {"partner": world.adnsu.slug}),
        ]
    ]
    assert refused == [404] * 5
    assert [login(who).get(url).status_code for who in ("student", "mentor", "supervisor", "expert")] == [
        403
    ] * 4
    other = login("hr2").get(url, {"year": "1999"})
    assert other.context["asked"].year == YEAR


def test_a_paper_that_leaves_the_house_tells_nothing_of_few(world, login):
    """The second company's two of ADNSU go, and AzTU's six with them: eight less six would be two."""
    client = login("hr2")
    assert shown(client, "/indicators/internships.practices/", edition="outside") == {
        "": 8, "AzTU": None, "ADNSU": None,
    }  # fmt: skip
    paper = client.get("/indicators/report.pdf", {"edition": "outside", "year": YEAR})
    assert (paper.status_code, paper["Content-Type"], paper.content[:5]) == (200, "application/pdf", b"%PDF-")
    own = client.get("/indicators/report.pdf", {"year": YEAR})
    assert own["Content-Disposition"] != paper["Content-Disposition"]  # saved, they have different names


def test_a_paper_for_outside_does_not_tell_the_operator_what_its_page_hides(world, login):
    """ADNSU has eight, Azərişıq knows of its six: a paper that said eight would say two."""
    client = login("partnerships")
    paper = shown(client, "/indicators/internships.practices/", edition="outside")
    assert paper == {"": 21, "Azərişıq": 13, "Xəzər": 8, "AzTU": None, "ADNSU": None}
    own = shown(login("coordinator2"), "/indicators/internships.practices/", edition="outside")
    assert own == {"": None, "Azərişıq": 6, "Xəzər": None}


def test_one_who_broke_off_is_not_told_by_the_number_of_those_who_did_not(world, login):
    found = shown(login("partnerships"), PAGE, edition="outside")
    assert found == {"": None, "Azərişıq": None, "Xəzər": 8, "AzTU": None, "ADNSU": None}


def test_the_records_behind_a_number_are_those_that_one_may_open(world, login):
    records = f"{PAGE}records/"
    counts = {
        who: len(login(who).get(records, {"year": YEAR}).context["rows"])
        for who in ("hr", "hr2", "rector", "coordinator", "partnerships")
    }
    # HR its company's, the coordinator the university's; leadership and the partnership read numbers.
    assert counts == {"hr": 12, "hr2": 8, "rector": 0, "coordinator": 13, "partnerships": 0}
    one = login("hr").get(records, {"year": YEAR, "partner": world.adnsu.slug})
    assert len(one.context["rows"]) == 5
    assert login("rector").get(PAGE, {"year": YEAR}).context["leads_down"] is False
    book = load_workbook(
        BytesIO(
            login("hr2")
            .get("/exports/indicators.records/", {"year": YEAR, "of": "internships.completed"})
            .getvalue()
        )
    )
    assert book.active.max_row == 9


def test_a_number_by_partner_is_taken_away_as_its_page_hides_it(world, login):
    query = {"year": YEAR, "of": "internships.practices", "format": "csv"}
    for who in ("hr2", "partnerships"):
        page = login(who).get("/indicators/internships.practices/", {"year": YEAR})
        shown = [
            (one["line"].organization.display_name, one["line"].cell.hidden)
            for _label, lines in page.context["tables"]
            for one in lines
        ]
        file = login(who).get("/exports/indicators.partners/", query).getvalue().decode("utf-8-sig")
        taken = [row.split(";") for row in file.splitlines()[1:]]
        assert [(row[0], row[2] in ("gizlədilib", "hidden")) for row in taken] == shown
    assert login("student").get("/exports/indicators.partners/", query).status_code in (403, 404)


def test_a_page_costs_the_same_at_few_partners_and_at_many(world, login):
    client = login("partnerships")
    pages = ["/indicators/", "/indicators/internships.practices/"]

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert {client.get(url, {"year": YEAR}).status_code for url in pages} == {200}
        return len(found)

    asked()
    few = asked()
    Measure.objects.filter(indicator="internships.practices", year=YEAR, place="").update(value=1234)
    found = [client.get(url, {"year": YEAR}).text for url in pages]
    assert ["<b>1\u202f234</b>" in page for page in found] == [True, True]
    assert ['class="years-chart' in page for page in found] == [True, True]
    more = [factories.university(f"Universitet {n}") for n in range(9)]
    Measure.objects.bulk_create(
        Measure(indicator=key, year=YEAR, place=str(one.pk), organization=one, value=9, people=9, others=9)
        for one in more
        for key in catalogue.indicators()
    )
    assert asked() == few


def test_every_indicator_is_counted_on_this_database(cast):
    """No data, every query: those that no other test asks for run here."""
    assert actions.collect_everything() >= 0
    assert {one.key.split(".")[0] for one in catalogue.indicators().values()} >= {
        "internships", "agreements", "ideas", "joining", "certificates", "bookings", "reviews", "research",
    }  # fmt: skip


def test_the_year_as_a_spreadsheet_is_what_the_page_shows(world, login):
    client = login("hr2")
    answer = client.get("/exports/indicators.year/", {"year": YEAR})
    rows = list(load_workbook(BytesIO(answer.getvalue())).active.values)
    keys = list(catalogue.indicators())
    line = rows[1 + keys.index("internships.practices")]
    assert line[7] == Decimal(8)


def test_what_students_say_grows_in_steps_in_the_numbers_of_the_cooperation_too(cast):
    first = makers.placement(cast)
    rows = [first, *copies(first, crowd(cast, "aztu", cast.energy, 10))]

    def said(placements, recommended):
        Evaluation.objects.bulk_create(
            Evaluation(
                placement=one,
                kind=EvaluationKind.STUDENT,
                state="submitted",
                recommended=recommended,
                given_at=timezone.now(),
            )
            for one in placements
        )
        actions.collect(["internships.satisfied"])
        return [number("internships.satisfied", *places) for places in ((), (cast.aztu,), (cast.azerisiq,))]

    assert said(rows[:4], True) == [(100, 4, 0)] * 3  # few: kept as it is, shown to nobody
    assert said(rows[4:5], True) == [(100, 5, 0)] * 3
    assert said(rows[5:6], False) == [(100, 5, 0)] * 3
    assert said(rows[6:9], False) == [(100, 5, 0)] * 3
    assert said(rows[9:10], False) == [(50, 10, 0)] * 3
    assert said(rows[10:11], False) == [(50, 10, 0)] * 3
