"""Following an application: told of what moves, with the right asked again; and the page of what was sent."""

from typing import Any

import pytest
from django.utils import timezone

from internships import actions
from internships.tests import makers
from partnerships.directory.access import access_of
from partnerships.directory.models import Affiliation
from partnerships.notifications import actions as telling_actions
from partnerships.notifications import outbox
from partnerships.notifications.letters import FOLLOWED, NEWS_KIND
from partnerships.notifications.models import Follow, Message, Notification, Preference
from partnerships.testing.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(cast: Cast, django_capture_on_commit_callbacks: Any) -> Any:
    with django_capture_on_commit_callbacks(execute=True):
        return makers.endorsed(cast, makers.programme(cast))


def address(application: Any) -> str:
    return f"/inbox/follow/internships.application/{application.uid}/"


def news(cast: Cast, name: str) -> list[str]:
    rows = Notification.objects.filter(person=getattr(cast, name), kind=FOLLOWED)
    return [row.title["az"] for row in rows.order_by("pk")]


def test_who_follows_is_told_once_of_what_moves_and_not_of_their_own_doing(
    cast: Cast, login: Any, application: Any, django_capture_on_commit_callbacks: Any
) -> None:
    page = application.get_absolute_url()
    for name in ("admin", "coordinator"):
        client = login(name)
        assert "İzlə<" in client.get(page).text
        for _press in range(2):
            answer = client.post(address(application), {"on": "1", "next": page})
            assert (answer.status_code, answer["Location"]) == (302, page)
        assert "İzləməyi dayandır<" in client.get(page).text
    assert Follow.objects.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(application, actor=cast.user("student"), note="Başqa yer tapdım")
    assert news(cast, "admin") == [f"{application.number}: Geri götürülüb"]
    assert "Başqa yer" not in str(Notification.objects.filter(kind=FOLLOWED).values_list("body"))
    assert news(cast, "student") == []
    assert login("admin").post(address(application), {"on": "0"}).status_code == 302
    assert list(Follow.objects.values_list("person", flat=True)) == [cast.coordinator.pk]


def test_a_follower_who_lost_the_right_gets_nothing(
    cast: Cast, application: Any, django_capture_on_commit_callbacks: Any
) -> None:
    for name in ("coordinator", "coordinator2", "stranger", "admin"):
        telling_actions.follow(application, actor=cast.user(name))
    yesterday = timezone.now().date() - timezone.timedelta(days=1)
    Affiliation.objects.filter(person=cast.coordinator).update(ends=yesterday)
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(application, actor=cast.user("student"), note="")
    told = Notification.objects.filter(kind=FOLLOWED).values_list("person", flat=True)
    assert list(told) == [cast.admin.pk]


def test_a_right_lost_between_news_and_letter_stops_the_letter(
    cast: Cast, application: Any, django_capture_on_commit_callbacks: Any
) -> None:
    telling_actions.follow(application, actor=cast.user("admin"))
    Preference.objects.create(person=cast.admin, kind=FOLLOWED, channel="mail", timing="daily")
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(application, actor=cast.user("student"), note="")
    letter = Message.objects.get(person=cast.admin, kind=FOLLOWED)
    assert letter.state == "held"
    Affiliation.objects.filter(person=cast.admin).update(
        ends=timezone.now().date() - timezone.timedelta(days=1)
    )
    Message.objects.filter(pk=letter.pk).update(state="queued")
    outbox.deliver()
    letter.refresh_from_db()
    assert (letter.state, letter.suppressed) == ("suppressed", "rights")


def test_nobody_follows_what_they_may_not_see_nor_what_is_no_record(
    cast: Cast, login: Any, application: Any
) -> None:
    for name in ("coordinator2", "stranger", "student2"):
        assert login(name).post(address(application), {"on": "1"}).status_code == 404
    client = login("admin")
    assert client.get(address(application)).status_code == 405
    for key in ("internships.concern", "directory.person", "notifications.message", "made.up", "x"):
        assert client.post(f"/inbox/follow/{key}/{application.uid}/", {"on": "1"}).status_code == 404
    assert not Follow.objects.exists()


