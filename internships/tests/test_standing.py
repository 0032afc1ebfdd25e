"""Practices stand under the framework agreement of their university and company."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from internships import actions
from internships.models import Placement
from internships.tests import makers
from internships.workflow import APPLICATION
from partnerships.agreements import actions as agreements
from partnerships.agreements.brought import lines_of
from partnerships.agreements.given import given_by
from partnerships.agreements.models import Agreement, Obligation
from partnerships.agreements.printing import given_pdf
from partnerships.agreements.standing import asleep, standing_under, uncovered_lines
from partnerships.agreements.tests import makers as made
from partnerships.common.refusals import Blocked

pytestmark = pytest.mark.usefixtures("before_the_summer")

DAY = timedelta(days=1)


def test_no_place_is_offered_without_a_framework_that_holds_on_its_first_day(cast, settings):
    settings.PLACEMENT_NEEDS_FRAMEWORK = True
    hr = cast.user("hr")
    application = makers.again(makers.endorsed(cast, makers.programme(cast)))
    other = next(item for item in APPLICATION.available(application, hr) if item.name == "offer")
    with pytest.raises(Blocked) as none:
        actions.offer(application, actor=hr)
    short = made.in_force(cast, ends=makers.STARTS - DAY)
    with pytest.raises(Blocked) as ended:
        actions.offer(makers.again(application), actor=hr)
    assert [other.refusal.code, none.value.refusal.code, ended.value.refusal.code] == ["no_framework"] * 3
    assert "15 iyun" in str(ended.value.refusal.reason) or "15 June" in str(ended.value.refusal.reason)
    assert "əməkdaşlıq üzrə menecer" in str(ended.value.refusal.reason)
    longer = agreements.send(agreements.amend(short, actor=hr, endless=True), actor=hr)
    framework = made.signed_by(cast, made.signed_by(cast, longer, "coordinator"), "hr")
    offered = actions.offer(makers.again(application), actor=hr)
    actions.accept(offered, actor=cast.user("student"))
    assert Placement.objects.get().agreement == framework


def test_an_offer_is_not_accepted_once_the_framework_is_gone_and_one_for_others_does_not_count(
    cast, settings
):
    hr = cast.user("hr")
    framework = made.in_force(cast, ends=None)
    offered = makers.offered(cast, makers.programme(cast))
    settings.PLACEMENT_NEEDS_FRAMEWORK = True
    Agreement.objects.filter(pk=framework.pk).update(directions=["events"])
    with pytest.raises(Blocked) as narrow:
        actions.accept(makers.again(offered), actor=cast.user("student"))
    agreements.terminate(framework, actor=hr, note="bitdi")
    with pytest.raises(Blocked) as gone:
        actions.accept(makers.again(offered), actor=cast.user("student"))
    assert [narrow.value.refusal.code, gone.value.refusal.code] == ["no_framework"] * 2
    assert Placement.objects.count() == 0


def test_what_runs_past_the_end_is_counted_for_its_readers_and_named_to_who_sees_it(cast, login):
    framework = made.in_force(cast, ends=makers.STARTS + 5 * DAY)
    placement = makers.placement(cast)
    seen = {
        name: [(one.running, one.past, [line.title for line in one.lines]) for one in rows]
        for name in ("hr", "coordinator", "rector", "partnerships")
        for rows in [standing_under(framework, cast.user(name))]
    }
    named = [(1, 1, [placement.person.name])]
    counted = [(1, 1, [])]
    assert seen == {"hr": named, "coordinator": named, "rector": counted, "partnerships": counted}
    assert login("coordinator2").get(framework.get_absolute_url()).status_code == 404


def test_an_amendment_counts_what_stands_under_its_first_and_without_a_last_day_nothing_runs_past_it(cast):
    framework = made.in_force(cast, ends=makers.STARTS + 5 * DAY)
    makers.placement(cast)
    endless = agreements.amend(framework, actor=cast.user("hr"), endless=True)
    counted = {
        one.kind: [(it.running, it.past) for it in standing_under(made.again(one), cast.user("rector"))]
        for one in (framework, endless)
    }
    assert counted == {"framework": [(1, 1)], "amendment": [(1, 0)]}


def test_activity_without_an_agreement_and_agreements_without_activity_are_lists(cast, login):
    bare = makers.placement(cast)
    lines = {name: uncovered_lines(cast.user(name)) for name in ("hr", "coordinator", "coordinator2")}
    assert [line.title for line in lines["hr"][0][2]] == [bare.person.name]
    assert (len(lines["coordinator"]), lines["coordinator2"]) == (1, [])
    framework = made.in_force(cast, ends=None)
    Placement.objects.update(agreement=framework)
    assert uncovered_lines(cast.user("hr")) == []
    Agreement.objects.update(in_force_since=framework.in_force_since - 400 * DAY)
    used = list(asleep(cast.user("hr")))
    Placement.objects.update(agreement=None)
    unused = {name: list(asleep(cast.user(name))) for name in ("hr", "coordinator", "coordinator2", "hr2")}
    assert (used, unused) == (
        [],
        {"hr": [framework], "coordinator": [framework], "coordinator2": [], "hr2": []},
    )
    page = login("coordinator").get("/agreements/gaps/").content.decode()
    assert bare.person.name in page
    assert "Tərəflər arasında saziş bağlayın" in page
    assert framework.number in page
    assert "davam edib-etməyəcəyinə qərar verin" in page
    assert framework.number not in login("coordinator2").get("/agreements/gaps/").content.decode()
    assert framework.get_absolute_url() in login("rector").get("/agreements/timeline/").content.decode()
    assert framework.get_absolute_url() not in login("hr2").get("/agreements/timeline/").content.decode()


def test_what_an_agreement_gave_is_promised_against_done_on_a_page_and_on_one_sheet(cast, login):
    framework = made.in_force(cast, ends=None)
    placement = makers.placement(cast)
    Placement.objects.filter(pk=placement.pk).update(state="assessed")
    for what, figure, amount in (("Təcrübə yerləri", "internships.places", 4), ("Dərslik", "", 2)):
        agreements.add_obligation(
            framework,
            actor=cast.user("hr"),
            party=framework.in_order[1],
            what_az=what,
            figure=figure,
            amount=amount,
            due=framework.starts - DAY,
        )
    found = given_by(made.again(framework))
    rows = [(str(row.label), row.promised, row.done, row.share) for row in found.rows]
    assert [row[1:] for row in rows] == [(4, 1, 25), (None, 1, None), (2, 0, 0)]
    assert (found.of, found.fulfilled, len(found.late)) == (2, 0, 2)
    page = f"/agreements/{framework.uid}/given/"
    assert login("coordinator2").get(page).status_code == 404
    assert "Təcrübə yerləri" in login("rector").get(page).content.decode()
    pages = [
        len(PdfReader(BytesIO(given_pdf(made.again(framework), language))).pages) for language in ("az", "en")
    ]
    assert pages == [1, 1]


def test_much_with_long_names_stays_on_one_sheet_that_says_how_much_it_leaves_out(cast):
    framework = made.in_force(cast, ends=None)
    for number in range(12):
        agreements.add_obligation(
            framework,
            actor=cast.user("hr"),
            party=framework.in_order[number % 2],
            what_az=f"{number}. Birgə laboratoriyanın təchiz edilməsi, istismara verilməsi " * 4,
            figure="",
            amount=number % 4 or None,
            due=framework.starts - DAY,
        )
    for language, said in (("az", "Vərəqə sığmayan: "), ("en", "Not on this sheet: ")):
        sheets = PdfReader(BytesIO(given_pdf(made.again(framework), language))).pages
        assert (len(sheets), said in sheets[0].extract_text()) == (1, True)


def test_the_list_of_what_is_owed_tells_what_the_portal_counts_by_as_many_queries_for_all(
    cast, login, django_assert_num_queries
):
    one, other = (made.in_force(cast, ends=None) for _n in range(2))
    placement = makers.placement(cast)
    Placement.objects.filter(pk=placement.pk).update(agreement=one)
    for agreement, figure, amount in ((one, "places", 1), (one, "hired", 2), (other, "places", 3)):
        agreements.add_obligation(
            agreement,
            actor=cast.user("hr"),
            party=agreement.in_order[1],
            what_az="Təcrübə",
            figure=f"internships.{figure}",
            amount=amount,
            due=agreement.starts - DAY,
        )
    rows = list(Obligation.objects.with_rows())
    for shown in (rows[:1], rows):
        with django_assert_num_queries(3):  # the agreements of their chains, practices, programmes
            lines = lines_of(shown)
    assert [(line.done, line.finished, line.late) for line in lines] == [
        (1, True, False),
        (0, False, True),
        (0, False, True),
    ]
    answer = login("rector").get("/exports/agreements.obligations/", {"format": "csv"})
    table = [line.split(";")[-4:] for line in b"".join(answer.streaming_content).decode().splitlines()]
    assert sorted(row[:2] for row in table[1:]) == [["1", "1"], ["2", "0"], ["3", "0"]], table
    # Row, filter and home tell the same: what the portal has counted in full is fulfilled, the rest is late.
    pills = {
        show: {row.pk for row in login("hr").get("/agreements/obligations/", {"show": show}).context["rows"]}
        for show in ("done", "late", "open")
    }
    met, *late = (row.pk for row in rows)
    assert pills == {"done": {met}, "late": set(late), "open": set(late)}
    todos = login("hr").get("/home/").context["todos"]
    assert [todo.count for todo in todos if todo.title == "Gecikir: Təcrübə"] == [1, 1]
