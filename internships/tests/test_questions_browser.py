"""Questions in a real browser: counted as on the server, asked by what was answered, saved as typed."""

import pytest

from internships import actions
from internships.models import Application
from internships.tests import makers
from internships.tests.test_questions import YES_NO, ask
from internships.tests.test_story import faults
from partnerships.accounts.actions import agree, publish_first_text
from partnerships.accounts.models import ConsentText
from partnerships.calls.models import Answer
from partnerships.calls.tests.vectors import VECTORS
from partnerships.testing.cast import build
from partnerships.testing.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNTED = "texts => texts.map(text => [window.portalCount.characters(text), window.portalCount.words(text)])"


def test_a_student_is_counted_asked_and_saved_as_the_server_would(live_server, page, transactional_db):
    cast = build()
    publish_first_text()
    agree(cast.user("student"), ConsentText.objects.get())
    made = makers.programme(cast)
    room = ask(cast, made, "Yataqxana lazımdır?", "choice", choices=YES_NO, required=True)
    since = ask(cast, made, "Hansı gündən?", "date", shown_if=room, shown_values=["yes"], required=True)
    words = ask(cast, made, "Üç sözlə", "long", longest=3, limit_unit="words")
    actions.start_application(makers.vacancy(made), actor=cast.user("student"))
    heard: list[str] = []
    page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("input[name=login]", cast.student.email)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("form[action*=login] button[type=submit]")
    page.goto(f"{live_server.url}/internships/applications/{Application.objects.get().uid}/edit/")
    assert page.evaluate(COUNTED, [text for text, *_counts in VECTORS]) == [
        list(counts) for _text, *counts in VECTORS
    ]
    assert not page.locator(f"#{since.name}").is_visible()
    page.get_by_label("Bəli").check()
    assert page.locator(f"#{since.name}").is_visible()
    with page.expect_response("**/edit/save/"):
        page.fill(f"#id_{words.name}", "bir – iki üç dörd")
    counter = page.locator(f"#{words.name} .count-left")
    assert (counter.inner_text(), "over" in counter.get_attribute("class")) == ("4 / 3 söz", True)
    assert sorted(Answer.objects.values_list("value", flat=True)) == ["bir – iki üç dörd", "yes"]
    with page.expect_response("**/edit/save/"):
        page.get_by_label("Xeyr").check()
    assert not page.locator(f"#{since.name}").is_visible()
    for width in (1360, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(page) == []
    assert heard == []
    page.focus("#id_motivation")
    page.keyboard.insert_text("👍" * 2001)  # nothing of what is pasted is cut off
    counter = page.locator("#id_motivation ~ .count-left")
    assert (counter.inner_text(), "over" in counter.get_attribute("class")) == ("2001 / 2000", True)
