"""Each refusal of the engines as a page, a fragment and JSON."""

import html
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, ProgrammingError, connection
from django.db.transaction import atomic
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from partnerships.accounts.models import User
from partnerships.common.refusals import Missing
from partnerships.portal import errors

pytestmark = [pytest.mark.urls("partnerships.portal.tests.raising"), pytest.mark.django_db]


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


@pytest.mark.parametrize(
    ("way", "status", "reason"),
    [
        ("stale", 409, "Bunu bayaq Sevinc Quliyeva dəyişdi."),
        ("illegal", 409, "Bu artıq irəli gedib."),
        ("blocked", 409, "Son tarix keçib: 28 noyabr."),
        ("refused", 403, "Bu yalnız koordinator üçündür."),
    ],
)
def test_a_refusal_is_a_page_with_its_reason(way: str, status: int, reason: str):
    response = Client().post(f"/fail/{way}/")
    assert response.status_code == status
    assert reason in text(response)


@pytest.mark.parametrize(
    ("way", "heading"),
    [
        ("stale", "Bunu indicə başqası dəyişib"),
        ("illegal", "Bunu hazırda etmək olmaz"),
        ("blocked", "Bunu hazırda etmək olmaz"),
        ("refused", "Bu səhifə sizin üçün açıq deyil"),
    ],
)
def test_the_heading_of_a_refusal_is_true_of_its_kind(way: str, heading: str):
    page = text(Client().post(f"/fail/{way}/"))
    found = [re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("h1", "title")]
    assert [" ".join(words.split()).split(" · ")[0] for (words,) in found] == [heading, heading]


def test_what_only_takes_a_form_is_a_page_too_when_it_is_opened():
    opened = Client().get("/language/")
    assert (opened.status_code, opened["Allow"], "Bu, ayrıca səhifə deyil" in text(opened)) == (
        405,
        "POST",
        True,
    )
    asked = Client().options("/language/")
    assert (asked.status_code, asked.content) == (405, b"")


def test_a_form_sent_to_what_is_only_read_is_refused_in_words(cast, login):
    sent = login("student").post("/calendar/")
    assert (sent.status_code, "POST" in sent["Allow"]) == (405, False)
    assert "Bu səhifə yalnız oxunur" in text(sent)


def test_the_slower_of_two_is_led_to_how_things_stand_now():
    page = text(Client().post("/fail/stale/"))
    assert 'href="/menu/"' in page


def test_what_is_blocked_leads_back_to_the_page_it_was_tried_on_but_never_to_another_host():
    near = Client().post("/fail/blocked/", headers={"Referer": "http://testserver/calendar/?month=2026-11"})
    far = Client().post("/fail/blocked/", headers={"Referer": "http://elsewhere.example/calendar/"})
    assert 'href="http://testserver/calendar/?month=2026-11"' in text(near)
    assert "elsewhere.example" not in text(far)


def test_nothing_typed_is_lost_when_the_form_comes_too_late():
    typed = {"note": "Səbəb: <b>sənədlər</b> tam deyil.", "second": "İkinci\nsətir", "gpa": "88,4"}
    typed["day"] = "2031-11-30"
    response = Client().post("/fail/stale/", typed)
    page = response.content.decode()
    assert "Səbəb: &lt;b&gt;sənədlər&lt;/b&gt; tam deyil." in page
    assert "İkinci\nsətir" in page
    assert "88,4" in page
    assert ("30 noyabr 2031" in page, "2031-11-30" in page) == (True, False)


@pytest.mark.parametrize(("typed", "status"), [("Uzun qeyd", 403), ("", 302)])
def test_nothing_typed_is_lost_when_the_session_has_ended(typed, status):
    answer = Client().post("/bookings/new/", {"note": typed, "version": "1"})
    assert (answer.status_code, typed in answer.content.decode()) == (status, True)
    if status == 302:
        assert answer["Location"] == "/accounts/login/?next=/bookings/new/"


