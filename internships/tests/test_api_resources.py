"""Affiliations, interviews, documents, notifications, requests, ideas, reviews and jobs over the API."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from internships import actions
from internships.models import Interview
from internships.reviews import KEY
from internships.tests import makers
from partnerships.certificates.models import Batch, BatchItem
from partnerships.common.clock import today
from partnerships.common.jobs import labels
from partnerships.common.models import Job
from partnerships.directory.models import Affiliation
from partnerships.ideas import actions as ideas
from partnerships.ideas.models import Idea
from partnerships.joining import actions as joining
from partnerships.notifications.models import Notification
from partnerships.reviews import actions as reviews
from partnerships.reviews.models import Review, ReviewRound

pytestmark = pytest.mark.django_db
JSON = "application/json"
API = "/api/v1"
BOTH = ("true", "false")


def note(cast, who="partnerships", title="Birgə laboratoriya"):
    day = today() + timedelta(days=3)
    return ideas.note(actor=cast.user(who), title=title, next_step="Zəng", next_on=day)


def asked():
    values = {"kind": "university", "contact_name": "Aysel", "email": "a@new.example", "language": "az"}
    return joining.ask_to_join(name="Yeni universitet", **values)


def told(cast, who="student"):
    words = {"az": "Salam", "en": "Hello"}
    return Notification.objects.create(
        person=makers.person_of(cast, who), kind="x", title=words, body=words, path="/home/"
    )


def talk(cast):
    application = makers.endorsed(cast, makers.programme(cast))
    starts = timezone.now() + timedelta(days=2)
    values = {"starts": starts, "ends": starts + timedelta(hours=1), "place": "Bakı"}
    actions.invite(application, actor=cast.user("hr"), interviewer=cast.hr, **values)
    return Interview.objects.get()


def waiting(cast):
    row = Affiliation.objects.get(person=cast.student)
    Affiliation.objects.filter(pk=row.pk).update(state="requested")
    return row


def marking(cast):
    """A candidate whom human resources mark themselves; as a chair they read the others' marks on pages."""
    made = makers.programme(cast)
    makers.endorsed(cast, made)
    chair, due = cast.user("hr"), timezone.now() + timedelta(days=5)
    found = reviews.open_round(KEY, made, [cast.hr], actor=chair, title="Komissiya", due=due)
    reviews.assign_automatically(found, actor=chair)
    reviews.move(found, "start", actor=chair)
    return Review.objects.get(round=found)


def judged(cast):
    """The round of that candidate, which human resources lead and mark in."""
    return marking(cast).round


def issued_together(cast):
    batch = Batch.objects.create(owner=cast.user("hr"), kind="internships.practice")
    BatchItem.objects.create(batch=batch, object_id=1, name="Nigar", state="refused", reason="Hazır deyil")
    return batch


