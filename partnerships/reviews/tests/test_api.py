"""One's own reviews over the API: the rights, phases and words of the pages."""

import json
from types import SimpleNamespace

import pytest
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import ModelSerializer

from partnerships.ideas.models import Idea
from partnerships.reviews import actions
from partnerships.reviews.api import ReviewSerializer
from partnerships.reviews.models import Review
from partnerships.reviews.tests.conftest import again, fresh, idea, mark, opened

LIST, JSON = "/api/v1/reviews/", "application/json"


def url(review, verb=""):
    return f"{LIST}{review.uid}/{verb}{'/' if verb else ''}"


def test_a_reviewer_marks_and_hands_in_and_nobody_elses_row_is_there(cast, login, started):
    mine, other = started("expert", "mentor")
    expert = login("expert")
    assert [row["uid"] for row in expert.get(LIST).json()["results"]] == [str(mine.uid)]
    row = expert.get(url(mine))
    assert (row.json()["item"], row.json()["actions"][0]["name"]) == (cast.organiser.name, "submit")
    assert [line["text"] for line in row.json()["sheet"]][-1] == Idea.objects.get().text
    saved = expert.patch(
        url(mine), {"marks": {"overall": 4}, "comment": "Hələ"}, JSON, HTTP_IF_MATCH=row["ETag"]
    )
    assert (saved.status_code, saved.json()["state"], again(mine).comment) == (200, "draft", "Hələ")
    stale = expert.patch(url(mine), {"marks": {"overall": 1}}, JSON, HTTP_IF_MATCH=row["ETag"])
    assert (stale.status_code, again(mine).marks) == (412, {"overall": 4})
    assert expert.patch(url(mine), {"marks": {"overall": 9}}, JSON).status_code == 400
    sent = expert.post(url(mine, "submit"), {}, JSON)
    assert (sent.json()["state"], sent.json()["score"], again(mine).comment) == ("submitted", "4.00", "Hələ")
    assert expert.post(url(mine, "submit"), {}, JSON).status_code == 409
    assert [len(expert.get(LIST, {"waiting": word}).json()["results"]) for word in ("true", "false")] == [
        0,
        1,
    ]
    for who in ("student", "coordinator", "hr", "hr2", "partnerships"):  # the chair reads marks on pages
        assert login(who).get(url(mine)).status_code == 404, who
        assert login(who).get(LIST).json()["results"] == []
    assert expert.post(url(other, "decline"), {"note": "Yox"}, JSON).status_code == 404


def test_a_double_blind_row_names_nobody(cast, login, started):
    mine = started("expert", "mentor", blind="double")[0]
    told = login("expert").get(url(mine)).content.decode()
    assert [word in told for word in (cast.organiser.name, "ADNSU")] == [False, False]
    assert f"№ {Idea.objects.get().pk}" in told


def test_a_row_is_written_as_its_fields_say(cast, login, started, rf):
    mine, other = started("expert", "mentor")
    mark(cast, mine, "expert", 3)
    request = rf.get(LIST)
    request.user = cast.user("expert")
    for review in (again(mine), again(other)):
        for detail in (False, True):
            view = SimpleNamespace(detail=detail)
            written = ReviewSerializer(review, context={"view": view, "request": request})
            plain = ModelSerializer.to_representation(written, review)
            assert json.loads(JSONRenderer().render(written.to_representation(review))) == json.loads(
                JSONRenderer().render(plain)
            )


def test_a_declared_conflict_answers_with_nothing_and_hides_the_row(cast, login, started):
    mine = started("expert", "mentor")[0]
    expert = login("expert")
    assert expert.post(url(mine, "declare"), {"note": ""}, JSON).status_code == 400
    assert expert.post(url(mine, "declare"), {"note": "Qohum"}, JSON).status_code == 204
    assert (expert.get(url(mine)).status_code, again(mine).state) == (404, "conflict")


def test_marking_that_ended_is_refused_with_its_code(cast, login, started):
    mine = started("expert", "mentor")[0]
    actions.move(fresh(mine.round), "close", actor=cast.user("partnerships"))
    expert = login("expert")
    answer = expert.post(url(mine, "submit"), {"marks": {"overall": 3}}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "phase_closed")
    assert expert.patch(url(mine), {"marks": {"overall": 3}}, JSON).status_code == 409


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_any_size(cast, login, ask, rows, django_assert_num_queries):
    found = opened(cast, "expert")
    for n in range(rows):
        ask(found, idea(cast, n=n), "expert")
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    mark(cast, Review.objects.first(), "expert", 3)
    client = login("expert")
    client.get(LIST)
    with django_assert_num_queries(8):
        assert len(client.get(LIST).json()["results"]) == rows