def test_what_was_not_typed_or_is_secret_is_not_shown_again():
    kept_back = {
        "csrfmiddlewaretoken": "tokentokentoken",
        "password": "çox-gizli-parol",
        "version": "7-ci",
        "seat": "12",
        "uid": "f6a1b0b2-5c1f-4c7e-9f0a-0a4be7a1d111",
        "vacancy": "f6a1b0b2-5c1f-4c7e-9f0a-0a4be7a1d112",
        "agree": "on",
    }
    page = text(Client().post("/fail/stale/", kept_back))
    assert [value for value in kept_back.values() if value in page and len(value) > 2] == []
    assert "<textarea" not in page


def test_a_missing_reason_leads_back_with_a_message():
    client = Client()
    response = client.post("/fail/missing/", headers={"Referer": "http://testserver/menu/"})
    assert response.status_code == 302
    assert response["Location"] == "http://testserver/menu/"
    with translation.override("az"):
        reason = str(Missing("note"))
    assert [str(message) for message in get_messages(response.wsgi_request)] == [reason]


@pytest.mark.parametrize(
    ("way", "status"), [("stale", 409), ("blocked", 409), ("missing", 409), ("refused", 403)]
)
def test_htmx_gets_a_fragment_for_the_notices_instead_of_a_page(way: str, status: int):
    response = Client().post(f"/fail/{way}/", headers={"HX-Request": "true"})
    assert response.status_code == status
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#notices", "innerHTML")
    assert "<html" not in response.content.decode()
    assert 'role="alert"' in response.content.decode()


def test_a_request_that_is_too_large_is_413():
    assert Client().post("/fail/big/").status_code == 413


def test_a_form_over_the_limit_is_413_before_the_view_is_asked(settings: Any):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert Client().post("/accounts/login/", {"login": "a" * 2000}).status_code == 413


def test_a_request_over_the_request_limit_is_413_before_it_is_read(settings: Any):
    settings.REQUEST_LIMIT = 1000
    assert Client().post("/fail/stale/", {"note": "a" * 2000}).status_code == 413


def test_a_lost_database_is_503_and_asks_to_come_again(caplog: Any):
    response = Client().get("/fail/database/")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "database lost at /fail/database/" in caplog.text


def test_a_database_lost_before_the_view_is_503_too():
    def lost(*args: Any) -> None:
        raise OperationalError("gone while the session was read")

    client = Client(raise_request_exception=False)
    client.cookies["portal_session"] = "a" * 32
    with connection.execute_wrapper(lost):
        response = client.get("/menu/")
    assert response.status_code == 503


def test_a_column_that_is_not_there_is_500_with_the_number_of_its_request():
    with pytest.raises((ProgrammingError, OperationalError)) as told, atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT not_there FROM accounts_user")
    assert not errors.is_lost_database(told.value)

    def view(*args: Any) -> None:
        raise told.value

    client = Client(raise_request_exception=False)
    client.cookies["portal_session"] = "a" * 32
    with connection.execute_wrapper(view):
        response = client.get("/menu/")
    assert response.status_code == 500
    assert response["X-Request-ID"] in text(response)


@pytest.mark.parametrize(
    ("code", "lost"),
    [(None, True), ("08006", True), ("57P01", True), ("57P03", True), ("53300", True),
     ("40P01", False), ("57014", False), ("55P03", False), ("53100", False)],
)  # fmt: skip
def test_only_a_connection_that_failed_is_a_lost_database(code: str | None, lost: bool):
    cause, error = Exception("of the driver"), OperationalError("as Django raises it")
    cause.sqlstate = code  # type: ignore[attr-defined]
    error.__cause__ = cause
    assert errors.is_lost_database(error) is lost


def test_a_file_that_cannot_be_opened_is_a_lost_database(tmp_path: Path):
    with pytest.raises(sqlite3.OperationalError) as told:
        sqlite3.connect(tmp_path / "none" / "here.sqlite3")
    error = OperationalError("as Django raises it")
    error.__cause__ = told.value
    assert errors.is_lost_database(error)


def test_a_fault_of_ours_is_500_without_a_word_of_its_cause():
    response = Client(raise_request_exception=False).get("/fail/broken/")
    assert response.status_code == 500
    assert "broken on purpose" not in text(response)
    assert "ZeroDivision" not in text(response)


