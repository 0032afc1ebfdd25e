"""The API says and does what the pages do, with the same rights."""

from datetime import date

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from rest_framework.serializers import ModelSerializer

from internships.api import ApplicationViewSet
from internships.enums import DiaryState, PlacementState
from internships.models import Application, DiaryEntry, Placement
from internships.tests import makers
from partnerships.testing import factories as make

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_what_is_open_and_nothing_personal(cast, client):
    made = makers.programme(cast)
    application = makers.endorsed(cast, made)
    assert [row["slug"] for row in client.get("/api/v1/programmes/").json()["results"]] == [made.slug]
    places = client.get("/api/v1/positions/").json()["results"]
    assert [(row["seats"], row["seats_left"]) for row in places] == [(2, 2)]
    found = client.get("/api/v1/organizations/", {"q": "AZERISIQ"}).json()["results"]
    assert [row["acronym"] for row in found] == ["Azərişıq"]
    for address in ("/api/v1/applications/", f"/api/v1/applications/{application.uid}/"):
        assert client.get(address).status_code == 401


def test_drafts_of_programmes_stay_with_their_company(cast, client, login):
    made = makers.programme(cast, published=False)
    assert client.get(f"/api/v1/programmes/{made.slug}/").status_code == 404
    assert login("hr2").get(f"/api/v1/programmes/{made.slug}/").status_code == 404
    assert login("hr").get(f"/api/v1/programmes/{made.slug}/").status_code == 200


def test_a_student_applies_through_the_api_and_the_others_see_what_is_theirs(cast, login):
    made = makers.programme(cast)
    student = login("student")
    place = str(makers.vacancy(made).uid)
    started = student.post("/api/v1/applications/", {"position": place}, content_type="application/json")
    assert (started.status_code, started.json()["state"], started.json()["choices"]) == (
        201,
        "draft",
        [place],
    )
    address = f"/api/v1/applications/{started.json()['uid']}/"
    changed = student.patch(address, {"motivation": "Şəbəkəni görmək"}, content_type="application/json")
    assert (changed.status_code, changed.json()["motivation"]) == (200, "Şəbəkəni görmək")
    assert [offered["name"] for offered in changed.json()["actions"]] == ["submit", "withdraw"]
    assert login("coordinator").get(address).status_code == 404
    sent = student.post(f"{address}submit/", {}, content_type="application/json")
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted")
    answers = {
        name: login(name).get(address).status_code
        for name in ("coordinator", "coordinator2", "hr", "student2")
    }
    assert answers == {"coordinator": 200, "coordinator2": 404, "hr": 404, "student2": 404}
    endorsed = login("coordinator").post(f"{address}endorse/", {}, content_type="application/json")
    assert endorsed.json()["state"] == "in_review"


def test_refusals_say_what_and_why(cast, login):
    application = makers.sent(cast, makers.programme(cast))
    address = f"/api/v1/applications/{application.uid}/"
    student, coordinator = login("student"), login("coordinator")
    twice = student.post(f"{address}submit/", {}, content_type="application/json")
    assert (twice.status_code, twice.json()["code"]) == (409, "illegal_transition")
    foreign = student.post(f"{address}endorse/", {}, content_type="application/json")
    assert (foreign.status_code, foreign.json()["code"]) == (403, "refused")
    empty = coordinator.post(f"{address}return/", {"note": " "}, content_type="application/json")
    assert (empty.status_code, list(empty.json())) == (400, ["note", "request_id"])
    stranger = login("student2").post(f"{address}withdraw/", {}, content_type="application/json")
    assert stranger.status_code == 404


def test_a_token_acts_with_exactly_the_rights_of_its_owner(cast, login):
    application = makers.endorsed(cast, makers.programme(cast))
    session = login("hr")
    session.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    asked = {"name": "x", "writes": True}
    made = session.post("/api/v1/tokens/", asked, content_type="application/json")
    assert made.status_code == 201
    program = Client(headers={"Authorization": f"Token {made.json()['token']}"})
    assert program.get(f"/api/v1/applications/{application.uid}/").status_code == 200
    offered = program.post(
        f"/api/v1/applications/{application.uid}/offer/", {}, content_type="application/json"
    )
    assert offered.json()["state"] == "offered"
    assert program.post("/api/v1/tokens/", content_type="application/json").status_code == 403
    assert program.post("/api/v1/tokens/end/", content_type="application/json").status_code == 204
    assert program.get(f"/api/v1/applications/{application.uid}/").status_code == 401


