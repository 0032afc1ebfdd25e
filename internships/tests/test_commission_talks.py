"""A conflict of interest hides the candidate's talks and card as well, and keeps letters and counts away."""

from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from internships import actions, board, home, reports, talks, waiting, worklists
from internships.direction import DIRECTION
from internships.exports import interviews
from internships.models import Application, Interview, Placement
from internships.models.interviews import talks_kept_apart
from internships.models.kept_apart import who_meet
from internships.numbers import home as numbers
from internships.numbers import kept
from internships.reviews import KEY
from internships.tests import makers
from partnerships.common.among import in_one
from partnerships.common.clock import BAKU, today
from partnerships.common.piles import told
from partnerships.directory.access import access_of
from partnerships.directory.asked import plainly
from partnerships.directory.enums import Role
from partnerships.notifications.models import Notification
from partnerships.portal.calendar import token_of
from partnerships.portal.dates import by_days
from partnerships.reviews import actions as reviews
from partnerships.reviews import reports as review_reports
from partnerships.reviews.enums import ReviewState as S
from partnerships.reviews.models import Conflict, Review, ReviewRound
from partnerships.reviews.tallies import tally
from partnerships.testing import factories as make
from partnerships.testing.worlds import world

DAY = timedelta(days=5)


@pytest.fixture
def judged(cast):
    """A programme with a commission and two candidates: the one of whom a tie will be found, and another; the
    expert talks with both."""

    def made():
        summer = makers.programme(cast, seats=5)
        rows = [makers.endorsed(cast, summer, name) for name in ("student", "student2")]
        due = timezone.now() + timedelta(days=7)
        found = reviews.open_round(
            KEY, summer, [cast.mentor], actor=cast.user("hr"), title="Komissiya", due=due
        )
        talks = [talk(cast, row, hour) for row, hour in zip(rows, (10, 11), strict=True)]
        return summer, rows, talks, found

    return world(made)


def talk(cast, row, hour, who="expert"):
    day = today() + DAY
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=BAKU)
    return actions.invite(
        row,
        actor=cast.user("hr"),
        interviewer=getattr(cast, who),
        starts=starts,
        ends=starts + timedelta(minutes=30),
        place="Otaq 204",
    )


def supervised(cast, person, row, _found):
    Application.objects.filter(pk=row.pk).update(supervisor=person)


def mentored(cast, person, row, _found):
    """In another practice, before."""
    before = makers.placement(cast, makers.programme(cast, title="Əvvəlki"), "colleague")
    Placement.objects.filter(pk=before.pk).update(mentor=person, person=row.person)
    Application.objects.filter(pk=before.application_id).update(person=row.person)


def same_house(cast, person, row, _found):
    make.affiliation(person, cast.aztu, Role.LECTURER)


def declared(cast, person, row, found):
    Conflict.objects.create(
        kind=KEY, object_id=row.pk, person=person, reason="Qohumdur", made_by=cast.user("hr2")
    )


def fresh(cast, name):
    return type(cast.user(name)).objects.get(pk=cast.user(name).pk)


def meets(user, summer):
    """Whom this person meets: in the talks of the day, their table, the calendar, on the board."""
    day = today() + DAY
    people = [row.person for row in Application.objects.filter(programme=summer).order_by("pk")]
    told = [entry.title for entry in DIRECTION.happens(user, day, day)]
    rows = worklists.working_rows(user)
    part = board.parts_of(rows, {})["interview"]
    month = by_days(user, day, day, few=6, most=50)[day]
    assert month.count == len(month.entries)
    return {
        "day": [one.candidate for one in talks.rows_on(user, day)],
        "page": [one.candidate for one in talks.talks_of(user, day, {}).page],
        "table": [one.candidate for one in interviews(user, QueryDict(f"day={day.isoformat()}"))],
        "days": people[-sum(count for _day, count in talks.days_with(user, today())) :],
        "calendar": [one for one in people if any(one.name in title for title in told)],
        "month": [one for one in people if any(one.name in entry.title for entry in month.entries)],
        "board": [one.person for one in part.cards],
        "column": people[-part.count :],
    }


@pytest.mark.parametrize("who", ["hr", "expert"])
@pytest.mark.parametrize("tie", [supervised, mentored, same_house, declared])
def test_who_is_tied_to_a_candidate_meets_neither_the_talk_nor_the_card(cast, judged, tie, who):
    summer, (row, other), _talks, found = judged()
    both = [row.person, other.person]
    everywhere = ("day", "page", "table", "days", "calendar", "month", "board", "column")
    assert meets(fresh(cast, who), summer) == dict.fromkeys(everywhere, both)
    tie(cast, getattr(cast, who), row, found)
    assert meets(fresh(cast, who), summer) == {key: [other.person] for key in everywhere}
    third = "expert" if who == "hr" else "hr"  # whoever has no tie goes on
    assert meets(fresh(cast, third), summer) == dict.fromkeys(everywhere, both)


