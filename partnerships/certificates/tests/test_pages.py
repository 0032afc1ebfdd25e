"""The pages: lists that cost the same, papers that can be read, verbs with their refusals."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from partnerships.certificates import actions, reports
from partnerships.certificates.lists import CERTIFICATES
from partnerships.certificates.models import Batch, Certificate
from partnerships.certificates.tests.sample.certificates import KEY
from partnerships.common import capped, jobs, list_asked
from partnerships.common.paging import in_order
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Person
from partnerships.documents.printing import print_pdf, qr_svg
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast, Login

Issued = Callable[..., Certificate]


def crowd(cast: Cast, number: int) -> list[Affiliation]:
    return [make.affiliation(make.person(f"Ad{n} Soyad{n}"), cast.baki, Role.EXPERT) for n in range(number)]


def cost(client: Client, path: str) -> int:
    client.get(path)  # what is asked once in the life of a process
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("path", ["/certificates/", "/certificates/batches/", f"/certificates/issue/{KEY}/"])
def test_lists_cost_the_same_at_any_length(cast: Cast, login: Login, path: str) -> None:
    client, hr = login("hr"), cast.user("hr")
    actions.issue_many(crowd(cast, 2), kind=KEY, actor=hr)
    crowd(cast, 2)
    few = cost(client, path)
    actions.issue_many(crowd(cast, 12), kind=KEY, actor=hr)
    crowd(cast, 12)
    assert cost(client, path) == few <= 12


def test_ones_own_list_costs_the_same_at_any_length(cast: Cast, login: Login, issued: Issued) -> None:
    client = login("mentor")
    made = issued()
    few = cost(client, "/certificates/mine/")
    for _n in range(5):
        made = actions.reissue(made, actor=cast.user("hr"), note="yenə")
    assert cost(client, "/certificates/mine/") == few
    assert client.get("/certificates/mine/").content.decode().count('class="name"') == 6


def test_an_empty_list_says_what_would_stand_here(cast: Cast, login: Login) -> None:
    assert "Hələ sertifikat yoxdur" in login("student").get("/certificates/mine/").content.decode()
    page = login("hr").get("/certificates/").content.decode()
    assert ("Hələ sertifikat yoxdur" in page, 'id="list-q"' in page) == (True, False)
    assert "Uyğun nəticə yoxdur" in login("hr").get("/certificates/?q=yoxdur").content.decode()
    assert "Hələ heç nə birlikdə verilməyib" in login("hr").get("/certificates/batches/").content.decode()
    assert login("coordinator").get("/certificates/batches/").status_code == 403


def test_the_states_are_filters_with_counts(cast: Cast, login: Login, issued: Issued) -> None:
    actions.revoke(issued("mentor"), actor=cast.user("hr"), note="Səhv")
    issued("expert")
    response = login("hr").get("/certificates/?state=revoked")
    assert [(pill.url, pill.count) for pill in response.context["pills"]] == [
        ("?", 2), ("?state=issued", 1), ("?state=revoked", 1),
    ]  # fmt: skip
    assert [row.holder for row in response.context["rows"]] == [cast.mentor]


@pytest.mark.parametrize("cap", [1000, 1])
def test_what_a_search_finds_is_counted_as_its_pills_list_it(
    cast: Cast, login: Login, issued: Issued, monkeypatch: pytest.MonkeyPatch, cap: int
) -> None:
    actions.revoke(issued("mentor"), actor=cast.user("hr"), note="Səhv")
    actions.reissue(issued("expert"), actor=cast.user("hr"), note="yenə")
    Certificate.objects.filter(pk=issued("founder").pk).update(valid_to="2020-01-01")
    issued("mentor2", "hr2")  # of another house
    for module in (capped, list_asked):
        monkeypatch.setattr(module, "CAP", cap)
    hr = cast.user("hr")
    hr.page_size, total = 2, 0
    for words in ("e", "seferov", "-", "yoxdur"):
        asked = list_asked.Asked(CERTIFICATES, hr, QueryDict(f"q={words}"))
        rows = Certificate.objects.visible_to(hr).found_by(words)
        for key, (count, more) in asked.counts.items():
            number = reports.in_standing(rows, key).count()
            assert (count, more) == (min(number, cap), number > cap), (words, key)
            total += number
        for by in CERTIFICATES.orders:
            asked = list_asked.Asked(CERTIFICATES, hr, QueryDict(f"q={words}&sort={by.key}"))
            listed = rows.exclude(holder=cast.hr)
            assert asked.of_page().rows == list(in_order(listed, by.fields)[: hr.page_size]), (words, by)
    assert total > 5


def test_the_list_is_searched_ordered_and_taken_away_as_it_stands(
    cast: Cast, login: Login, issued: Issued
) -> None:
    made = {name: issued(name) for name in ("mentor", "expert", "founder")}
    client = login("hr")

    def shown(query: str) -> list[int]:
        return [row.pk for row in client.get(f"/certificates/{query}").context["rows"]]

    newest = [made[name].pk for name in ("founder", "expert", "mentor")]
    by_name = sorted(made.values(), key=lambda row: row.holder.sort_key)
    assert shown("") == shown("?sort=none") == shown(f"?kind={KEY}") == shown("?kind=none.such") == newest
    assert shown("?sort=name") == [row.pk for row in by_name] != newest
    assert shown(f"?q={made['expert'].grouped_code}") == shown(f"?q={made['expert'].serial}") == newest[1:2]
    table = client.get("/exports/certificates.certificates/?sort=name&format=csv").getvalue().decode()
    assert [line.split(";")[0] for line in table.splitlines()[1:]] == [row.serial for row in by_name]


def test_what_was_issued_together_is_a_list_of_ones_own(cast: Cast, login: Login) -> None:
    batches = []
    for number in (1, 3):
        batches.append(actions.start_batch(crowd(cast, number), kind=KEY, actor=cast.user("hr")))
        jobs.run(batches[-1].job_id)
    Batch.objects.create(owner=cast.user("hr2"), kind=KEY)
    client, path = login("hr"), "/certificates/batches/"
    assert client.get(path).context["rows"] == batches[::-1]
    serial = batches[0].items.get().certificate.serial
    assert client.get(f"{path}?q={serial}").context["rows"] == batches[:1]
    assert client.get(f"{path}?show=stopped").context["rows"] == []
    page = client.get(f"{path}?show=done").content.decode()
    assert ("3 / 3" in page, f"{batches[1].get_absolute_url()}" in page) == (True, True)
    table = client.get("/exports/certificates.batches/?format=csv").getvalue().decode()
    assert [line.split(";")[2] for line in table.splitlines()[1:]] == ["3", "1"]


@pytest.mark.parametrize("language", ["az", "en"])
def test_the_paper_says_what_the_check_says(login: Login, issued: Issued, language: str) -> None:
    made = issued()
    response = login("mentor").get(f"/certificates/{made.uid}/{language}.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{made.serial} {language}.pdf"'
    pages = PdfReader(io.BytesIO(response.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    said = [made.serial, made.holder_name, made.grouped_code, made.snapshot["title"][language]]
    said += [made.snapshot[key][language] for key in ("issuer", "text")]
    for line in made.snapshot["lines"]:
        said += [line["label"][language], line["value"][language]]
    assert len(pages) == 1
    assert [value for value in said if value not in text] == []


def test_the_longest_names_stay_on_one_page() -> None:
    word = "Ş" * 199
    one = {
        "title": "Təcrübə sertifikatı", "holder": f"{word} {word[:99]}", "issuer": word,
        "text": "qiymətləndirilib",
        "lines": [{"label": "Ad", "value": word}] * 8 + [{"label": "Saat", "value": "110"}] * 7,
        "signatories": [{"position": "Şirkət", "name": ""}, {"position": "Rəhbər", "name": word}],
        "serial": "TS-2026-00001", "code": "MY99-3MWM-DKGF", "where": "http://localhost/verify/",
        "qr": qr_svg("x"), "issued": "26.11.2026", "valid_to": None, "void": "",
    }  # fmt: skip
    for certificates, pages in (([one], 1), ([one, one], 2)):
        pdf = print_pdf("certificates/standard-1", {"certificates": certificates}, language="az")
        assert len(PdfReader(io.BytesIO(pdf)).pages) == pages


def test_a_revoked_paper_says_so_across_the_page(cast: Cast, login: Login, issued: Issued) -> None:
    made = actions.revoke(issued(), actor=cast.user("hr"), note="Səhv")
    client = login("mentor")
    page = client.get(made.get_absolute_url())
    assert (page.status_code, "Səhv" in page.content.decode()) == (200, True)
    response = client.get(f"/certificates/{made.uid}/az.pdf")
    assert "Ləğv edilib" in PdfReader(io.BytesIO(response.content)).pages[0].extract_text()


def test_the_page_of_a_replaced_one_leads_to_the_new_one(cast: Cast, login: Login, issued: Issued) -> None:
    old = issued()
    new = actions.reissue(old, actor=cast.user("hr"), note="Ad düzəldildi")
    page = login("mentor").get(old.get_absolute_url())
    assert (page.status_code, new.get_absolute_url() in page.content.decode()) == (200, True)


def test_very_long_words_stay_on_one_page(cast: Cast, login: Login, issued: Issued) -> None:
    Affiliation.objects.filter(person=cast.mentor).update(position="Uzun vəzifə adı " * 10)
    Person.objects.filter(pk=cast.mentor.pk).update(given_name="Məhəmmədəli " * 8, patronymic="Əbülfəz oğlu")
    made = issued()
    response = login("mentor").get(f"/certificates/{made.uid}/az.pdf")
    assert len(PdfReader(io.BytesIO(response.content)).pages) == 1


def test_issuing_shows_what_will_stand_on_it_and_answers_a_double_click_with_one(
    cast: Cast, login: Login
) -> None:
    row = cast.affiliation("mentor")
    path = f"/certificates/issue/{KEY}/{row.uid}/"
    client = login("hr")
    assert "“Yasamal” yarımstansiyası" in client.get(path).content.decode()
    assert not Certificate.objects.exists()
    answers = [client.post(path)["Location"] for _n in range(2)]
    made = Certificate.objects.get()
    assert answers == [made.get_absolute_url()] * 2
    assert client.get(path)["Location"] == made.get_absolute_url()


def test_what_is_not_ready_says_why(cast: Cast, login: Login) -> None:
    row = cast.affiliation("mentor")
    Affiliation.objects.filter(pk=row.pk).update(state=AffiliationState.REQUESTED)
    client, path = login("hr"), f"/certificates/issue/{KEY}/{row.uid}/"
    assert "hələ təsdiqlənməyib" in client.get(path).content.decode()
    assert client.post(path).status_code == 409
    assert not Certificate.objects.exists()


def test_strangers_to_the_object_get_nothing(cast: Cast, login: Login) -> None:
    path = f"/certificates/issue/{KEY}/{cast.affiliation('mentor').uid}/"
    codes = {
        who: login(who).post(path).status_code
        for who in ("hr2", "coordinator2", "student", "mentor", "expert")
    }
    assert codes == {"hr2": 404, "coordinator2": 404, "student": 404, "mentor": 403, "expert": 404}
    assert login("hr").get(f"/certificates/issue/none.such/{cast.mentor.uid}/").status_code == 404


def test_revoking_asks_for_a_reason_and_keeps_what_was_typed(
    cast: Cast, login: Login, issued: Issued
) -> None:
    made, client = issued(), login("hr")
    path = f"/certificates/{made.uid}/revoke/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"note": ""}).status_code == 422
    assert client.post(path, {"note": "Səhvən verilib"})["Location"] == made.get_absolute_url()
    made.refresh_from_db()
    assert made.state == "revoked"
    assert client.post(path, {"note": "yenə"}).status_code == 409


def test_reissuing_shows_what_will_differ(cast: Cast, login: Login, issued: Issued) -> None:
    made, client = issued(), login("hr")
    Person.objects.filter(pk=cast.mentor.pk).update(patronymic="Əli oğlu")
    path = f"/certificates/{made.uid}/reissue/"
    assert client.get(path).context["drafted"] == [("Sahibi", "Səfərov Rəşad", "Səfərov Rəşad Əli oğlu")]
    response = client.post(path, {"note": "Ata adı"})
    assert response["Location"] == Certificate.objects.live().get().get_absolute_url()


@pytest.mark.parametrize(("who", "code"), [("mentor", 403), ("hr2", 404), ("student", 404), ("admin", 403)])
@pytest.mark.parametrize("verb", ["revoke", "reissue"])
def test_others_do_not_end_it(who: str, code: int, verb: str, login: Login, issued: Issued) -> None:
    made = issued()
    assert login(who).post(f"/certificates/{made.uid}/{verb}/", {"note": "mən"}).status_code == code
    made.refresh_from_db()
    assert made.state == "issued"


def test_the_holder_sees_no_buttons_and_the_issuer_both(login: Login, issued: Issued) -> None:
    path = issued().get_absolute_url()
    offers = {
        who: [o.name for o in login(who).get(path).context["offers"]] for who in ("mentor", "hr", "admin")
    }
    assert offers == {"mentor": [], "hr": ["reissue", "revoke"], "admin": []}


def test_the_administration_reads_and_never_writes(
    cast: Cast, login: Login, issued: Issued, settings: Any
) -> None:
    settings.DEMO = True
    made, client = issued(), login("admin")
    path = f"/admin/certificates/certificate/{made.pk}/change/"
    assert client.get("/admin/certificates/certificate/?q=seferov").status_code == 200
    shown = client.get(path)
    assert (shown.status_code, "Content type" in shown.text, "Object id" in shown.text) == (200, False, False)
    assert client.post(path, {"holder_name": "Saxta"}).status_code == 403
    assert client.get("/admin/certificates/certificate/add/").status_code == 403
    batch = actions.start_batch([cast.affiliation("mentor")], kind=KEY, actor=cast.user("hr"))
    for kept in (batch, batch.job):  # told apart by kind and time: their address is their owner's alone
        address = f"/admin/{kept._meta.app_label}/{kept._meta.model_name}/"
        for page in (client.get(address), client.get(f"{address}{kept.pk}/change/")):
            assert page.status_code == 200
            assert str(kept.uid) not in page.text


def test_a_line_that_is_signed_by_hand_is_not_said_to_be_signed_by_somebody(
    login: Login, issued: Issued
) -> None:
    made = issued()
    said = [{"position": {"az": "Şirkət adından", "en": "For the company"}, "name": ""}]
    Certificate.objects.filter(pk=made.pk).update(snapshot={**made.snapshot, "signatories": said})
    page = login("mentor").get(made.get_absolute_url()).content.decode()
    assert "<dt>İmza yeri</dt><dd>Şirkət adından</dd>" in page
    assert "<dt>İmzalayan</dt>" not in page