def test_errors_are_in_the_language_of_the_account(cast, login):
    application = makers.sent(cast, makers.programme(cast))
    client = login("student")
    answer = client.post(
        f"/api/v1/applications/{application.uid}/submit/", {}, content_type="application/json"
    )
    assert answer["Content-Language"] == "az"


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_of_applications_costs_the_same_at_any_length(cast, login, django_assert_num_queries, number):
    made = makers.programme(cast)
    for who in ("student", "colleague", "student2")[:number]:
        makers.endorsed(cast, made, who)
    client = login("hr")
    client.get("/api/v1/applications/")
    with django_assert_num_queries(8):
        assert len(client.get("/api/v1/applications/").json()["results"]) == number


def test_a_list_offers_what_each_of_its_rows_offers_by_itself(cast, login):
    """A list reads no more than its verbs look at; whether papers are there is asked of what can be sent."""
    makers.endorsed(cast, makers.programme(cast))
    lacking = makers.draft(cast, makers.programme(cast, title="Qış", cv_required=True))
    lacking.documents.all().delete()
    makers.draft(cast, makers.programme(cast, title="Yaz", cv_required=True, transcript_required=True))
    makers.sent(cast, makers.programme(cast, title="Payız"))
    blocked = {}
    for who in ("student", "coordinator", "hr"):
        client = login(who)
        for row in client.get("/api/v1/applications/").json()["results"]:
            assert row == client.get(f"/api/v1/applications/{row['uid']}/").json(), who
            blocked |= {(who, row["uid"], verb["name"]): verb["blocked"] for verb in row["actions"]}
    sending = [why for (_who, _uid, verb), why in blocked.items() if verb == "submit"]
    assert len(sending) == 2
    assert sending.count(None) == 1
    assert blocked["student", str(lacking.uid), "submit"]
    assert {"endorse", "offer"} <= {verb for _who, _uid, verb in blocked}


def test_a_stranger_reads_nothing_out_of_a_body_that_is_wrong(cast, login):
    application = makers.endorsed(cast, makers.programme(cast))
    address = f"/api/v1/applications/{application.uid}/"
    for who, code in (("hr", 400), ("hr2", 404), ("student2", 404)):
        answer = login(who).post(f"{address}refuse/", {"code": "no such"}, content_type="application/json")
        assert (who, answer.status_code) == (who, code)
    wrong = login("student2").patch(address, {"choices": "x"}, content_type="application/json")
    assert wrong.status_code == 404


def test_only_what_has_an_address_is_offered(cast, login):
    """A paper is entered, a talk set, a mark given on pages: a program is told of nothing it cannot call."""
    row = makers.active(cast, supervisor=cast.supervisor)
    DiaryEntry.objects.create(
        placement=row,
        date=date(2027, 6, 21),
        state=DiaryState.SUBMITTED,
        work="iş",
        submitted_at=timezone.now(),
    )
    Placement.objects.update(state=PlacementState.FINISHED, mark=None)
    makers.endorsed(cast, makers.programme(cast, title="Qış"), "colleague")
    makers.draft(cast, makers.programme(cast, title="Açıq", endorsement_required=False), "colleague")
    seen = set()
    for who in ("student", "colleague", "coordinator", "mentor", "hr"):
        client = login(who)
        for resource in ("applications", "placements", "diary"):
            for found in client.get(f"/api/v1/{resource}/").json()["results"]:
                for verb in found["actions"]:
                    name = verb["name"].replace("_", "-")
                    resolve(f"/api/v1/{resource}/{found['uid']}/{name}/")  # Resolver404 where there is none
                    seen.add(name)
    assert seen >= {"offer", "confirm", "return", "submit-open", "take-back"}
    assert not seen & {"enter-paper", "invite", "assess"}


def test_an_application_is_written_as_its_fields_say_it(cast, rf):
    """Fifty of a page are written without the fields of the framework; nothing of it may differ."""
    made = makers.programme(cast)
    drafted = makers.draft(cast, makers.programme(cast, title="Açıq"), "colleague")
    offered = makers.offered(cast, made, "student2")
    Application.objects.filter(pk=offered.pk).update(score=81)
    makers.placement(cast, makers.programme(cast, title="Qış"), "student")
    Application.objects.filter(pk=drafted.pk).update(university=None)
    written = []
    for who in ("student", "colleague", "hr", "coordinator2", "admin"):
        request = rf.get("/")
        request.user = cast.user(who)
        view = ApplicationViewSet(request=request, action="retrieve", format_kwarg=None)
        for row in view.get_queryset():
            of_row = view.get_serializer(row)
            plain = ModelSerializer.to_representation(of_row, row)
            assert list(of_row.to_representation(row).items()) == list(plain.items())
            written.append(plain)
    assert {row["state"] for row in written} >= {"draft", "offered", "accepted"}
    assert any(row["offer_expires"] for row in written)
    assert any(row["score"] for row in written)