def test_what_i_follow_shows_no_name_of_what_i_no_longer_see(
    cast: Cast, login: Any, application: Any
) -> None:
    telling_actions.follow(application, actor=cast.user("coordinator"))
    client = login("coordinator")
    assert application.number in client.get("/inbox/following/").text
    Affiliation.objects.filter(person=cast.coordinator).update(
        ends=timezone.now().date() - timezone.timedelta(days=1)
    )
    page = login("coordinator").get("/inbox/following/").text
    assert application.number not in page
    assert "Onu görmək hüququnuz artıq yoxdur" in page
    row = Follow.objects.get()
    login("hr").post("/inbox/following/", {"row": row.pk})
    assert Follow.objects.exists()
    login("coordinator").post("/inbox/following/", {"row": row.pk})
    assert not Follow.objects.exists()


def test_what_was_sent_says_why_and_what_became_of_it(cast: Cast, login: Any, application: Any) -> None:
    page = login("student").get("/inbox/sent/").text
    assert "Universitetim məni təsdiq etdi · namizəd kimi" in page
    assert "göndərilib" in page
    assert cast.coordinator.name not in page
    other = login("student2").get("/inbox/sent/").text
    assert "Sizə hələ heç nə göndərilməyib" in other


@pytest.mark.parametrize("size", [1, 15])
def test_the_page_of_what_was_sent_costs_the_same_at_any_length(
    cast: Cast, application: Any, size: int, django_assert_num_queries: Any
) -> None:
    from partnerships.notifications import sent

    first = Notification.objects.filter(person=cast.student).first()
    Notification.objects.bulk_create(
        Notification(
            person=cast.student, kind=first.kind, title=first.title, body=first.body, path=first.path
        )
        for _n in range(size)
    )
    user = cast.user("student")
    access_of(user)  # once a request
    with django_assert_num_queries(2):
        sent.told(user, {})
        sent.letters(user, {})


def test_a_programme_is_followed_from_its_public_page_and_one_that_is_hidden_by_nobody(cast, login, client):
    made, hidden = makers.programme(cast), makers.programme(cast, published=False, title="Gizli")
    here = "/inbox/follow/internships.programme"
    student = login("student")
    assert f"{here}/{made.uid}/" in student.get(made.get_absolute_url()).text
    assert here not in client.get(made.get_absolute_url()).text
    assert student.post(f"{here}/{made.uid}/", {"on": "1"}).status_code == 302
    assert student.post(f"{here}/{hidden.uid}/", {"on": "1"}).status_code == 404
    assert made.title in student.get("/inbox/following/").text


def test_a_new_programme_is_news_to_who_follows_the_company_and_to_nobody_else(
    cast: Cast, login: Any, django_capture_on_commit_callbacks: Any
) -> None:
    follow = "/inbox/follow/directory.organization/{}/"
    page = f"/partners/{cast.azerisiq.slug}/"
    student = login("student")
    assert "İzlə<" in student.get(page).text
    student.post(follow.format(cast.azerisiq.uid), {"on": "1", "next": page})
    assert "İzləməyi dayandır<" in student.get(page).text
    login("student2").post(follow.format(cast.other_company.uid), {"on": "1"})
    login("hr").post(follow.format(cast.azerisiq.uid), {"on": "1"})
    with django_capture_on_commit_callbacks(execute=True):
        programme = makers.programme(cast)
    # Human resources published it themselves.
    rows = Notification.objects.filter(kind=NEWS_KIND)
    assert [(row.person, row.title["az"], row.path) for row in rows] == [
        (
            cast.student,
            f"{cast.azerisiq.display_name} · Yeni proqram: {programme.title}",
            programme.get_absolute_url(),
        )
    ]
    assert cast.azerisiq.display_name in student.get("/inbox/following/").text
