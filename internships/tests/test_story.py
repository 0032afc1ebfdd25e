"""The whole chain in a real browser: from a public place, on a phone, to an accepted offer, in Azerbaijani
and in English, under the real policy, with every page tried by axe."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone

from internships.enums import ApplicationState as A
from internships.models import Application, Interview
from internships.tests import makers
from partnerships.accounts.actions import agree, publish_first_text
from partnerships.accounts.models import ConsentText
from partnerships.directory.models import Domain
from partnerships.testing import factories as make
from partnerships.testing.cast import build
from partnerships.testing.factories import PASSWORD
from partnerships.testing.files import jpeg, pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1360, "height": 900}


def faults(page):
    """What axe finds; it is not asked for the rest, which is long."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in found]


class Reader:
    """Somebody at a browser of their own, who notices what the console says and what axe finds."""

    def __init__(self, browser, base_url, size, language="az", also=()):
        """Pages are opened in this size and looked at in others `also`."""
        self.context = browser.new_context(viewport=size, locale="de-DE", base_url=base_url)
        self.context.add_cookies([{"name": "portal_language", "value": language, "url": base_url}])
        self.page = self.context.new_page()
        self.heard = []
        self.page.on("console", lambda line: self.heard.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.sizes = (*also, size)

    def sign_in(self, person):
        self.page.goto("/accounts/login/")
        self.page.fill("input[name=login]", person.email)
        self.page.fill("input[name=password]", PASSWORD)
        self.press("form[action*=login] button[type=submit]")
        return self

    def go(self, address):
        answer = self.page.goto(address)
        assert answer.status == 200, f"{address}: {answer.status}"
        self.look()
        return self

    def press(self, selector):
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look()
        return self

    def look(self):
        """No word on the console, nothing wider than the screen, nothing that axe finds."""
        for size in self.sizes:
            self.page.set_viewport_size(size)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{self.page.url} is {wide} pixels wide"
            assert faults(self.page) == [], (self.page.url, size)
        assert self.heard == [], self.page.url


@pytest.fixture
def readers(live_server, browser):
    opened = []

    def read(size=DESK, language="az", also=()):
        opened.append(Reader(browser, live_server.url, size, language, also))
        return opened[-1]

    yield read
    for reader in opened:
        reader.context.close()


@pytest.fixture
def house(live_server):
    """The cast, a published programme with two seats, and the text on personal data."""
    cast = build()
    publish_first_text()
    for person in cast.people().values():
        agree(person.user, ConsentText.objects.get())
    Domain.objects.create(organization=cast.aztu, domain="student.aztu.example")
    made = makers.programme(cast, seats=2, cv_required=True, transcript_required=True)
    return cast, made


def apply_on_a_phone(phone, cast, made, tmp_path):
    """Place, sign-up, code, studies, draft, check: six screens, and the application is sent."""
    page = phone.page
    phone.go(makers.vacancy(made).get_absolute_url())  # 1
    phone.press("form[action*='/apply/'] button")  # 2
    page.fill("input[name=given_name]", "Aysel")
    page.fill("input[name=family_name]", "Əsgərova")
    page.fill("input[name=email]", "aysel@student.aztu.example")
    page.fill("input[name=password1]", "dağ-çay-dəniz-2026")
    page.check("input[name=consent]")
    phone.press("form[action*=signup] button[type=submit]")  # 3
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].subject + mail.outbox[-1].body).group(0)
    page.fill("input[name=code]", code)
    phone.press("form[action*=confirm] button.btn-primary")  # 4
    assert "/profile/university/" in page.url
    page.select_option("select[name=unit]", str(cast.energy.pk))
    page.select_option("select[name=specialty]", str(make.specialty().pk))
    page.select_option("select[name=year]", "4") if page.locator("select[name=year]").count() else page.fill(
        "input[name=year]", "4"
    )
    page.fill("input[name=gpa]", "88,4")
    phone.press("form[method=post] button.btn-primary")  # 5
    page.fill("textarea[name=motivation]", "Yarımstansiyanı yerində görmək istəyirəm.")
    photos = []
    for number in range(3):
        photos.append(tmp_path / f"səhifə {number}.jpg")
        photos[-1].write_bytes(jpeg((900, 1200)))
    cv = tmp_path / "cv.pdf"
    cv.write_bytes(pdf())
    page.set_input_files("input[name=cv]", cv)
    page.set_input_files("input[name=transcript]", photos)
    phone.press("button[name=do][value=check]")  # 6
    assert "/check/" in page.url
    phone.press("form[method=post] button.btn-primary")
    assert re.search(r"/applications/[0-9a-f-]{36}/$", page.url)


