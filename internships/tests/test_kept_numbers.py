"""Numbers of long years: counted by the clock, kept, and read by whom they concern alone."""

from dataclasses import replace

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from internships import actions
from internships.models import Application, KeptYear
from internships.models.kept_apart import meets_all, ties_of
from internships.numbers import home, kept, yearly
from internships.reviews import KEY
from internships.tests import makers
from partnerships.common.clock import today
from partnerships.directory.access import access_of
from partnerships.directory.asked import plainly
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Organization
from partnerships.reviews.models import Conflict
from partnerships.testing import factories as make

READERS = ("hr", "hr2", "coordinator", "coordinator2", "rector", "partnerships", "admin")


@pytest.fixture
def long_years(monkeypatch):
    """As if one application were too many to be counted while somebody waits."""
    monkeypatch.setattr(kept, "AT_ONCE", 0)


def test_what_is_kept_says_what_counting_says_to_each_reader(cast, long_years):
    makers.placement(cast)
    users = {name: cast.user(name) for name in READERS}
    before = {name: kept.Reader(user).figures(2027) for name, user in users.items()}
    assert actions.keep_numbers() > 0
    # Whoever has no application behind their numbers has nothing kept: theirs are counted as they ask.
    assert sorted(
        name for name, user in users.items() if KeptYear.objects.filter(reach=kept.reach_of(user))
    ) == [
        "admin",
        "coordinator",
        "hr",
        "partnerships",
        "rector",
    ]
    after = {name: kept.Reader(user).figures(2027) for name, user in users.items()}
    assert {name: replace(found, counted_at=None) for name, found in after.items()} == before
    assert [sum(line.opened for line in after[name].universities) for name in READERS] == [
        1,
        0,
        1,
        0,
        1,
        1,
        1,
    ]


def test_a_short_year_in_kept_words_says_what_counting_says_to_each_reader(cast):
    made = makers.programme(cast, seats=3)
    makers.placement(cast, made)
    tied = makers.endorsed(cast, made, "colleague")
    Conflict.objects.create(
        kind=KEY, object_id=tied.pk, person=cast.hr, reason="Kin", made_by=cast.user("hr")
    )
    waiting = {}
    with time_machine.travel(timezone.now(), tick=False):
        for year in (today().year, 2027):
            for name in READERS:
                found = kept.count_at_once(cast.user(name), year)
                assert found == kept.count(cast.user(name), year), (name, year)
                waiting[name, year] = sum(one.waiting for one in found.paces)
    # Who is kept apart from a candidate does not count them; others of the same reach do.
    assert [waiting[name, today().year] for name in ("hr", "partnerships", "hr2")] == [0, 1, 0]


def test_years_names_and_ties_in_kept_words_are_those_that_plain_queries_find(cast, long_years):
    made = makers.programme(cast, seats=2)
    makers.placement(cast, made)
    tied = makers.endorsed(cast, made, "colleague")
    Conflict.objects.create(
        kind=KEY, object_id=tied.pk, person=cast.hr, reason="Kin", made_by=cast.user("hr")
    )

    def found():
        told = {}
        for name in READERS:
            user = cast.user(name)
            access = access_of(user)
            reader = kept.Reader(user, 2027)
            figures = reader.figures(2027)
            told[name] = (
                *(yearly.years(user), reader.years, figures),
                *(meets_all(access), ties_of(access), kept.reach_of(user)),
                yearly.names_of([line.node for line in figures.universities + figures.enterprises]),
            )
        return told

    with time_machine.travel(timezone.now(), tick=False):
        actions.keep_numbers()
        in_words = found()
        with plainly():
            assert in_words == found()
    assert [in_words[name][3] for name in ("hr", "hr2")] == [False, True]
    names = in_words["hr"][6]
    assert names == {
        node.pk: (node.display_name, node.slug) for node in Organization.objects.filter(pk__in=names)
    }
    assert len(names) == 2  # the university and the enterprise


def test_the_page_says_when_it_was_counted_and_follows_at_the_next_counting(cast, login, english, long_years):
    made = makers.programme(cast, seats=2)
    makers.placement(cast, made)
    client, url = login("hr"), reverse("internships:numbers") + "?year=2027"
    assert "Counted " not in client.get(url).content.decode()
    actions.keep_numbers()
    makers.placement(cast, made, "colleague")
    page = client.get(url)
    assert "What has happened since comes in with the next counting." in page.content.decode()
    assert page.context["total"].opened == 1
    actions.keep_numbers()
    assert client.get(url).context["total"].opened == 2


def test_finished_years_are_counted_at_night_alone_and_nothing_is_kept_for_short_ones(
    cast, long_years, monkeypatch
):
    makers.placement(cast)
    actions.keep_numbers()
    own = KeptYear.objects.filter(reach=kept.reach_of(cast.user("hr")), year=2027)
    first = own.get().counted_at
    with time_machine.travel("2029-05-02T08:00:00Z", tick=False):
        actions.keep_numbers()
        assert own.get().counted_at == first
        actions.keep_numbers(every_year=True)
        assert own.get().counted_at > first
    monkeypatch.setattr(kept, "AT_ONCE", 1_000)
    assert actions.keep_numbers() == 0
    assert not KeptYear.objects.exists()


def test_who_has_just_got_a_conflict_is_never_shown_what_was_counted_before(
    cast, login, english, long_years, django_capture_on_commit_callbacks
):
    made = makers.programme(cast, seats=2)
    rows = [makers.endorsed(cast, made), makers.endorsed(cast, made, "colleague")]
    actions.keep_numbers()
    client, url = login("hr"), f"{reverse('internships:numbers')}?year={today().year}"

    def waiting() -> int:
        return sum(step.pace.waiting for step in client.get(url).context["steps"])

    assert waiting() == 2
    for number, row in enumerate(rows, 1):  # the second conflict as well as the first
        Conflict.objects.create(
            kind=KEY, object_id=row.pk, person=cast.hr, reason="Kin", made_by=cast.user("hr")
        )
        with django_capture_on_commit_callbacks(execute=True) as asked:
            assert "Your numbers are being counted" in client.get(url).content.decode()
            assert "steps" not in client.get(url).context  # asked for once
        assert len(asked) == 1
        assert waiting() == 2 - number
    others = kept.Reader(cast.user("partnerships")).figures(today().year)
    assert sum(one.waiting for one in others.paces) == 2


def test_how_many_have_applied_is_kept_for_those_of_the_same_rights_where_they_are_many(cast, monkeypatch):
    programme = makers.programme(cast)
    makers.sent(cast, programme, "student")
    make.affiliation(cast.stranger, cast.aztu, Role.LEADERSHIP)

    def applied(who):
        return home.stats(cast.user(who))[0].value

    assert (applied("rector"), applied("stranger")) == ("1", "1")
    makers.sent(cast, programme, "colleague")
    assert (applied("rector"), applied("stranger")) == ("2", "2")  # few are counted each time
    monkeypatch.setattr(home, "COUNTED_EACH_TIME", 1)
    assert applied("rector") == "2"
    makers.sent(cast, makers.programme(cast, title="Başqa"), "student2")
    Application.objects.filter(person=cast.student2).update(university=cast.aztu, unit=cast.energy)
    assert (applied("rector"), applied("stranger")) == ("2", "2")  # as it was kept, for both
    faculty = Affiliation.objects.filter(person=cast.stranger, role=Role.LEADERSHIP)
    faculty.update(organization=cast.energy)
    assert applied("stranger") == "3"  # other rights have a number of their own
    cache.clear()
    assert applied("rector") == "3"
    cache.clear()  # the rector of the next test has the same rights
