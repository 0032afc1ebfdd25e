"""The portal below a path of somebody else's host (SCRIPT_NAME), and addresses that only look like it."""

import json
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import set_script_prefix
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from partnerships.accounts.models import ConsentText
from partnerships.notifications.rendering import plain_mail
from partnerships.portal.models import SavedView
from partnerships.testing.crawling import pages

BELOW = "/portal"


@pytest.fixture
def mounted(settings) -> Iterator[None]:
    settings.FORCE_SCRIPT_NAME, settings.STATIC_URL = BELOW, f"{BELOW}/static/"
    set_script_prefix(f"{BELOW}/")  # what the web server's handler does, and the test client's does not
    yield
    set_script_prefix("/")


def ways(answer) -> list[str]:
    """Where links, forms and scripts of a page lead."""
    page = pages.read(answer.content.decode())
    found = [*page.links, *(form.action for form in page.forms), *(address for _verb, address in page.htmx)]
    return [address for address in found if address.startswith("/")]


@pytest.mark.parametrize("language", ["az", "en"])
def test_every_way_on_a_page_stays_below_the_path(cast, login, mounted, language):
    visited = [("hr", "/internships/applications/"), ("hr", "/people/"), ("student", "/home/")]
    for name, path in [*visited, ("rector", "/agreements/"), ("coordinator", "/bookings/")]:
        answer = login(name).get(path, {"lang": language})
        found = ways(answer)
        assert (answer.status_code, len(found) > 10) == (200, True)
        assert [address for address in found if not address.startswith(f"{BELOW}/")] == []


def test_what_was_kept_of_a_page_below_a_path_is_not_shown_at_the_root(login, mounted, settings):
    client = login("hr")
    for root in ("", BELOW, ""):
        settings.FORCE_SCRIPT_NAME = root or None
        set_script_prefix(f"{root}/")
        found = ways(client.get("/internships/applications/"))
        assert {address.startswith(f"{BELOW}/") for address in found} == {bool(root)}


def test_refusals_below_a_path_are_json_for_programs_and_lead_home_for_people(login, mounted):
    client = login("student")
    gone = client.post("/api/v1/tokens/", b"{", content_type="application/json", headers={"X-CSRFToken": ""})
    assert gone["Content-Type"] == "application/json"
    lost = Client().get("/api/v1/nothing/")
    assert (lost.status_code, lost["Content-Type"]) == (404, "application/json")
    assert client.post("/language/", {"language": "en"})["Location"] == f"{BELOW}/"


def test_consent_is_asked_for_once_below_a_path_and_its_page_opens(login, mounted):
    ConsentText.objects.create(number=1, body_az="Mətn", body_en="Text")
    client = login("student")
    asked = client.get("/home/")
    assert asked["Location"] == f"{BELOW}/personal-data/agree/?next=%2Fportal%2Fhome%2F"
    assert client.get("/personal-data/agree/?next=%2Fportal%2Fhome%2F").status_code == 200


def test_a_list_below_a_path_is_saved_as_a_view(cast, login, mounted):
    client = login("hr")
    saved = client.post("/views/new/", {"name": "Tələbələr", "address": f"{BELOW}/people/?role=student"})
    assert saved["Location"] == SavedView.objects.get().address == f"{BELOW}/people/?role=student"
    assert client.post("/views/new/", {"name": "x", "address": f"{BELOW}/admin/"}).status_code == 422


def test_files_cookies_and_health_are_below_the_path_by_the_settings_of_a_web_process(tmp_path):
    names = ("STATIC_URL", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH", "LANGUAGE_COOKIE_PATH")
    code = (
        "import json, partnerships.wsgi\n"
        "from django.conf import settings\n"
        "from django.templatetags.static import static\n"
        f"print(json.dumps([*(getattr(settings, name) for name in {names}), static('favicon.svg')]))\n"
    )
    others = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env = {**others, "SCRIPT_NAME": BELOW, "PORTAL_VAR": str(tmp_path)}
    env["DJANGO_SETTINGS_MODULE"] = "partnerships.testing.settings"
    done = [sys.executable, "-c", code]
    root = django_settings.BASE_DIR
    said = subprocess.run(done, cwd=root, env=env, check=True, capture_output=True, timeout=60)
    files, *cookies, icon = json.loads(said.stdout)
    assert files == f"{BELOW}/static/"
    assert cookies == [f"{BELOW}/"] * 3
    assert icon.startswith(f"{BELOW}/static/")


def test_a_letter_leads_to_the_portal_below_the_path(mounted, settings):
    letter = plain_mail("Mövzu", "Mətn", "az")
    assert f" · {settings.BASE_URL}{BELOW}\n" in letter.text
    assert f'href="{settings.BASE_URL}{BELOW}"' in letter.html
    assert f'href="{settings.BASE_URL}"' not in letter.html


def test_robots_below_a_path_are_told_the_whole_of_it(mounted, db):
    lines = Client().get("/robots.txt").content.decode().splitlines()
    assert f"Disallow: {BELOW}/home/" in lines
    assert [line for line in lines if line.startswith("Disallow: ") and f" {BELOW}/" not in line] == []


def test_the_second_factor_is_asked_for_whatever_path_a_visitor_claims_to_be_below(login):
    answer = login("admin").get("/admin/", SCRIPT_NAME="/x")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")


def test_a_visitors_header_does_not_say_where_the_portal_is_mounted():
    known = Config()
    ours = runpy.run_path(str(Path(django_settings.BASE_DIR) / "deploy" / "gunicorn.conf.py"))
    for name in ("forwarded_allow_ips", "forwarder_headers"):
        known.set(name, ours[name])
    sent = b"GET /x/admin/ HTTP/1.1\r\nHost: portal\r\nSCRIPT_NAME: /x\r\nPATH_INFO: /admin/\r\n\r\n"
    request = next(RequestParser(known, iter([sent]), ("127.0.0.1", 1)))
    assert [name for name, _value in request.headers] == ["HOST"]
