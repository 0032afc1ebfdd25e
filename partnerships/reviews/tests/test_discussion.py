"""What reviewers say to each other about an item: who reads it, under which name, who writes, and when."""

import pytest
from django.urls import reverse

from partnerships.common.clock import baku_date
from partnerships.common.refusals import Refused
from partnerships.ideas.models import Idea
from partnerships.notifications.models import Notification
from partnerships.reviews import actions
from partnerships.reviews.models import Remark, ReviewRound
from partnerships.reviews.source import SOURCE
from partnerships.reviews.tests.conftest import blocked, fresh, mark
from partnerships.reviews.tests.sample import reviews as sample

WORDS = "Ölçmə üsulu köhnədir"


@pytest.fixture
def discussed(cast, started):
    """discussed(blind=...): a round of one idea, marked by expert and mentor, in discussion."""

    def make(**values):
        reviews = started("expert", "mentor", **values)
        for review, who in zip(reviews, ("expert", "mentor"), strict=True):
            mark(cast, review, who, 3)
        found = reviews[0].round
        actions.move(fresh(found), "discuss", actor=cast.user("partnerships"))
        return fresh(found), Idea.objects.get()

    return make


def address(found, row, name="say"):
    return reverse(f"reviews:{name}", args=[found.uid, row.uid])


@pytest.mark.parametrize(
    ("blind", "seen_by_expert", "seen_by_chair"),
    [("open", "{mentor}", "{mentor}"), ("blind", "Rəyçi 2", "{mentor}"), ("double", "Rəyçi 2", "{mentor}")],
)
def test_who_writes_is_named_as_the_round_names_reviewers(
    cast, login, discussed, blind, seen_by_expert, seen_by_chair
):
    found, row = discussed(blind=blind)
    mentor, url = login("mentor"), address(found, row)
    for _twice in range(2):  # a double click says it once
        assert mentor.post(url, {"text": WORDS}).status_code == 302
    login("partnerships").post(url, {"text": "Razıyam"})
    assert Remark.objects.count() == 2
    pages = {who: login(who).get(address(found, row, "item")) for who in ("mentor", "expert", "partnerships")}
    names = {who: [line.who for line in page.context["discussion"]["said"]] for who, page in pages.items()}
    chair = cast.partnerships.name if blind == "open" else "Tura rəhbərlik edən"
    assert names == {
        "mentor": ["Siz", chair],
        "expert": [seen_by_expert.format(mentor=cast.mentor.name), chair],
        "partnerships": [seen_by_chair.format(mentor=cast.mentor.name), "Siz"],
    }
    assert (cast.mentor.name in pages["expert"].content.decode()) is (blind == "open")


def test_nobody_else_reads_or_writes_and_a_conflict_ends_both(cast, login, discussed):
    found, row = discussed()
    made = actions.say(found, row, actor=cast.user("mentor"), text=WORDS)
    for who in ("student", "coordinator", "hr", "hr2", "trainer"):
        client = login(who)
        assert client.post(address(found, row), {"text": "Mən də"}).status_code == 404, who
        assert client.post(reverse("reviews:unsay", args=[made.uid])).status_code == 404, who
    assert login("expert").post(reverse("reviews:unsay", args=[made.uid])).status_code == 403
    sample.wrote(cast, cast.expert, cast.organiser)
    expert = login("expert")
    assert expert.post(address(found, row), {"text": "Mən də"}).status_code == 404
    assert list(Remark.objects.visible_to(cast.user("expert"))) == []
    with pytest.raises(Refused):
        actions.say(found, row, actor=cast.user("expert"), text="Mən də")
    actions.set_member(found.members.get(person=cast.mentor), actor=cast.user("partnerships"), active=False)
    former = login("mentor")  # no longer a member
    assert former.post(address(found, row), {"text": "Yenə"}).status_code == 404
    assert former.get(address(found, row, "item")).status_code == 404
    assert former.get(found.get_absolute_url()).status_code == 404
    assert former.get("/api/v1/reviews/").json()["results"] == []
    assert [remark.text for remark in Remark.objects.all()] == [WORDS]


def test_it_opens_and_ends_with_its_phase(cast, login, discussed):
    found, row = discussed()
    made = actions.say(found, row, actor=cast.user("mentor"), text=WORDS)
    chair = cast.user("partnerships")
    actions.move(found, "mark_again", actor=chair, note="Yenidən")
    with blocked("phase_closed"):
        actions.say(fresh(found), row, actor=cast.user("mentor"), text="Hələ")
    assert login("expert").get(address(found, row, "item")).status_code == 404
    assert list(Remark.objects.visible_to(cast.user("expert"))) == []
    actions.move(fresh(found), "close", actor=chair)
    page = login("mentor").get(address(found, row, "item"))
    assert (page.context["discussion"]["form"], WORDS in page.content.decode()) == (None, True)
    late = login("mentor").post(address(found, row), {"text": "Gec qaldım"})
    assert (late.status_code, "Gec qaldım" in late.content.decode()) == (422, True)
    with blocked("phase_closed"):
        actions.unsay(made, actor=cast.user("mentor"))


def test_what_is_wrong_is_said_and_what_was_written_stays_and_is_taken_back(cast, login, discussed):
    found, row = discussed()
    mentor, url = login("mentor"), address(found, row)
    empty = mentor.post(url, {"text": "  "})
    assert (empty.status_code, "Demək istədiyinizi yazın." in empty.content.decode()) == (422, True)
    long = mentor.post(url, {"text": "a" * 2001})
    assert (long.status_code, "a" * 2001 in long.content.decode()) == (422, True)
    mentor.post(url, {"text": WORDS})
    made = Remark.objects.get()
    for _twice in range(2):
        assert mentor.post(reverse("reviews:unsay", args=[made.uid])).status_code == 302
    made.refresh_from_db()
    assert (made.text, made.version, made.taken_back_at is not None) == ("", 2, True)
    assert WORDS not in login("expert").get(address(found, row, "item")).content.decode()


def test_a_remark_is_told_to_those_who_mark_the_same_without_naming_it(
    cast, discussed, django_capture_on_commit_callbacks
):
    found, row = discussed(blind="double")
    with django_capture_on_commit_callbacks(execute=True):
        actions.say(found, row, actor=cast.user("mentor"), text=WORDS)
    told = Notification.objects.filter(kind="reviews.remark")
    assert sorted(row.person.email for row in told) == ["expert@cast.example", "partnerships@cast.example"]
    words = " ".join(f"{row.title} {row.body}" for row in told)
    assert [word in words for word in (cast.mentor.name, row.title, WORDS)] == [False] * 3


def test_rounds_are_found_and_stand_in_the_calendar_of_those_who_take_part(cast, started):
    found = started("expert")[0].round
    day = baku_date(found.due)
    seen = {
        who: (
            [hit.title for hit in SOURCE.finds(cast.user(who), "fikirlerin", 5)],
            [entry.uid for entry in SOURCE.happens(cast.user(who), day, day)],
        )
        for who in ("expert", "partnerships", "mentor", "student", "hr2")
    }
    both = ([found.title], [f"review-round-{found.uid}"])
    assert seen == {
        "expert": both,
        "partnerships": both,
        "mentor": ([], []),
        "student": ([], []),
        "hr2": ([], []),
    }
    actions.move(fresh(found), "close", actor=cast.user("partnerships"))
    assert SOURCE.happens(cast.user("expert"), day, day) == []
    assert ReviewRound.objects.get().folded == "fikirlerin secimi"
