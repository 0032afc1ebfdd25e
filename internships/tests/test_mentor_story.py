"""The mentor's page on a phone, in a real browser, in both languages: everything, in counted taps."""

import gzip
from datetime import timedelta

import pytest

from internships import actions, links
from internships.enums import DiaryState as D
from internships.models import Clearance, DiaryEntry, Evaluation, Placement
from internships.tests import makers
from internships.tests.test_story import PHONE, Reader
from partnerships.common.clock import today
from partnerships.directory.models import Person
from partnerships.testing.cast import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WEIGHT = 12_000  # bytes of the page itself, packed; what goes with it is 116 kB on every page


@pytest.fixture
def phone(live_server, browser):
    opened = []

    def read(language):
        opened.append(Reader(browser, live_server.url, PHONE, language))
        return opened[-1]

    yield read
    for reader in opened:
        reader.context.close()


@pytest.fixture
def placed(live_server):
    """In its last week, with ten days before the mentor, who has no account."""
    cast = build()
    made = makers.active(cast)
    Person.objects.filter(pk=cast.mentor.pk).update(user=None, email="rasad@cast.example")
    starts = today() - timedelta(days=20)
    Placement.objects.update(starts=starts, ends=today() + timedelta(days=2))
    Clearance.objects.update(done_on=starts)
    for n in range(10):
        entry = actions.write_day(
            made,
            starts + timedelta(days=2 * n),
            actor=cast.user("student"),
            minutes=300,
            site="Yasamal",
            work="Sxemləri oxudum, növbə jurnalını apardım",
            learned="Rele",
        )
        actions.submit_day(entry, actor=cast.user("student"))
    actions.report_absence(made, starts + timedelta(days=1), actor=cast.user("student"), reason="illness")
    return actions.mentor_link(makers.placement_again(made), actor=cast.user("hr"))


class Taps:
    """Counts what a thumb does."""

    def __init__(self, reader):
        self.reader, self.count = reader, 0

    def on(self, selector, leads_on=False):
        self.count += 1
        if leads_on:
            self.reader.press(selector)
        else:
            self.reader.page.locator(selector).first.click()


@pytest.mark.parametrize("language", ["az", "en"])
def test_the_mentor_does_everything_on_one_phone_page(phone, placed, language):
    reader = phone(language)
    page = reader.page
    reader.go(links.path_of(placed))
    assert len(gzip.compress(page.content().encode())) < WEIGHT
    taps = Taps(reader)

    page.locator("summary").first.click()  # return one day, with a reason
    page.locator("details[open] input[name=pick]").first.check()
    page.locator("details[open] textarea[name=note]").fill("Hansı qurğuda işlədiyinizi yazın.")
    reader.press("button[value=return]")
    assert DiaryEntry.objects.filter(state=D.RETURNED).count() == 1

    taps.on(".move-strip button[value=confirm]", leads_on=True)  # all that is left: one tap
    assert (taps.count, DiaryEntry.objects.filter(state=D.CONFIRMED).count()) == (1, 9)

    taps.on("button[value=excuse]", leads_on=True)
    assert taps.count == 2

    evaluation = Taps(reader)
    for name in ("discipline", "safety", "knowledge", "skill", "initiative", "teamwork"):
        evaluation.on(f"label:has(input[name={name}][value='5'])")
    evaluation.on("label:has(input[name=recommended][value=yes])")
    page.locator("#evaluation textarea[name=comment]").fill(
        "Çalışqan, təhlükəsizlik qaydalarına ciddi yanaşır."
    )
    page.context.set_offline(True)
    page.locator("#evaluation textarea[name=comment]").press("End")
    page.locator("#evaluation textarea[name=comment]").type(" Tövsiyə edirəm.")
    page.context.set_offline(False)
    page.reload()  # the phone was put away and came back: what was tapped and written is there
    assert page.locator("input[name=safety][value='5']").is_checked()
    assert page.locator("#evaluation textarea[name=comment]").input_value().endswith("Tövsiyə edirəm.")
    evaluation.on("#evaluation button[value=evaluate]", leads_on=True)
    given = Evaluation.objects.get()
    assert (evaluation.count, given.state, given.source, given.recommended) == (8, "submitted", "link", True)
    assert given.comment.endswith("Tövsiyə edirəm.")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('portal:'))") == []