CASES = {
    "affiliations": (waiting, {"student", "coordinator", "admin"}),
    "interviews": (talk, {"student", "hr", "admin"}),
    "documents": (
        lambda cast: makers.document(makers.draft(cast, makers.programme(cast)), "cv"),
        {"student", "admin"},
    ),
    "notifications": (told, {"student"}),
    "join-requests": (lambda cast: asked(), {"partnerships", "admin"}),
    "ideas": (note, {"partnerships", "admin"}),
    "reviews": (marking, {"hr"}),
    "review-rounds": (judged, {"hr"}),
    "certificate-batches": (issued_together, {"hr"}),
    "jobs": (
        lambda cast: Job.objects.create(kind=next(iter(labels())), owner=cast.user("student")),
        {"student"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_row_is_read_by_whom_it_concerns_and_by_nobody_else(cast, client, login, name):
    make, readers = CASES[name]
    row = make(cast)
    everybody = ("student", "student2", "coordinator", "coordinator2", "hr", "hr2", "partnerships", "admin")
    seen, listed = {}, {}
    for who in everybody:
        session = login(who)
        seen[who] = session.get(f"{API}/{name}/{row.uid}/").status_code
        rows = session.get(f"{API}/{name}/").json()["results"]
        listed[who] = str(row.uid) in [found["uid"] for found in rows]
    assert {who for who, code in seen.items() if code == 200} == readers
    assert set(seen.values()) == {200, 404}
    assert {who for who, there in listed.items() if there} == readers
    assert client.get(f"{API}/{name}/").status_code == 401


@pytest.mark.parametrize(
    ("name", "who", "verb", "body", "field", "value"),
    [
        ("affiliations", "coordinator", "confirm", {}, "state", "verified"),
        ("affiliations", "coordinator", "refuse", {"note": "Tanımırıq"}, "state", "refused"),
        ("interviews", "hr", "cancel", {"note": "Xəstəlik"}, "state", "cancelled"),
        ("join-requests", "partnerships", "ask", {"note": "Kimsiniz?"}, "state", "asked"),
        ("reviews", "hr", "submit", {"marks": {"overall": 4}}, "state", "submitted"),
        ("review-rounds", "hr", "discuss", {}, "phase", "discussion"),
        ("ideas", "partnerships", "drop", {"note": "Alınmadı"}, "state", "dropped"),
    ],
)
def test_a_verb_is_done_by_whom_it_is_offered_to(cast, login, name, who, verb, body, field, value):
    row = CASES[name][0](cast)
    address = f"{API}/{name}/{row.uid}/"
    offered = [one["name"] for one in login(who).get(address).json()["actions"]]
    assert verb in offered
    stranger = login("hr2").post(f"{address}{verb}/", body, content_type=JSON)
    done = login(who).post(f"{address}{verb}/", body, content_type=JSON)
    again = login(who).post(f"{address}{verb}/", body, content_type=JSON)
    assert (stranger.status_code, done.status_code, done.json()[field]) == (404, 200, value)
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")


def test_a_notification_is_marked_read_and_the_filter_knows(cast, login):
    row, session = told(cast), login("student")
    address = f"{API}/notifications/{row.uid}/"
    tag = session.get(address)["ETag"]
    unread = [len(session.get(f"{API}/notifications/", {"unread": said}).json()["results"]) for said in BOTH]
    assert (unread, login("student2").post(f"{address}read/").status_code) == ([1, 0], 404)
    stale = session.post(f"{address}read/", {}, content_type=JSON, headers={"If-Match": '"x"'})
    read = session.post(f"{address}read/", {}, content_type=JSON, headers={"If-Match": tag})
    assert (stale.status_code, read.status_code, read.json()["read_at"] is not None) == (412, 200, True)
    unread = [len(session.get(f"{API}/notifications/", {"unread": said}).json()["results"]) for said in BOTH]
    assert unread == [0, 1]


def test_an_idea_is_noted_once_and_by_nobody_without_a_role(cast, login):
    day = (today() + timedelta(days=2)).isoformat()
    body = {"title": "Birgə kurs", "next_step": "Görüş", "next_on": day, "partner": cast.aztu.slug}
    key = {"Idempotency-Key": "idea-1"}
    made = [login("partnerships").post(f"{API}/ideas/", body, content_type=JSON, headers=key) for _ in "12"]
    assert [answer.status_code for answer in made] == [201, 201]
    assert Idea.objects.count() == 1
    student = login("student").post(f"{API}/ideas/", body, content_type=JSON)
    assert (student.status_code, student.json()["code"]) == (403, "refused")
    wrong = login("partnerships").post(f"{API}/ideas/", body | {"partner": "no"}, content_type=JSON)
    assert (wrong.status_code, "partner" in wrong.json()) == (400, True)


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_of_ideas_costs_the_same_at_any_length(cast, login, django_assert_num_queries, number):
    for at in range(number):
        note(cast, title=f"Fikir {at}")
    session = login("partnerships")
    session.get(f"{API}/ideas/")
    with django_assert_num_queries(5):
        rows = session.get(f"{API}/ideas/").json()["results"]
    assert [row["actions"] for row in rows] == [None] * number


def test_a_talk_is_scheduled_and_moved_by_the_company_alone(cast, login):
    application = makers.endorsed(cast, makers.programme(cast))
    starts = timezone.now() + timedelta(days=2)
    body = {
        "application": str(application.uid),
        "interviewer": cast.mentor.email,
        "starts": starts.isoformat(),
        "ends": (starts + timedelta(minutes=30)).isoformat(),
        "place": "Bakı",
    }
    post = lambda who, **more: login(who).post(f"{API}/interviews/", {**body, **more}, "application/json")  # noqa: E731
    assert post("hr", interviewer=cast.student.email).json()["interviewer"]
    # A candidate cannot ask by address who works at the company.
    assert post("student", interviewer="heckim@azerishiq.example").status_code == 403
    assert [post(who).status_code for who in ("hr2", "student", "hr")] == [400, 403, 201]
    assert post("hr").json()["code"] == "illegal_transition"  # invited already
    talk = Interview.objects.get()
    assert (talk.interviewer, talk.place) == (cast.mentor, "Bakı")
    later = starts + timedelta(days=1)
    moved = {
        "starts": later.isoformat(),
        "ends": (later + timedelta(minutes=30)).isoformat(),
        "note": "Səbəb",
    }
    answer = login("hr").post(f"{API}/interviews/{talk.uid}/reschedule/", moved, "application/json")
    assert (answer.status_code, Interview.objects.get().starts) == (200, later)


def test_an_idea_is_corrected_by_whom_it_is_and_what_comes_next_is_not(cast, login):
    idea = note(cast)
    address = f"{API}/ideas/{idea.uid}/"
    body = {"title": "Birgə sınaq laboratoriyası", "next_step": "Görüş"}
    answer = login("partnerships").patch(address, body, "application/json")
    assert (answer.status_code, answer.json()["title"]) == (200, "Birgə sınaq laboratoriyası")
    assert (answer.json()["next_step"], answer.json()["version"]) == ("Zəng", idea.version + 1)
    stale = login("partnerships").patch(address, body, "application/json", HTTP_IF_MATCH='"1-0"')
    assert (stale.status_code, login("hr2").patch(address, body, "application/json").status_code) == (
        412,
        404,
    )


def test_a_round_says_how_far_it_is_and_reviews_come_in_the_orders_of_the_page(cast, login):
    mine, session = marking(cast), login("hr")
    row = session.get(f"{API}/review-rounds/{mine.round.uid}/").json()
    told = [row[name] for name in ("title", "phase", "to_mark", "marked", "asked", "handed_in", "scale")]
    assert told == ["Komissiya", "marking", 1, 0, 1, 0, "Beşballıq şkala"]
    for name, sorts in (("reviews", ("work", "new", "due")), ("review-rounds", ("work", "new", "due"))):
        pages = [session.get(f"{API}/{name}/", {"sort": sort}) for sort in sorts]
        assert [page.status_code for page in pages] == [200] * 3
        assert [len(page.json()["results"]) for page in pages] == [1] * 3
        assert session.get(f"{API}/{name}/", {"sort": "other"}).status_code == 400
    shown = [
        len(session.get(f"{API}/review-rounds/", {"show": key}).json()["results"])
        for key in ("mark", "closed")
    ]
    assert shown == [1, 0]


def test_reviews_are_ordered_by_what_waits_and_by_their_day(cast, login):
    first = marking(cast)
    other = ReviewRound.objects.get()
    other.pk, other.uid, other.container_id = None, uuid4(), other.container_id + 1
    other.due, other.kind = other.due - timedelta(days=2), first.round.kind
    other.save()
    member = first.member
    member.pk, member.uid, member.round = None, uuid4(), other
    member.save()
    sooner = Review.objects.get(pk=first.pk)
    sooner.pk, sooner.uid, sooner.round, sooner.member, sooner.state = (
        None,
        uuid4(),
        other,
        member,
        "submitted",
    )
    sooner.score, sooner.submitted_at = 4, timezone.now()
    sooner.save()
    session = login("hr")
    order = {
        sort: [row["uid"] for row in session.get(f"{API}/reviews/", {"sort": sort}).json()["results"]]
        for sort in ("work", "new", "due")
    }
    a, b = str(first.uid), str(sooner.uid)
    assert order == {"work": [a, b], "new": [b, a], "due": [b, a]}


def test_a_batch_tells_what_became_of_each_on_its_own_row_alone(cast, login):
    batch, session = issued_together(cast), login("hr")
    row = session.get(f"{API}/certificate-batches/{batch.uid}/").json()
    assert (row["state"], row["chosen"], row["issued"]) == ("stopped", 1, 0)
    assert [(one["name"], one["state"], one["certificate"], one["reason"]) for one in row["items"]] == [
        ("Nigar", "refused", None, "Hazır deyil")
    ]
    listed = session.get(f"{API}/certificate-batches/", {"show": "stopped"}).json()["results"]
    assert [(one["uid"], one["items"]) for one in listed] == [(str(batch.uid), None)]
    assert session.get(f"{API}/certificate-batches/", {"show": "done"}).json()["results"] == []
    gone = {"ends": today() - timedelta(days=1), "updated": timezone.now()}
    Affiliation.objects.filter(person=cast.hr).update(**gone)
    assert session.get(f"{API}/certificate-batches/{batch.uid}/").json()["items"] is None
