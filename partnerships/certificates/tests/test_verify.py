"""The public check: everything that is printed, for whoever has the code, and nothing for whoever has not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerships.certificates import actions
from partnerships.certificates.models import Certificate
from partnerships.directory.models import Affiliation
from partnerships.testing.cast import Cast

Issued = Callable[..., Certificate]


def page(code: str, **extra: Any) -> Any:
    return Client().get(f"/verify/{code}/", **extra)


@pytest.mark.parametrize("language", ["az", "en"])
def test_every_printed_value_is_shown_without_signing_in(cast: Cast, issued: Issued, language: str) -> None:
    Affiliation.objects.filter(person=cast.mentor).update(position="Baş mühəndis", ends=date(2030, 5, 1))
    made = issued()
    response = Client().get(f"/verify/{made.code}/?lang={language}")
    text = response.content.decode()
    said = [made.serial, made.holder_name, made.grouped_code, "01.05.2030", "Baş mühəndis", "Leyla Rəhimova"]
    said += [made.snapshot[key][language] for key in ("title", "issuer", "text")]
    for line in made.snapshot["lines"]:
        said += [line["label"][language], line["value"][language]]
    assert [value for value in said if value not in text] == []
    assert ("Sertifikat etibarlıdır" if language == "az" else "The certificate is valid") in text
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex, nofollow">' in text


def test_how_it_stands_is_told_in_words_with_when_and_why(cast: Cast, issued: Issued) -> None:
    with time_machine.travel("2026-11-25 10:00+04:00"):
        revoked = actions.revoke(issued("mentor"), actor=cast.user("hr"), note="Saxta sənəd təqdim edilib")
        old = issued("expert")
        new = actions.reissue(old, actor=cast.user("hr"), note="Soyad düzəldildi")
        Affiliation.objects.filter(person=cast.trainer).update(ends=date(2026, 11, 26))
        short = issued("trainer")
        text = page(revoked.code).content.decode()
        assert "Sertifikat etibarlı deyil: ləğv edilib" in text
        assert "Ləğv vaxtı: 25 noyabr, 10:00 (Bakı). Səbəb: Saxta sənəd təqdim edilib" in text
        text = page(old.code).content.decode()
        assert "Sertifikat başqası ilə əvəz olunub" in text
        assert f'href="/verify/{new.code}/"' in text
    with time_machine.travel("2026-11-26 23:59+04:00"):
        assert "Sertifikat etibarlıdır" in page(short.code).content.decode()
    with time_machine.travel("2026-11-27 00:01+04:00"):
        assert "Sertifikatın müddəti bitib" in page(short.code).content.decode()


def test_a_record_that_was_tampered_with_is_not_confirmed(issued: Issued) -> None:
    made = issued()
    Certificate.objects.filter(pk=made.pk).update(holder_name="Saxta Ad")
    text = page(made.code).content.decode()
    assert "Bu qeyd təsdiq oluna bilmir" in text
    assert "Sertifikat etibarlıdır" not in text
    assert Client().get(f"/api/v1/verify/{made.code}/").status_code == 404


def test_hostile_words_stay_words(cast: Cast, issued: Issued) -> None:
    Affiliation.objects.filter(person=cast.mentor).update(position="<script>alert(1)</script>")
    text = page(issued().code).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.mark.parametrize("typed", ["CCCC-CCCC-CCCC", "' OR 1=1 --", "%00", "x" * 300, "ə"])
def test_an_unknown_code_says_what_to_do(issued: Issued, typed: str) -> None:
    issued()
    response = page(typed)
    text = response.content.decode()
    assert response.status_code == 404
    assert "Belə sertifikat yoxdur" in text
    assert "Kodu sənədlə hərf-hərf tutuşdurun" in text
    assert "Səfərov" not in text


def test_a_typed_code_leads_to_its_page_and_forgives_case_spaces_and_hyphens(issued: Issued) -> None:
    made = issued()
    for typed in (made.grouped_code, made.code.lower(), " ".join(made.code)):
        response = Client().get("/verify/", {"code": typed})
        assert (response.status_code, response["Location"]) == (302, f"/verify/{made.code}/")
    assert page(made.grouped_code.lower())["Location"] == f"/verify/{made.code}/"


def test_what_cannot_be_a_code_is_told_on_the_field_and_kept(db: Any) -> None:
    response = Client().get("/verify/", {"code": "K7MH-3XPD"})
    assert response.status_code == 422
    assert response.context["form"].errors["code"].as_data()[0].code == "shape"
    assert 'value="K7MH-3XPD"' in response.content.decode()


def test_what_is_and_what_is_not_costs_the_same(issued: Issued) -> None:
    made = issued()
    counts = []
    for code in (made.code, "CCCCCCCCCCCC", "not a code"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(code)
        counts.append(len([q for q in queries if "certificates_certificate" in q["sql"]]))
    assert counts == [1, 1, 1]


def test_one_address_asks_so_many_and_then_waits(issued: Issued, settings: Any) -> None:
    cache.clear()
    settings.VERIFY_LIMIT = 3
    made = issued()
    with time_machine.travel("2026-11-25 10:00:10+04:00", tick=False):
        codes = [page(made.code).status_code for _n in range(4)]
        refused = page(made.code)
        other = page(made.code, REMOTE_ADDR="10.1.2.3")
    assert codes == [200, 200, 200, 429]
    assert (refused["Retry-After"], other.status_code) == ("51", 200)
    with time_machine.travel("2026-11-25 10:01:02+04:00", tick=False):
        assert page(made.code).status_code == 200
    cache.clear()


def test_only_reading_is_taken(issued: Issued) -> None:
    path = f"/verify/{issued().code}/"
    assert [Client().post(p).status_code for p in (path, "/verify/")] == [405, 405]


def test_the_front_page_and_the_menu_lead_there(cast: Cast, login: Callable[[str], Client]) -> None:
    for client in (Client(), login("student")):
        text = client.get("/", follow=True).content.decode()
        assert 'href="/verify/"' in text
        assert "Sertifikatı yoxla" in text


def test_the_api_checks_without_signing_in(cast: Cast, issued: Issued) -> None:
    made = issued()
    said = Client().get(f"/api/v1/verify/{made.grouped_code.lower()}/").json()
    assert (said["serial"], said["holder"], said["standing"]) == (made.serial, "Səfərov Rəşad", "issued")
    assert said["lines"][0] == {"label": "Bölmə", "value": "“Yasamal” yarımstansiyası"}
    actions.revoke(made, actor=cast.user("hr"), note="Səhv")
    said = Client().get(f"/api/v1/verify/{made.code}/").json()
    assert (said["standing"], said["reason"], "uid" in said) == ("revoked", "Səhv", False)
    assert Client().get("/api/v1/verify/CCCCCCCCCCCC/").status_code == 404
