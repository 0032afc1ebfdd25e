"""A connection that is lost while a student writes: nothing typed is lost, whichever way she comes back."""

import re

import pytest
from playwright.sync_api import expect

from internships.tests import makers
from partnerships.accounts.actions import agree, publish_first_text
from partnerships.accounts.models import ConsentText
from partnerships.testing.cast import build
from partnerships.testing.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPED = "Yarımstansiyanı yerində görmək istəyirəm."


@pytest.fixture
def student(live_server, browser):
    """A student on a phone, in her draft."""
    cast = build()
    publish_first_text()
    agree(cast.student.user, ConsentText.objects.get())
    draft = makers.draft(cast, makers.programme(cast))
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=live_server.url)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", cast.student.email)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("form[action*=login] button[type=submit]")
    page.goto(f"/internships/applications/{draft.uid}/edit/")
    yield page
    context.close()


def test_a_button_pressed_without_a_connection_leaves_the_student_in_the_form(student):
    address = student.url
    student.context.set_offline(True)
    student.fill("textarea[name=motivation]", TYPED)
    student.click("button[name=do][value=check]")
    expect(student.locator("[data-autosave-status]")).to_have_class("save-line warn")
    assert (student.url, student.input_value("textarea[name=motivation]")) == (address, TYPED)
    student.context.set_offline(False)
    student.click("button[name=do][value=check]")
    expect(student.locator("main")).to_contain_text(TYPED)
    assert "/check/" in student.url


def test_text_that_never_arrived_is_back_in_the_form_after_another_page_was_opened(student):
    """The browser believes in its connection, the request fails, and the student returns by the list."""
    address = student.url
    student.route("**/edit/**", lambda route: route.abort())
    student.route("**/autosave/**", lambda route: route.abort())
    student.fill("textarea[name=motivation]", TYPED)
    student.click("button[name=do][value=check]")
    student.wait_for_url("chrome-error://**")
    student.unroute("**/edit/**")
    student.unroute("**/autosave/**")
    student.goto("/internships/mine/")
    student.goto(address)
    expect(student.locator("textarea[name=motivation]")).to_have_value(TYPED)


def test_what_was_sent_is_forgotten_on_the_device(student):
    student.fill("textarea[name=motivation]", TYPED)
    student.click("button[name=do][value=check]")
    student.wait_for_url("**/check/**")
    assert student.evaluate("Object.keys(localStorage).filter(key => key.startsWith('portal:')).length") == 0


def test_that_what_was_typed_is_back_stays_told_until_the_student_types_on(student):
    address, line = student.url, student.locator("[data-autosave-status]")
    student.route("**/edit/save/", lambda route: route.abort())
    student.fill("textarea[name=motivation]", TYPED)
    expect(line).to_have_class("save-line warn")
    student.unroute("**/edit/save/")
    student.goto(address)
    expect(line).to_have_text(re.compile(r"^Yazdıqlarınız geri qaytarıldı · .*\d\d:\d\d"))
    student.fill("textarea[name=motivation]", f"{TYPED} Təcrübə üçün.")
    expect(line).to_have_text(re.compile(r"^(?!Yazdıqlarınız).*\d\d:\d\d"))
