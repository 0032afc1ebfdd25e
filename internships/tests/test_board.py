"""The board: whose cards stand in which column, where they can go, and what it costs."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from internships import actions, api_rows, board, worklists
from internships.enums import ApplicationState as A
from internships.models import Application, Choice
from internships.tests import makers
from internships.views.board_cards import cards_of, steps_of
from internships.views.worklist import Desk
from internships.workflow import APPLICATION
from partnerships.agreements.models import Agreement
from partnerships.agreements.tests import makers as agreements
from partnerships.common.clock import today
from partnerships.common.templatetags.figures import grouped
from partnerships.directory.models import Person
from partnerships.testing.factories import settled
from partnerships.workflow.models import Change

pytestmark = pytest.mark.django_db
BOARD = reverse("internships:board")


@pytest.fixture(autouse=True)
def _no_leftovers():
    cache.clear()


@pytest.fixture
def summer(cast):
    return makers.programme(cast, seats=2)


def cards(response):
    """Names by column, empty columns left out."""
    return {
        column.lane.key: [card.application.person.name for card in column.cards]
        for column in response.context["columns"]
        if column.cards
    }


def steps(response, application):
    for column in response.context["columns"]:
        for card in column.cards:
            if card.application == application:
                return {step.to: (step.verb, step.asks, bool(step.why)) for step in card.steps}
    return None


def move(client, application, to, *, seen=None, **extra):
    values = {"to": to, "seen": application.version if seen is None else seen}
    return client.post(reverse("internships:board_move", args=[application.uid]), values, **extra)


# Who sees what --------------------------------------------------------------------------------------


def test_the_filters_of_the_board_do_not_stand_in_the_portals_search(cast, login, summer):
    page = login("hr").get(BOARD, {"programme": summer.slug, "q": "Nigar"}).content.decode()
    field, _end, _rest = page.partition('name="q"')[2].partition(">")
    assert 'value=""' in field


def test_human_resources_see_their_candidates_by_stage(cast, login, summer):
    makers.offered(cast, summer, "student")
    makers.waitlisted(cast, summer, "colleague")
    makers.endorsed(cast, summer, "student2")
    page = login("hr").get(BOARD)
    assert cards(page) == {
        "in_review": ["Elnur Qarabağlı"],
        "waitlisted": ["Kənan Əhmədli"],
        "offered": ["Nigar Məmmədova"],
    }
    assert [column.part.count for column in page.context["columns"]] == [1, 0, 1, 1, 0, 0]


def test_what_has_not_reached_the_company_and_what_is_anothers_is_not_there(cast, login, summer):
    makers.endorsed(cast, summer, "student")
    makers.sent(cast, summer, "colleague")
    theirs = makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Kabel")
    makers.endorsed(cast, theirs, "student2")
    page = login("hr").get(BOARD)
    assert cards(page) == {"in_review": ["Nigar Məmmədova"]}
    assert "Kənan" not in page.content.decode()
    assert login("hr").get(BOARD, {"programme": theirs.slug}).status_code == 404
    assert cards(login("hr2").get(BOARD)) == {"in_review": ["Elnur Qarabağlı"]}


@pytest.mark.parametrize("who", ["student", "coordinator", "mentor", "supervisor", "admin", "stranger"])
def test_nobody_else_has_a_board(cast, login, summer, who):
    makers.endorsed(cast, summer, "student")
    assert login(who).get(BOARD).status_code == 403


def test_the_board_can_be_narrowed_as_the_list(cast, login, summer):
    makers.endorsed(cast, summer, "student")
    makers.endorsed(cast, summer, "student2")
    page = login("hr").get(BOARD, {"q": "qarabagli"})
    assert cards(page) == {"in_review": ["Elnur Qarabağlı"]}
    assert page.context["columns"][0].part.count == 1


def test_an_empty_board_says_what_would_be_here(cast, login, summer, english):
    assert "No applications yet" in login("hr").get(BOARD).content.decode()


# Where a card can go --------------------------------------------------------------------------------


def test_steps_are_the_verbs_of_the_table(cast, login, summer):
    application = makers.endorsed(cast, summer)
    assert steps(login("hr").get(BOARD), application) == {
        "interview": ("invite", True, False),
        "waitlisted": ("waitlist", False, False),
        "offered": ("offer", True, False),
        "ended": ("refuse", True, False),
    }
    actions.refuse(application, actor=cast.user("hr"), code="stronger", note="Bu dəfə yox.")
    assert steps(login("hr").get(BOARD), application) == {"in_review": ("reconsider", True, False)}


def test_a_blocked_step_is_drawn_with_its_reason(cast, login, english):
    one = makers.programme(cast, seats=1)
    makers.offered(cast, one, "student")
    second = makers.endorsed(cast, one, "colleague")
    page = login("hr").get(BOARD)
    assert steps(page, second)["offered"] == ("offer", True, True)
    assert "No seat is left here." in page.content.decode()


def test_what_needs_nothing_more_is_done_and_recorded(cast, login, summer):
    application = makers.endorsed(cast, summer)
    answer = move(login("hr"), application, "waitlisted")
    assert (answer.status_code, answer["Location"]) == (302, f"{BOARD}?programme={summer.slug}")
    assert makers.again(application).state == A.WAITLISTED


@pytest.mark.parametrize(("to", "verb"), [("offered", "offer"), ("ended", "refuse"), ("interview", "invite")])
def test_what_needs_a_place_a_time_or_a_reason_leads_to_its_page(cast, login, summer, to, verb):
    application = makers.endorsed(cast, summer)
    hr = login("hr")
    answer = move(hr, application, to)
    assert answer.status_code == 302
    assert verb in answer["Location"]
    page = hr.get(answer["Location"])
    assert (page.status_code, page.context["back"]) == (200, f"{BOARD}?programme={summer.slug}")
    assert makers.again(application).state == A.IN_REVIEW


def test_after_the_page_of_the_verb_one_is_back_on_the_board(cast, login, summer):
    application, hr = makers.endorsed(cast, summer), login("hr")
    url = move(hr, application, "ended")["Location"]
    values = {"code": "stronger", "note": "Bu dəfə yox.", "seen": application.version}
    answer = hr.post(url, {**values, "back": f"{BOARD}?programme={summer.slug}"})
    assert (answer.status_code, answer["Location"]) == (302, f"{BOARD}?programme={summer.slug}")
    assert cards(hr.get(BOARD)) == {"ended": ["Nigar Məmmədova"]}


def test_by_script_the_board_is_drawn_anew_or_one_is_led_on(cast, login, summer, english):
    application, hr = makers.endorsed(cast, summer), login("hr")
    led = move(hr, application, "offered", headers={"HX-Request": "true"})
    assert (led.status_code, "offer" in led["HX-Redirect"]) == (204, True)
    drawn = move(hr, application, "waitlisted", headers={"HX-Request": "true"})
    assert (drawn.status_code, drawn.context["said"].kind) == (200, "success")
    assert cards(drawn) == {"waitlisted": ["Nigar Məmmədova"]}
    assert drawn.context["said"].text == "Put on the waiting list: Nigar Məmmədova"


def test_a_card_that_somebody_moved_meanwhile_stays_where_they_put_it(cast, login, summer, english):
    application, hr = makers.endorsed(cast, summer), login("hr")
    actions.refuse(application, actor=cast.user("hr"), code="stronger", note="Bu dəfə yox.")
    answer = move(hr, application, "waitlisted", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "decided meanwhile by Leyla Rəhimova" in answer.context["said"].text
    assert cards(answer) == {"ended": ["Nigar Məmmədova"]}
    assert makers.again(application).state == A.REFUSED


def test_the_page_of_a_verb_opened_from_an_old_board_tells_so_and_leads_back(cast, login, summer):
    application, hr = makers.endorsed(cast, summer), login("hr")
    url = move(hr, application, "ended")["Location"]
    actions.waitlist(application, actor=cast.user("hr"))
    answer = hr.get(url)
    assert (answer.status_code, answer["Location"]) == (302, f"{BOARD}?programme={summer.slug}")


def test_a_second_click_moves_nothing(cast, login, summer):
    application, hr = makers.endorsed(cast, summer), login("hr")
    move(hr, application, "waitlisted")
    move(hr, application, "waitlisted")
    assert Change.objects.of(application).filter(verb="waitlist").count() == 1
    assert makers.again(application).version == application.version + 1


def test_there_is_no_way_that_the_table_does_not_know(cast, login, summer, english):
    application, hr = makers.endorsed(cast, summer), login("hr")
    answer = move(hr, application, "accepted", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert (
        answer.context["said"].text
        == "Nigar Məmmədova: there is no step from “Decision awaited” to “Offer accepted”."
    )
    assert makers.again(application).state == A.IN_REVIEW
    assert move(hr, application, "draft").status_code == 400


def test_a_blocked_move_says_why_and_does_nothing(cast, login, english):
    one = makers.programme(cast, seats=1)
    makers.offered(cast, one, "student")
    second = makers.endorsed(cast, one, "colleague")
    answer = move(login("hr"), second, "offered", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.context["said"].text) == (409, "Kənan Əhmədli: No seat is left here.")
    assert makers.again(second).state == A.IN_REVIEW


def test_an_interview_leads_back_to_the_decision_by_being_written_up(cast, login, summer):
    application = makers.endorsed(cast, summer)
    starts = timezone.now() + timedelta(days=3)
    talk = actions.invite(
        application,
        actor=cast.user("hr"),
        interviewer=cast.hr,
        starts=starts,
        ends=starts + timedelta(hours=1),
        place="Otaq 4",
    )
    answer = move(login("hr"), makers.again(application), "in_review")
    assert answer["Location"] == reverse("internships:interview", args=[talk.uid, "hold"])


@pytest.mark.parametrize(
    ("who", "status"),
    [("hr2", 404), ("student2", 404), ("coordinator2", 404), ("student", 403), ("coordinator", 403)],
)
def test_others_cannot_move_a_card(cast, login, summer, who, status):
    application = makers.endorsed(cast, summer)
    assert move(login(who), application, "waitlisted").status_code == status
    assert makers.again(application).state == A.IN_REVIEW


# What it costs --------------------------------------------------------------------------------------


def crowd(cast, made, count, start=0):
    """So many endorsed applications, in bulk."""
    people = Person.objects.bulk_create(
        Person(given_name=f"Ad{number:05d}", family_name="Soyad") for number in range(start, start + count)
    )
    now, place, belongs = timezone.now(), makers.vacancy(made), cast.affiliation("student")
    rows = Application.objects.bulk_create(
        Application(
            programme=made,
            person=person,
            university=cast.aztu,
            unit=cast.energy,
            affiliation=belongs,
            state=A.IN_REVIEW if number % 3 else A.WAITLISTED,
            number=f"INT-X-{number}",
            submitted_at=now,
            reached_company_at=now,
        )
        for number, person in enumerate(people, start)
    )
    Choice.objects.bulk_create(Choice(application=row, vacancy=place, rank=1) for row in rows)
    settled()


@pytest.mark.wide
def test_the_board_costs_the_same_queries_at_ten_and_at_ten_thousand(
    cast, login, summer, django_assert_max_num_queries
):
    crowd(cast, summer, 10)
    hr = login("hr")
    hr.get(BOARD)
    with django_assert_max_num_queries(40) as few:
        hr.get(BOARD)
    crowd(cast, summer, 9_990, start=10)
    cache.clear()
    hr.get(BOARD)
    with django_assert_max_num_queries(40) as many:
        page = hr.get(BOARD)
    assert len(many) == len(few) <= 12
    shown = {column.lane.key: (column.counted, len(column.cards)) for column in page.context["columns"]}
    assert shown["in_review"] == shown["waitlisted"] == (f"{grouped(1000)}+", board.GLANCE)
    last = hr.get(BOARD, {"page_waitlisted": "9999"}).context["columns"][2]
    assert (last.part.page, len(last.cards), last.after) == (167, 3_334 % board.SIZE, "")


def test_a_glance_at_each_column_and_pages_of_the_one_of_which_more_is_asked(cast, login, summer):
    crowd(cast, summer, 75)
    hr = login("hr")
    glance = hr.get(BOARD)
    first, second = (hr.get(BOARD, {"page_in_review": page}) for page in ("1", "2"))
    short, there, then = cards(glance), cards(first), cards(second)
    assert len(short["in_review"]) == len(short["waitlisted"]) == board.GLANCE
    assert short["in_review"] == there["in_review"][: board.GLANCE]
    assert len(there["in_review"]) == len(then["in_review"]) == board.SIZE
    assert set(there["in_review"]) & set(then["in_review"]) == set()
    assert short["waitlisted"] == there["waitlisted"] == then["waitlisted"]
    assert glance.context["columns"][0].more == "?page_in_review=1#lane-in_review"
    assert (first.context["columns"][0].before, second.context["columns"][0].after) == (
        "",
        "?page_in_review=3#lane-in_review",
    )
    last = hr.get(BOARD, {"page_in_review": "99"})
    assert len(cards(last)["in_review"]) == 50 - 2 * board.SIZE
    assert last.context["columns"][0].part.page == 3


def test_cards_are_found_as_the_plain_query_orders_them(cast, login, summer):
    crowd(cast, summer, 30)
    for number, row in enumerate(Application.objects.order_by("pk")):
        row.score = None if number % 7 == 0 else number % 5
        row.save(update_fields=["score"])
    rows = worklists.working_rows(cast.user("hr")).filter(programme=summer)
    parts = board.parts_of(rows, {"in_review": 1})
    read = board.parts_of(rows, {"in_review": 1}, narrowed=True)
    assert read == parts == board.parts_of(board.standing_in(cast.user("hr"), summer.pk), {"in_review": 1})
    for lane in board.LANES.values():
        plain = list(
            rows.filter(state__in=lane.states).order_by(F("score").desc(nulls_last=True), F("pk").asc())
        )
        most = board.SIZE if lane.key == "in_review" else board.GLANCE
        assert (parts[lane.key].count, parts[lane.key].cards) == (len(plain), plain[:most])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="elsewhere all of them are gone through")
def test_what_is_known_to_be_long_is_not_counted_again(cast, login, summer):
    crowd(cast, summer, 30)
    rows, counts = board.standing_in(cast.user("hr"), summer.pk), {}
    whole = board.parts_of(rows, {}, counts=counts)
    assert (counts[A.IN_REVIEW], whole["in_review"].count) == ((20, False), 20)
    parts = board.parts_of(rows, {}, long={A.IN_REVIEW.value, A.REFUSED.value}, counts=(again := {}))
    assert (parts["in_review"].count, parts["in_review"].more) == (board.CAP, True)
    assert parts["in_review"].cards == whole["in_review"].cards
    assert (parts["ended"].count, parts["ended"].more) == (board.CAP, True)
    assert again == {**counts, A.IN_REVIEW: (board.CAP, True), A.REFUSED: (board.CAP, True)}
    assert all(parts[lane] == whole[lane] for lane in ("interview", "waitlisted", "offered", "accepted"))


def test_a_card_is_read_as_the_api_reads_its_row(cast, summer, settings):
    settings.PLACEMENT_NEEDS_FRAMEWORK = True
    one = makers.endorsed(cast, summer)
    user = cast.user("hr")

    def offers(row):
        return {
            offer.name: offer.refusal and str(offer.refusal.reason)
            for offer in APPLICATION.available(row, user)
            if offer.name in board.VERBS
        }

    def read():
        plain = api_rows.filled(list(api_rows.found(Application.objects.filter(pk=one.pk))))[0]
        (card,) = board.read([one.pk])
        assert card.programme.call.has_chain
        assert card.programme.call.chain == plain.programme.call.chain != {}
        return offers(card), offers(plain)

    without, plain = read()
    assert without == plain
    assert without["offer"]
    framework = agreements.in_force(cast, ends=today() + timedelta(days=9))
    for ends in (today() - timedelta(days=1), today(), None):
        if ends is None:
            agreements.in_force(cast, ends=None)
        else:
            starts = ends - timedelta(days=30)
            Agreement.objects.filter(pk=framework.pk).update(starts=starts, ends=ends)
        known, plain = read()
        assert known == plain
        assert bool(known["offer"]) is (ends is not None and ends < today())


def test_a_board_offers_what_each_card_is_offered_by_itself(cast, summer):
    rows = [makers.endorsed(cast, summer), makers.offered(cast, summer, "colleague")]
    cards = board.read([row.pk for row in rows])
    for name in ("hr", "hr2", "student", "coordinator"):
        user = cast.user(name)
        desk = Desk(user, summer, company=True, university=False, state="")
        offered = [[step.verb for step in steps_of(card, user)] for card in cards]
        assert [[step.verb for step in card.steps] for card in cards_of(cards, user, desk.decides)] == offered
        assert any(offered) is (name == "hr"), name
    user = cast.user("hr")
    Application.objects.filter(pk=rows[0].pk).update(person=cast.hr)  # nobody decides on themselves
    mine, other = board.read([row.pk for row in rows])
    desk = Desk(user, summer, company=True, university=False, state="")
    assert [bool(card.steps) for card in cards_of([mine, other], user, desk.decides)] == [False, True]