def test_pages_of_failure_ask_the_database_nothing(django_assert_num_queries: Callable[[int], Any]):
    def view(request: HttpRequest, status: int) -> HttpResponse:
        return errors.answer(request, status, "Səbəb")

    with django_assert_num_queries(0):
        codes = [view(RequestFactory().get("/"), status).status_code for status in (400, 500, 503)]
    assert codes == [400, 500, 503]


def test_the_api_is_answered_in_json():
    bodies = {}
    for way, status in (("refused", 403), ("stale", 409), ("big", 413), ("database", 503)):
        response = Client().get(f"/api/fail/{way}/")
        assert response.status_code == status
        bodies[way] = json.loads(response.content)
    assert bodies["refused"]["detail"] == "Bu yalnız koordinator üçündür."
    assert {way: body["code"] for way, body in bodies.items()} == {
        "refused": "refused",
        "stale": "conflict",
        "big": "too_large",
        "database": "unavailable",
    }


def test_a_missing_page_is_404_of_the_family_and_json_under_api():
    missing = Client().get("/no-such-page/")
    assert missing.status_code == 404
    assert 'action="/search/"' in text(missing)  # its words tell everybody to search, and everybody may
    assert Client().get("/api/no-such-page/").json()["code"] == "not_found"


def test_a_form_whose_key_has_changed_keeps_what_was_typed():
    client = Client(enforce_csrf_checks=True)
    form = "http://testserver/menu/?from=form"
    response = client.post("/menu/", {"note": "Uzun izahat yazdım."}, headers={"referer": form})
    assert response.status_code == 403
    assert "Uzun izahat yazdım." in text(response)
    assert f'href="{form}"' in text(response)
    assert ("Forma qəbul edilmədi" in text(response), "sizin üçün açıq deyil" in text(response)) == (
        True,
        False,
    )


def test_a_request_that_is_too_large_leads_back_to_its_own_form_and_to_nobody_elses():
    ours = Client().post("/fail/big/", headers={"referer": "http://testserver/internships/"})
    assert 'href="http://testserver/internships/" data-back' in text(ours)
    theirs = Client().post("/fail/big/", headers={"referer": "https://elsewhere.example/"})
    assert 'href="/" data-back' in text(theirs)


def test_an_unreadable_request_is_400():
    assert errors.bad_request(RequestFactory().get("/"), None).status_code == 400
    assert errors.bad_request(RequestFactory().get("/"), RequestDataTooBig()).status_code == 413


def test_a_lost_database_is_told_in_the_language_of_the_account(cast: Any, login: Any):
    def lost(*args: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    for name, language in (("hr", "az"), ("coordinator", "en")):
        User.objects.filter(pk=getattr(cast, name).user_id).update(language=language)
        client = login(name)
        client.raise_request_exception = False
        assert client.get("/calendar/")["Content-Language"] == language
        with connection.execute_wrapper(lost):
            response = client.get("/calendar/")
        assert (response.status_code, response["Content-Language"]) == (503, language)
        assert f'<html lang="{language}"' in response.text


def test_the_account_decides_the_language_and_this_browser_remembers_it(cast: Any, login: Any):
    User.objects.filter(pk=cast.hr.user_id).update(language="en")
    client = login("hr")
    client.get("/calendar/?lang=az")
    assert "portal_language" not in client.cookies
    client.get("/calendar/")
    assert client.cookies["portal_language"].value == "en"
    assert "portal_language" not in client.get("/calendar/").cookies
    del client.cookies["portal_session"]
    assert client.get("/calendar/")["Content-Language"] == "en"


def test_a_visitor_who_came_by_an_address_in_english_reads_on_in_english(db: None):
    client = Client()
    client.get("/partners/?lang=xx")
    assert "portal_language" not in client.cookies
    assert client.get("/partners/?lang=en")["Content-Language"] == "en"
    assert client.get("/partners/")["Content-Language"] == "en"
    assert "portal_language" not in client.get("/partners/?lang=en").cookies
    client.get("/?lang=az")
    assert client.get("/partners/")["Content-Language"] == "az"


def test_a_form_that_is_none_sent_to_no_page_finds_none(db: None):
    sent = Client(raise_request_exception=False).generic("POST", "/nowhere/", b"abc", "multipart/form-data")
    assert sent.status_code == 404
