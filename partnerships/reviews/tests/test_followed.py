"""Following a round: its phases, its end and its day, to who may see it when it is told; never an item."""

from datetime import timedelta

from django.core import mail
from django.utils import timezone

from partnerships.common.clock import moment_in_words
from partnerships.notifications import actions as telling
from partnerships.notifications import outbox
from partnerships.notifications.letters import FOLLOWED
from partnerships.notifications.models import Follow, Message, Notification, Preference
from partnerships.notifications.rendering import reading
from partnerships.reviews import actions
from partnerships.reviews.models import Conflict, ReviewMember
from partnerships.reviews.tests.conftest import fresh, member, opened
from partnerships.reviews.tests.sample import reviews as sample


def news():
    rows = Notification.objects.filter(kind=FOLLOWED).order_by("pk", "person__email")
    return [(row.person.email.partition("@")[0], row.title["en"], row.path) for row in rows]


def address(found):
    return f"/inbox/follow/reviews.reviewround/{found.uid}/"


def test_chair_and_reviewer_follow_a_round_from_their_pages_and_strangers_do_not(cast, login, started):
    review = started("expert", "mentor")[0]
    found = review.round
    for name, page in (
        ("partnerships", found.get_absolute_url()),
        ("expert", f"/reviews/{review.uid}/"),
    ):
        client = login(name)
        assert address(found) in client.get(page).text
        answer = client.post(address(found), {"on": "1", "next": page})
        assert (answer.status_code, answer["Location"]) == (302, page)
    assert ": rəy turu" in login("expert").get(f"/reviews/{review.uid}/").text
    for name in ("student", "coordinator", "hr2", "trainer"):
        assert login(name).post(address(found), {"on": "1"}).status_code == 404
    assert sorted(Follow.objects.values_list("person__email", flat=True)) == [
        "expert@cast.example",
        "partnerships@cast.example",
    ]


def test_a_round_in_preparation_is_followed_by_who_leads_alone(cast, login):
    found = opened(cast, "expert", "mentor")
    assert login("expert").post(address(found), {"on": "1"}).status_code == 404
    assert login("partnerships").post(address(found), {"on": "1"}).status_code == 302


def test_followers_hear_of_phases_of_the_end_and_of_another_day_and_of_no_item(
    cast, started, django_capture_on_commit_callbacks
):
    review = started("expert", "mentor")[0]
    found, page = review.round, review.round.get_absolute_url()
    for name in ("expert", "admin", "partnerships"):
        telling.follow(found, actor=cast.user(name))
    # With the item itself the expert is in conflict: of the round they hear all the same, it names none.
    Conflict.objects.create(
        kind=sample.KEY,
        object_id=review.object_id,
        person=cast.expert,
        reason="Qohum",
        made_by=cast.user("partnerships"),
    )
    chair = cast.user("partnerships")
    due = timezone.now() + timedelta(days=30)
    with django_capture_on_commit_callbacks(execute=True):
        actions.change_round(found, actor=chair, version=fresh(found).version, title="Fikirlər", due=due)
    with reading("en"):
        day = moment_in_words(due)
    assert news() == [("expert", f"Fikirlər: marks are due by {day}", page)]
    with django_capture_on_commit_callbacks(execute=True):
        actions.change_round(fresh(found), actor=chair, version=fresh(found).version, title="Seçim")
    assert len(news()) == 1  # another title is no news
    with django_capture_on_commit_callbacks(execute=True):
        actions.move(fresh(found), "discuss", actor=chair)
        actions.move(fresh(found), "close", actor=chair)
    assert [row[:2] for row in news()[1:]] == [("expert", "Seçim: Closed")]
    # The phase itself came to the reviewers by a letter of its own, once.
    assert Notification.objects.filter(kind="reviews.phase", person=cast.expert).count() == 1
    assert "Fikir 1" not in str(list(Notification.objects.values_list("title", "body")))


def test_who_no_longer_reviews_hears_nothing_and_a_letter_on_its_way_is_stopped(
    cast, started, django_capture_on_commit_callbacks
):
    found = started("expert", "mentor", "trainer")[0].round
    for name in ("expert", "mentor", "trainer"):
        telling.follow(found, actor=cast.user(name))
        Preference.objects.create(person=getattr(cast, name), kind=FOLLOWED, channel="mail", timing="daily")
    chair = cast.user("partnerships")
    actions.set_member(member(found, cast.mentor), actor=chair, active=False)
    with django_capture_on_commit_callbacks(execute=True):
        actions.move(fresh(found), "close", actor=chair)
    assert sorted(who for who, _title, _page in news()) == ["expert", "trainer"]
    ReviewMember.objects.filter(person=cast.trainer).update(active=False)
    Message.objects.filter(kind=FOLLOWED).update(state="queued", hold_until=None)
    outbox.deliver()
    fate = {row.person: (row.state, row.suppressed) for row in Message.objects.filter(kind=FOLLOWED)}
    assert fate == {cast.expert: ("sent", ""), cast.trainer: ("suppressed", "rights")}
    assert [letter.to for letter in mail.outbox] == [["expert@cast.example"]]