@pytest.mark.parametrize(("size", "language"), [(PHONE, "az"), (DESK, "en")], ids=["phone az", "desk en"])
def test_from_a_public_place_to_an_accepted_offer(readers, house, tmp_path: Path, size, language):
    cast, made = house
    student = readers(size, language)
    apply_on_a_phone(student, cast, made, tmp_path)
    application = Application.objects.get(person__family_name="Əsgərova")
    address = application.get_absolute_url()
    assert (application.state, application.documents.count()) == (A.SUBMITTED, 2)

    coordinator = readers(size, language).sign_in(cast.coordinator)
    coordinator.go("/home/").go("/internships/applications/").go(address)
    coordinator.press(f"form[action='{address}endorse/'] button, a[href^='{address}endorse/']")
    if "endorse" in coordinator.page.url:
        coordinator.press("form[method=post] button.btn-primary")
    application.refresh_from_db()
    assert application.state == A.IN_REVIEW

    hr = readers(size, language).sign_in(cast.hr)
    hr.go("/home/").go("/internships/applications/").go(address)
    invite(hr, application, cast)
    talk = Interview.objects.get()
    assert talk.candidate == application.person
    student.go(address)
    mentor = readers(size, language).sign_in(cast.mentor)
    mentor.go("/home/").go(address)
    hr.go(address)
    hr.press(f"a[href^='{address}offer/'], form[action='{address}offer/'] button")
    if "offer" in hr.page.url:
        hr.press("form[method=post] button.btn-primary")
    application.refresh_from_db()
    assert application.state == A.OFFERED

    student.go("/home/").go(address)
    student.press(f"a[href^='{address}accept/'], form[action='{address}accept/'] button")
    if "accept" in student.page.url:
        student.press("form[method=post] button.btn-primary")
    application.refresh_from_db()
    assert application.state == A.ACCEPTED
    student.go("/inbox/").go("/internships/mine/").go("/calendar/")


def invite(hr, application, cast):
    """The company sets a time; the mentor asks the questions."""
    hr.go(f"/internships/interviews/invite/{application.uid}/")
    page = hr.page
    page.select_option("select[name=interviewer]", str(cast.mentor.pk))
    day = timezone.localdate() + timedelta(days=3)
    fields = {
        "day": day.isoformat(),
        "start": "11:00",
        "place": "3 nömrəli otaq",
    }
    for name, value in fields.items():
        page.fill(f"input[name={name}]", value)
    hr.press("form[method=post] button.btn-primary")


# Every view there is: portal/tests/test_axe.py, in `make crawl`.
PUBLIC = [
    *(
        "/",
        "/internships/",
        "/research/",
        "/training/",
        "/events/",
        "/technopark/",
        "/partners/",
        "/partners/map/",
        "/internships/map/",
        "/calendar/",
    ),
    *("/accounts/login/", "/accounts/signup/", "/personal-data/"),
]
INSIDE = {
    "student": [
        "/home/",
        "/waiting/",
        "/inbox/",
        "/profile/",
        "/internships/mine/",
        "/inbox/preferences/",
    ],
    "coordinator": [
        "/home/",
        "/people/",
        "/people/invitations/",
        "/internships/students/",
        "/internships/nominate/",
    ],
    "hr": [
        "/internships/applications/",
        "/internships/decide/",
        "/internships/interviews/",
        "/internships/manage/",
        *("/agreements/", "/agreements/map/", "/agreements/timeline/", "/agreements/obligations/"),
        *("/bookings/", "/reviews/", "/ideas/", "/indicators/", "/certificates/", "/search/?q=a"),
    ],
    "mentor": ["/home/", "/internships/applications/"],
    "admin": ["/home/", "/admin/", "/admin/internships/application/", "/admin/directory/organization/"],
}


@pytest.mark.parametrize("language", ["az", "en"])
def test_no_page_has_a_fault_that_axe_or_the_policy_finds(readers, house, language):
    cast, made = house
    makers.endorsed(cast, made), makers.sent(cast, made, "colleague")
    opened, also = (PHONE, DESK) if language == "az" else (DESK, PHONE)
    visitor = readers(opened, language, (also,))
    for address in PUBLIC:
        visitor.go(address)
    for who, addresses in INSIDE.items():
        reader = readers(opened, language, (also,)).sign_in(getattr(cast, who))
        for address in addresses:
            reader.go(address)


def test_the_interface_for_programs_is_readable_under_the_policy(readers, house):
    visitor = readers()
    visitor.page.goto("/api/v1/docs/")
    visitor.page.wait_for_selector(".opblock", timeout=15000)
    assert visitor.heard == []
