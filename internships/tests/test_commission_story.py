"""A commission in a real browser: opened at a desk, marked on a phone, read beside the applicants."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from internships.tests import makers
from internships.tests.test_story import PHONE, Reader, house, readers
from partnerships.common.clock import today
from partnerships.reviews.models import Review, ReviewRound

__all__ = ["house", "readers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_at_the_desk(desk, made):
    page = desk.page
    desk.go(f"/internships/manage/programmes/{made.slug}/").press("#commission a.btn")
    page.fill("#id_due", (today() + timedelta(days=7)).isoformat())
    for name in ("Rəşad Səfərov", "Samir Nəsirov"):
        page.locator(".pick-list label", has_text=name).locator("input").check()
    desk.press(".form-foot .btn-primary")
    desk.press(".move-strip .btn-primary").press("main form .btn-primary")
    desk.press(".move-strip .btn-primary").press("main form .btn-primary")


def mark_on_the_phone(phone, values):
    page = phone.page
    phone.go("/reviews/").press("main .btn-primary")
    page.locator(f".tap:has(input[value='{values[0]}'])").click()
    page.fill("textarea[name=comment]", "Suallara aydın cavab verdi.")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"\d\d:\d\d"))
    phone.look()
    page.reload()  # what was tapped and typed is there
    assert page.locator("input[name=overall]:checked").get_attribute("value") == str(values[0])
    phone.press("button[value=submit]")
    page.locator(f".tap:has(input[value='{values[1]}'])").click()
    phone.press("button[value=submit]")


def test_a_commission_from_the_programme_to_the_working_list(house, readers):
    cast, made = house
    for who in ("student", "student2"):
        makers.endorsed(cast, made, who)
    desk = readers().sign_in(cast.hr)
    open_at_the_desk(desk, made)
    found = ReviewRound.objects.get()
    assert (found.state, Review.objects.count()) == ("marking", 4)
    mark_on_the_phone(readers(PHONE).sign_in(cast.expert), (4, 2))
    mark_on_the_phone(readers(PHONE, "en").sign_in(cast.mentor), (5, 5))
    assert sorted(Review.objects.values_list("score", flat=True)) == [2, 4, 5, 5]
    desk.go(f"/internships/applications/?programme={made.slug}&sort=commission")
    assert "4,5" in desk.page.locator("table.list tbody tr").first.inner_text()
    desk.go(found.get_absolute_url()).press(".move-strip .btn-primary").press("main form .btn-primary")
    found.refresh_from_db()
    assert found.state == "discussion"
    desk.press("table.list a.name")
    expert = readers(PHONE).sign_in(cast.expert)
    expert.go(found.get_absolute_url()).press("table.list a.name")
    expert.page.fill("textarea[name=text]", "Suallara cavablar dəqiq idi.")
    expert.press("#discussion .form-foot button")
    desk.go(desk.page.url).page.get_by_text("Suallara cavablar dəqiq idi.").wait_for()
    assert expert.heard == []
    assert isinstance(desk, Reader)