@pytest.mark.parametrize("words", [nullcontext, plainly], ids=["kept words", "plainly"])
@pytest.mark.parametrize("tie", [supervised, mentored, same_house, declared])
def test_how_far_a_commission_is_counts_what_its_reader_may_meet(cast, judged, tie, words):
    _summer, (row, _other), _talks, found = judged()
    reviews.assign_automatically(found, actor=cast.user("hr"))
    given = Review.objects.filter(round=found, object_id=row.pk)
    given.update(state=S.SUBMITTED, score=4)
    tally(found, [row.pk], set(given.values_list("member_id", flat=True)))

    def counted(who="hr"):
        user = fresh(cast, who)
        plain = Review.objects.filter(round=found, object_id__in=review_reports.met(found, user).values("pk"))
        states = list(plain.values_list("state", flat=True))
        with words():
            told = review_reports.progresses([found], user)[found.pk]
            newest = review_reports.newest_so_far(user, found.kind, found.container_id)
        assert newest == ((found, told) if ReviewRound.objects.visible_to(user).exists() else None)
        assert (told.asked, told.done) == (len(states), states.count(S.SUBMITTED))
        return told.asked, told.done

    assert counted() == (2, 1)
    tie(cast, cast.hr, row, found)
    assert counted() == (1, 0)
    assert counted("expert") == (2, 1)


def test_the_pages_the_feed_and_the_api_say_nothing_of_the_talk(cast, login, judged):
    summer, (row, _other), (hidden, shown), found = judged()
    same_house(cast, cast.hr, row, found)
    day = (today() + DAY).isoformat()
    hr, token = login("hr"), token_of(fresh(cast, "hr"))
    addresses = (
        f"{reverse('internships:interviews')}?day={day}",
        f"{reverse('internships:board')}?programme={summer.slug}",
        reverse("calendar_feed", args=[token]),
        "/api/v1/interviews/",
        f"{reverse('internships:worklist')}?programme={summer.slug}",
    )
    pages = [hr.get(address).text.replace("\r\n ", "") for address in addresses]
    assert [cast.student.name in page for page in pages] == [False] * len(pages)
    assert [cast.student2.name in page for page in pages] == [True] * len(pages)
    for name, arguments in (("interview_ics", ()), ("interview", ("cancel",)), ("interview", ("hold",))):
        assert [
            hr.get(reverse(f"internships:{name}", args=[one.uid, *arguments])).status_code
            for one in (hidden, shown)
        ] == [404, 200], name
    assert hr.post(reverse("internships:board_move", args=[row.uid]), {"to": "waitlisted"}).status_code == 404
    assert hr.get(f"/api/v1/interviews/{hidden.uid}/").status_code == 404
    assert hr.post(f"/api/v1/interviews/{hidden.uid}/cancel/", {"note": "Yox"}).status_code == 404
    assert Interview.objects.get(pk=hidden.pk).state == "scheduled"
    search = hr.get("/search/?q=nigar").text
    assert cast.student.name not in search


@pytest.mark.parametrize("at_once", [1_000, 0], ids=["counted", "kept"])
def test_counts_and_what_waits_leave_the_candidate_out(cast, judged, monkeypatch, at_once):
    monkeypatch.setattr(kept, "AT_ONCE", at_once)
    summer, (row, other), (_hidden, _shown), found = judged()
    expires, chair = timezone.now() + DAY, cast.user("hr")
    code, _text = actions.make_access_code(summer, actor=chair, expires=expires, note="Qonaqlar", uses=3)
    for one in (row, other):
        code.used.create(subject=one)
    Interview.objects.update(starts=F("starts") - 2 * DAY, ends=F("ends") - 2 * DAY)
    Application.objects.update(state="in_review")

    def counted():
        hr, expert = fresh(cast, "hr"), fresh(cast, "expert")
        year = today().year
        return {
            "home": numbers.stats(hr)[0].value,
            "managed": [(one.sent, one.to_decide) for one in reports.managed(hr)],
            "pace": [one.waiting for one in kept.Reader(hr).figures(year).paces if one.waiting],
            "codes": [person.pk for _code, people in reports.codes_of(summer, hr) for person in people],
            "uses": [use.object_id for use in reports.uses_met_by(hr).order_by("object_id")],
            "write_up": [todo.url for todo in told(home.piles(expert)) if "Müsahibə" in str(todo.title)],
        }

    actions.keep_numbers()  # what is kept for the others of the company is not read by who is tied
    assert counted() == {
        "home": "2",
        "managed": [(2, 2)],
        "pace": [2],
        "codes": [cast.student.pk, cast.student2.pk],
        "uses": [row.pk, other.pk],
        "write_up": [row.get_absolute_url(), other.get_absolute_url()],
    }
    for person in (cast.hr, cast.expert):
        same_house(cast, person, row, found)
    if not at_once:  # of a long year nothing is shown before it was counted for them
        assert kept.Reader(fresh(cast, "hr")).figures(today().year) is None
        actions.keep_numbers_of(fresh(cast, "hr"))
    assert counted() == {
        "home": "1",
        "managed": [(1, 1)],
        "pace": [1],
        "codes": [cast.student2.pk],
        "uses": [other.pk],
        "write_up": [other.get_absolute_url()],
    }


