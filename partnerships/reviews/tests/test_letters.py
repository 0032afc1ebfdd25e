"""Who is told and reminded, and that no letter names what is marked."""

from datetime import timedelta

from django.core import mail

from partnerships.directory.enums import Role
from partnerships.ideas.models import Idea
from partnerships.notifications import outbox, reminding
from partnerships.notifications.models import Notification
from partnerships.reviews import actions
from partnerships.reviews.letters import late
from partnerships.reviews.models import Conflict
from partnerships.reviews.source import SOURCE
from partnerships.reviews.tests.conftest import again, fresh, idea, mark, opened
from partnerships.reviews.tests.sample import reviews as sample
from partnerships.testing import factories as make


def told():
    return sorted((row.person.email, row.kind) for row in Notification.objects.select_related("person"))


def test_starting_tells_each_reviewer_in_one_letter_without_names(
    cast, ask, django_capture_on_commit_callbacks
):
    found = opened(cast, "expert", "mentor")
    for n in range(3):
        row = idea(cast, n=n)
        ask(found, row, "expert")
    with django_capture_on_commit_callbacks(execute=True):
        actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    outbox.deliver()
    assert told() == [("expert@cast.example", "reviews.asked")]
    words = mail.outbox[0].body
    assert [word in words for word in ("3 rəy", cast.organiser.name, "Fikir 1")] == [True, False, False]


def test_a_no_is_told_to_the_chairs_but_not_to_one_in_conflict(
    cast, started, django_capture_on_commit_callbacks
):
    review = started("expert", "mentor")[0]
    second = make.person("İkinci Rəhbər", "chair2@cast.example")
    make.affiliation(second, cast.azerisiq, Role.PARTNERSHIPS)
    Conflict.objects.create(
        kind=sample.KEY,
        object_id=review.object_id,
        person=cast.partnerships,
        reason="Qohum",
        made_by=second.user,
    )
    with django_capture_on_commit_callbacks(execute=True):
        actions.decline(again(review), actor=cast.user("expert"), note="Vaxtım yoxdur")
    assert told() == [("chair2@cast.example", "reviews.refused")]


def test_reviewers_are_reminded_before_and_after_the_day_and_the_chair_at_last(cast, started, time_machine):
    one, two = started("expert", "mentor")
    mark(cast, two, "mentor", 4)
    due = one.round.due
    time_machine.move_to(due - timedelta(days=2))
    assert (reminding.remind(), told()) == (1, [("expert@cast.example", "reviews.remind_due")])
    time_machine.move_to(due + timedelta(days=1, minutes=1))
    reminding.remind()
    time_machine.move_to(due + timedelta(days=3, minutes=1))
    reminding.remind()
    assert [who for who, _kind in told()] == [
        "expert@cast.example",
        "expert@cast.example",
        "expert@cast.example",
        "partnerships@cast.example",
    ]
    mark(cast, one, "expert", 4)
    time_machine.move_to(due + timedelta(days=9))
    assert reminding.remind() == 0


def test_a_chair_in_conflict_does_not_read_how_much_of_it_is_late(cast, ask, time_machine):
    found = opened(cast, "expert")
    rows = [idea(cast, n=n) for n in range(2)]
    for row in rows:
        ask(found, row, "expert")
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    second = make.person("İkinci Rəhbər", "chair2@cast.example")
    make.affiliation(second, cast.azerisiq, Role.PARTNERSHIPS)

    def tie(row, person):
        Conflict.objects.create(
            kind=sample.KEY, object_id=row.pk, person=person, reason="Qohum", made_by=cast.user("admin")
        )

    def chairs_told():
        who = Notification.objects.filter(kind="reviews.remind_due").exclude(person=cast.expert)
        return sorted(who.values_list("person__email", flat=True))

    member = found.members.get()
    three = -timedelta(days=3)
    tie(rows[0], second)
    assert late(member, three) == [cast.expert, cast.partnerships]
    tie(rows[1], cast.partnerships)  # nobody may know of all of it: whoever may know of a part is told
    assert late(member, three) == [cast.expert, cast.partnerships, second]
    tie(rows[1], second)
    assert late(member, three) == [cast.expert, cast.partnerships]
    time_machine.move_to(found.due - three + timedelta(minutes=1))
    reminding.remind()
    assert chairs_told() == ["partnerships@cast.example"]


def test_home_says_what_waits_to_be_marked_and_when_all_is_in(cast, started):
    one, two = started("expert", "mentor")
    assert [(todo.count, todo.due) for todo in SOURCE.waits(cast.user("expert"))] == [(1, one.round.due)]
    mark(cast, one, "expert", 4)
    assert (SOURCE.waits(cast.user("expert")), SOURCE.waits(cast.user("partnerships"))) == ([], [])
    mark(cast, two, "mentor", 4)
    assert [todo.url for todo in SOURCE.waits(cast.user("partnerships"))] == [one.round.get_absolute_url()]
    assert SOURCE.waits(cast.user("student")) == []
    assert Idea.objects.count() == 1
