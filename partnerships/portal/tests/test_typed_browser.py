"""A form that is refused because the session has ended shows in words what was chosen in it."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from partnerships.testing.cast import build
from partnerships.testing.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_was_chosen_is_shown_by_its_label_when_the_session_has_ended(page: Page) -> None:
    cast = build()
    page.goto("/accounts/login/")
    page.fill("#id_login", cast.user("hr").email)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/home/")
    page.goto(reverse("ideas:note"))
    page.focus("[name=text]")
    page.keyboard.insert_text("ə" * 4001)  # nothing of what is pasted is cut off
    expect(page.locator("#id_text ~ .count-left")).to_have_text("4001 / 4000")
    page.fill("[name=text]", "")
    page.fill("[name=title]", "1200 sayğac")
    page.select_option("[name=partner]", str(cast.aztu.pk))
    page.fill("[name=next_step]", "12")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.click("main form .btn-primary")
    shown = page.locator("details.typed textarea")
    expect(shown).to_be_visible()
    lines = shown.input_value().splitlines()
    assert [line for line in lines if line.endswith(": Azərbaycan Texniki Universiteti")]
    assert [line for line in lines if line.endswith(": 12")]
    assert "meeting" not in shown.input_value()
    assert page.evaluate("sessionStorage.getItem('portal:sent')") is None
