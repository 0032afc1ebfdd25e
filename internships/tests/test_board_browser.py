"""The board in a real browser: moved by hand and by keys, heard and seen, on a desk and on a phone."""

import pytest

from internships import actions
from internships.enums import ApplicationState as A
from internships.tests import makers
from internships.tests.test_story import faults
from partnerships.accounts.actions import agree, publish_first_text
from partnerships.accounts.models import ConsentText
from partnerships.testing.cast import build
from partnerships.testing.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1360, "height": 900}


@pytest.fixture
def board(live_server, page, transactional_db):
    """The cast, two candidates to decide on, and human resources at the board; the console is listened to."""
    cast = build()
    publish_first_text()
    agree(cast.user("hr"), ConsentText.objects.get())
    made = makers.programme(cast, seats=2)
    first, second = makers.endorsed(cast, made, "student"), makers.endorsed(cast, made, "colleague")
    heard: list[str] = []
    page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("input[name=login]", cast.hr.email)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("form[action*=login] button[type=submit]")
    page.goto(f"{live_server.url}/internships/applications/board/?programme={made.slug}")
    yield page, cast, first, second
    # A move that is refused answers 409, which the browser writes down of its own accord.
    assert [line for line in heard if "409" not in line] == []


def said(page):
    return page.locator("#board-said").inner_text()


def card(page, application):
    return page.locator(f'[data-card="{application.uid}"]')


def drag(page, application, lane):
    start, end = card(page, application).bounding_box(), page.locator(f"[data-lane={lane}] ul").bounding_box()
    page.mouse.move(start["x"] + 40, start["y"] + 70)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 80, steps=4)
    page.mouse.move(end["x"] + 60, end["y"] + 60, steps=12)
    page.mouse.up()


def clean(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []


def test_a_card_is_dragged_where_the_table_allows_and_nowhere_else(board):
    page, _cast, first, second = board
    drag(page, first, "accepted")
    assert "Nigar Məmmədova" in said(page)
    assert page.locator("[data-lane=in_review] [data-card]").count() == 2
    with page.expect_response("**/move/"):
        drag(page, first, "waitlisted")
    page.locator("[data-lane=waitlisted] [data-card]").wait_for()
    assert makers.again(first).state == A.WAITLISTED
    assert "Nigar Məmmədova" in said(page)
    with page.expect_navigation(url="**/offer/**"):
        drag(page, second, "offered")
    assert makers.again(second).state == A.IN_REVIEW


def test_a_card_is_moved_by_keys_alone_and_each_step_is_told(board):
    page, _cast, first, _second = board
    grip = card(page, first).locator("[data-grip]")
    grip.focus()
    page.keyboard.press("Enter")
    assert grip.get_attribute("aria-pressed") == "true"
    told = [said(page)]
    for _step in range(2):
        page.keyboard.press("ArrowRight")
        told.append(said(page))
    page.keyboard.press("Escape")
    assert (grip.get_attribute("aria-pressed"), len(set(told))) == ("false", 3)
    assert makers.again(first).state == A.IN_REVIEW
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    with page.expect_response("**/move/"):
        page.keyboard.press("Enter")
    page.locator(f'[data-lane=waitlisted] [data-card="{first.uid}"]').wait_for()
    page.wait_for_function(f"document.activeElement.id === 'grip-{first.uid}'")
    assert makers.again(first).state == A.WAITLISTED


def test_of_two_at_once_the_slower_is_told(board):
    page, cast, first, _second = board
    actions.refuse(first, actor=cast.user("hr"), code="stronger", note="Bu dəfə yox.")
    with page.expect_response("**/move/") as answer:
        drag(page, first, "waitlisted")
    assert answer.value.status == 409
    page.locator(f'[data-lane=ended] [data-card="{first.uid}"]').wait_for()
    assert "Leyla Rəhimova" in said(page)
    assert makers.again(first).state == A.REFUSED


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_with_a_menu_open_and_nothing_is_too_wide(board, size):
    page, _cast, first, _second = board
    page.set_viewport_size(size)
    clean(page, size["width"])
    card(page, first).locator("summary").click()
    clean(page, size["width"])
    card(page, first).locator("button[value=ended]").click()
    page.wait_for_url("**/refuse/**")
