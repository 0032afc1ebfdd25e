"""Verbs of pages over the API: certificates, programmes, reported values, obligations, deputies; what
waits."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from internships.enums import ProgrammeState
from internships.models import Programme
from internships.tests import makers
from internships.tests.test_certificates import KEY, assessed
from partnerships.agreements import actions as agreements
from partnerships.agreements.models import Fulfilment
from partnerships.agreements.tests import makers as papers
from partnerships.certificates import actions as certificates
from partnerships.common.clock import today
from partnerships.directory import actions as directory
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation
from partnerships.indicators.models import ReportedValue
from partnerships.portal import reports as portal

pytestmark = pytest.mark.django_db
API = "/api/v1"
JSON = "application/json"
YEAR = today().year


def post(client: Any, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(f"{API}/{path}", body or {}, content_type=JSON, headers=headers)


def asked(client: Any, path: str) -> list[str]:
    """The names of the verbs that the row offers its reader."""
    return [verb["name"] for verb in client.get(f"{API}/{path}").json()["actions"]]


def test_a_certificate_is_revoked_by_the_company_alone_with_a_reason(cast, login):
    made = certificates.issue(assessed(cast), kind=KEY, actor=cast.user("hr"))
    path = f"certificates/{made.uid}/"
    offered = {who: asked(login(who), path) for who in ("hr", "student")}
    assert offered == {"hr": ["reissue", "revoke"], "student": []}
    hr, body = login("hr"), {"note": "Səhv qiymət"}
    told = [
        post(login("hr2"), f"{path}revoke/", body).status_code,
        post(login("student"), f"{path}revoke/", body).status_code,
        post(hr, f"{path}revoke/").status_code,
        post(hr, f"{path}revoke/", body, **{"If-Match": '"x"'}).status_code,
    ]
    assert told == [404, 403, 400, 412]
    done, again = post(hr, f"{path}revoke/", body), post(hr, f"{path}revoke/", body)
    assert (done.json()["standing"], done.json()["reason"]) == ("revoked", "Səhv qiymət")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")


def test_a_certificate_that_is_issued_anew_points_to_the_new_one(cast, login):
    made = certificates.issue(assessed(cast), kind=KEY, actor=cast.user("hr"))
    key = {"Idempotency-Key": "a1"}
    told = [post(login("hr"), f"certificates/{made.uid}/reissue/", {"note": "Ad"}, **key) for _n in range(2)]
    assert told[0].json() == told[1].json()
    assert (told[0].json()["standing"], told[1]["Idempotent-Replayed"]) == ("replaced", "true")
    new = [
        row
        for row in login("hr").get(f"{API}/certificates/").json()["results"]
        if row["standing"] == "issued"
    ]
    assert [row["code"] for row in new] == [told[0].json()["replaced_by"]]


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k-1"}])
def test_a_visitor_who_may_read_a_row_is_asked_to_sign_in_for_its_verbs(cast, client, headers):
    path = f"programmes/{makers.programme(cast).slug}/"
    assert client.get(f"{API}/{path}").status_code == 200
    answers = [post(client, f"{path}{verb}/", {"note": "Yox"}, **headers) for verb in ("publish", "cancel")]
    assert [(answer.status_code, "WWW-Authenticate" in answer) for answer in answers] == [(401, True)] * 2


def test_a_programme_is_published_by_its_company_and_taken_back_while_nobody_applied(cast, login):
    made = makers.programme(cast, published=False)
    path, hr = f"programmes/{made.slug}/", login("hr")
    assert (asked(hr, path), hr.get(f"{API}/{path}").json()["state"]) == (["publish"], "draft")
    assert [post(login(who), f"{path}publish/").status_code for who in ("hr2", "coordinator")] == [404, 404]
    tag = hr.get(f"{API}/{path}")["ETag"]
    published, stale = (post(hr, f"{path}publish/", **{"If-Match": tag}) for _n in range(2))
    assert (published.json()["state"], stale.status_code) == ("published", 412)
    assert (asked(login("coordinator"), path), post(login("coordinator"), f"{path}cancel/").status_code) == (
        [],
        400,
    )
    assert post(login("coordinator"), f"{path}cancel/", {"note": "Yox"}).status_code == 403
    assert post(hr, f"{path}unpublish/").json()["state"] == "draft"
    post(hr, f"{path}publish/")
    makers.sent(cast, Programme.objects.get(pk=made.pk))
    late = post(hr, f"{path}unpublish/")
    assert (late.status_code, post(hr, f"{path}cancel/").status_code) == (409, 400)
    assert post(hr, f"{path}cancel/", {"note": "Ləğv"}).json()["state"] == ProgrammeState.CANCELLED


def test_a_value_is_reported_by_one_and_confirmed_by_another(cast, login):
    body = {
        "indicator": "research.effect", "organization": cast.azerisiq.slug, "year": YEAR, "amount": "125000",
        "source": "Akt 7", "partner": cast.aztu.slug,
    }  # fmt: skip
    hr, other = login("hr"), login("partnerships")
    refused = [post(login(who), "reported-values/", body).status_code for who in ("student", "hr2")]
    wrong = post(hr, "reported-values/", {**body, "indicator": "internships.practices", "amount": "0"})
    assert (refused, wrong.status_code, [*wrong.json()]) == ([403, 403], 400, ["amount", "request_id"])
    made = post(hr, "reported-values/", body)
    assert (made.status_code, made.json()["state"]) == (201, "reported")
    path = f"reported-values/{made.json()['uid']}/"
    own = post(hr, f"{path}confirm/")
    assert (own.status_code, post(login("hr2"), f"{path}confirm/").status_code) == (403, 404)
    mended = hr.patch(f"{API}/{path}", {"amount": "130000.50"}, content_type=JSON)
    kept = (mended.json()["amount"], mended.json()["source"], mended.json()["partner"])
    assert kept == ("130000.50", "Akt 7", cast.aztu.slug)
    back = post(other, f"{path}return/", {"note": "Akt yoxdur"})
    assert (back.json()["state"], post(other, f"{path}confirm/").status_code) == ("returned", 409)
    hr.patch(f"{API}/{path}", {"source": "Akt 8"}, content_type=JSON)
    assert post(other, f"{path}confirm/").json()["confirmed_by"] == cast.partnerships.name
    late = hr.patch(f"{API}/{path}", {"source": "Akt 9"}, content_type=JSON)
    assert (late.status_code, ReportedValue.objects.get().source) == (409, "Akt 8")


def test_an_obligation_is_fulfilled_by_who_owes_it_or_keeps_the_agreement(cast, login):
    framework = papers.in_force(cast, ends=None)
    owed = agreements.add_obligation(
        framework, actor=cast.user("hr"), party=framework.in_order[1], what_az="Dərslik", amount=Decimal(2),
        figure="", due=today(),
    )  # fmt: skip
    everybody = ("hr", "coordinator", "rector", "coordinator2", "hr2", "student")
    seen = {who: len(login(who).get(f"{API}/obligations/").json()["results"]) for who in everybody}
    assert seen == {"hr": 1, "coordinator": 1, "rector": 1, "coordinator2": 0, "hr2": 0, "student": 0}
    path = f"obligations/{owed.uid}/"
    body = {"done_on": f"{today()}", "amount": "1", "note": "Birinci cild"}
    assert [post(login(who), f"{path}fulfil/", body).status_code for who in ("hr2", "coordinator")] == [
        404,
        403,
    ]
    ahead = {**body, "done_on": f"{today() + timedelta(days=2)}", "amount": None}
    assert sorted(post(login("hr"), f"{path}fulfil/", ahead).json()) == ["amount", "done_on", "request_id"]
    done = post(login("hr"), f"{path}fulfil/", body).json()
    assert (done["done_by_hand"], [part["note"] for part in done["fulfilments"]]) == (
        "1.00",
        ["Birinci cild"],
    )
    assert Fulfilment.objects.count() == 1
    none = login("hr").get(f"{API}/obligations/", {"agreement": str(owed.uid)}).json()["results"]
    assert none == []


def test_a_deputyship_is_declined_by_the_deputy_and_seen_by_the_two_alone(cast, login):
    role = Affiliation.objects.get(person=cast.hr, role=Role.HR)
    named = directory.name_deputy(
        role, cast.mentor, actor=cast.user("hr"), reason="Məzuniyyət",
        starts=today(), ends=today() + timedelta(days=3),
    )  # fmt: skip
    path = f"deputyships/{named.uid}/"
    offered = {who: asked(login(who), path) for who in ("hr", "mentor")}
    assert offered == {"hr": ["revoke"], "mentor": ["decline"]}
    codes = [login(who).get(f"{API}/{path}").status_code for who in ("mentor2", "hr2", "coordinator")]
    assert (codes, login("hr2").get(f"{API}/deputyships/").json()["results"]) == ([404] * 3, [])
    assert post(login("mentor"), f"{path}decline/").status_code == 400
    assert post(login("mentor"), f"{path}decline/", {"note": "Bacarmıram"}).json()["state"] == "declined"
    assert post(login("hr"), f"{path}revoke/").json()["code"] == "illegal_transition"


def test_what_waits_is_that_of_the_page(cast, client, login):
    made = makers.programme(cast)
    makers.sent(cast, made)
    makers.endorsed(cast, made, "student2")
    lengths = {}
    for who in ("hr", "coordinator", "coordinator2", "hr2"):
        told = login(who).get(f"{API}/todo/").json()
        expected = portal.todos(cast.user(who))
        assert [(row["title"], row["page"]) for row in told] == [(one.title, one.url) for one in expected]
        lengths[who] = len(told)
    assert (lengths["hr"] > 0, lengths["coordinator"] > 0, lengths["hr2"]) == (True, True, 0)
    assert client.get(f"{API}/todo/").status_code == 401


def test_a_mistyped_name_is_said_and_what_the_row_says_may_come_back(cast, login):
    draft, student = makers.draft(cast, makers.programme(cast)), login("student")
    said = {"uid": str(draft.uid), "state": "draft", "actions": []}  # by the row of itself
    wrong = patch(student, draft, {"motivaton": "Yeni"})
    assert (wrong.status_code, set(wrong.json())) == (400, {"motivaton", "request_id"})
    assert "motivation" in wrong.json()["motivaton"][0]
    assert patch(student, draft, {**said, "motivation": "Yeni"}).json()["motivation"] == "Yeni"
    asked = student.post(
        f"/api/v1/applications/{draft.uid}/withdraw/", {"nota": "Yox"}, content_type="application/json"
    )
    assert (asked.status_code, makers.again(draft).state) == (400, "draft")


def patch(client, row, body):
    return client.patch(f"/api/v1/applications/{row.uid}/", body, content_type="application/json")
