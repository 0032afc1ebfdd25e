"""Ctrl K in a real browser: opened, walked and left by keys alone."""

import pytest
from playwright.sync_api import Page, expect

from partnerships.testing.cast import build
from partnerships.testing.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_page_is_found_and_opened_by_keys_alone(page: Page) -> None:
    cast = build()
    page.goto("/accounts/login/")
    page.fill("#id_login", cast.user("hr").email)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/home/")
    field, hits = page.locator("#palette-field"), page.locator("#palette-hits [role=option]")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    expect(hits.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("teqvim")
    chosen = page.locator("#palette-hits [aria-selected=true]")
    expect(chosen).to_have_text("Təqvim")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_have_attribute("id", "hit-all")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar/")