def test_who_is_tied_is_neither_told_of_the_candidate_nor_asked_to_talk_with_them(
    cast, judged, django_capture_on_commit_callbacks
):
    _summer, (row, other), (hidden, shown), found = judged()
    colleague = make.person("Aytən Rzayeva", "hr3@cast.example")
    make.affiliation(colleague, cast.azerisiq, Role.HR)
    for person in (cast.hr, cast.expert):
        same_house(cast, person, row, found)
    Notification.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        for one in (hidden, shown):
            actions.cancel_interview(one, actor=colleague.user, note="Təxirə salınır")
    rows = Notification.objects.filter(kind="internships.interview_cancelled").order_by("pk")
    assert [row.person for row in rows] == [cast.student, cast.student2, cast.expert]
    with django_capture_on_commit_callbacks(execute=True):
        for name, one in (("student", row), ("student2", other)):
            actions.withdraw(makers.again(one), actor=cast.user(name), note="")
    rows = Notification.objects.filter(kind="internships.left").order_by("pk")
    assert [(row.person, cast.student.name in row.title["az"]) for row in rows] == [
        (colleague, True),
        (cast.hr, False),
        (colleague, False),
    ]


def test_who_has_a_tie_is_not_asked_to_hold_the_talk(cast, judged):
    summer, _rows, _talks, found = judged()
    third = makers.endorsed(cast, summer, "colleague")
    supervised(cast, cast.mentor, third, found)
    with pytest.raises(ValidationError) as refused:
        talk(cast, third, 15, "mentor")
    assert list(refused.value.message_dict) == ["interviewer"]
    assert (makers.again(third).state, Interview.objects.filter(application=third).count()) == (
        "in_review",
        0,
    )
    assert talk(cast, third, 15, "trainer").interviewer == cast.trainer
    assert access_of(cast.user("trainer")).person_id == cast.trainer.pk


def test_who_meets_a_candidate_is_asked_of_all_by_one_query(cast, judged, django_assert_num_queries):
    _summer, (row, other), _talks, found = judged()
    declared(cast, cast.expert, row, found)
    people = [cast.hr, cast.expert, cast.mentor]
    for asked in (people[:1], people):
        with django_assert_num_queries(2):
            met = who_meet(row, asked)
        assert met == [one for one in asked if one != cast.expert]
    assert who_meet(other, people) == people


def test_what_is_seen_for_one_reason_surely_is_counted_as_if_every_reason_was_looked_for(cast, judged):
    """Counts of home, and talks of a whole company, look for one reason first."""
    summer, (apart, _met), _talks, _found = judged()
    Application.objects.filter(programme=summer).update(state="in_review")
    taken = makers.placement(cast, makers.programme(cast, title="Qış"), "colleague").application
    taken.offered_vacancy.position.mentors.add(cast.mentor)
    make.affiliation(cast.hr, cast.aztu, Role.COORDINATOR)  # of the house of the first
    make.affiliation(cast.mentor, cast.baki, Role.HR)
    found, expected = {}, {}
    for name in cast.people():
        user, access = cast.user(name), access_of(cast.user(name))
        seen, own = Application.objects.visible_to(user), access.q("programme__host", Role.HR)
        waits = seen.met_by(user).to_decide().filter(own)
        interns = seen.filter(offered_vacancy__position__mentors=access.person_id, state="accepted")
        company = access.q("application__programme__host", Role.HR) | access.assigned(
            "interviewer_id", "application__programme__host__root_id"
        )
        heard = Q(candidate_id=access.person_id) | company & ~talks_kept_apart(access)
        every = Interview.objects.all() if access.administers else Interview.objects.filter(heard)
        expected[name] = (
            set(waits.values_list("pk", flat=True)),
            interns.count(),
            set(every) if access.person_id or access.administers else set(),
        )
        counts = dict(waiting._candidates(user, in_one([])))
        found[name] = (counts, numbers._interns(user).count(), set(Interview.objects.visible_to(user)))
    assert {name: (sum(c.values()), *rest) for name, (c, *rest) in found.items()} == {
        name: (len(keys), *rest) for name, (keys, *rest) in expected.items()
    }
    assert (found["hr"][0][summer.pk], found["mentor"][1], len(found["expert"][2])) == (1, 1, 2)
    assert apart.pk not in expected["hr"][0]
