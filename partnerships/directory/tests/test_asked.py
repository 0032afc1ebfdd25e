"""Words of questions are kept for all who stand alike; keys, paths, day and hour are of who asks now."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.db.models import F, Prefetch
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.common import clock
from partnerships.common.asked import ask_together, asked_rows
from partnerships.common.query_words import Key, Typed
from partnerships.common.sharing import sharing
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked, forget, plainly
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast

MADE: list[Any] = []


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What is counted here is how often words are made."""
    forget()


@asked
def colleagues(user: Any, state: str) -> Any:
    MADE.append(user)
    here = access_of(user).q("organization", Role.COORDINATOR)
    return Affiliation.objects.filter(here, state=state).exclude(person_id=access_of(user).person_id)


def theirs(cast: Cast, name: str) -> Any:
    return colleagues(cast.user(name), AffiliationState.VERIFIED)


def test_who_stand_alike_share_the_words_and_each_sees_their_own(cast: Cast):
    MADE.clear()
    seen = {
        name: {row.person_id for row in theirs(cast, name)}
        for name in ("coordinator", "coordinator2", "student", "stranger")
    }
    assert cast.student.pk in seen["coordinator"]
    assert cast.student2.pk in seen["coordinator2"]
    assert seen["coordinator"].isdisjoint(seen["coordinator2"])
    assert (seen["student"], seen["stranger"]) == (set(), set())
    assert len(MADE) == 3  # two coordinators alike, a student, somebody without a role
    assert {type(user).__name__ for user in MADE} == {"_Somebody"}


def test_a_role_more_or_a_unit_within_another_is_another_shape(cast: Cast):
    MADE.clear()
    before = {row.pk for row in theirs(cast, "coordinator")}
    make.affiliation(cast.coordinator, cast.energy, Role.COORDINATOR)  # below what is covered already
    assert {row.pk for row in theirs(cast, "coordinator")} == before
    make.affiliation(cast.coordinator, cast.adnsu, Role.COORDINATOR)
    both = {row.pk for row in theirs(cast, "coordinator")}
    plain = colleagues.__wrapped__(cast.user("coordinator"), AffiliationState.VERIFIED)  # type: ignore[attr-defined]
    assert both == {row.pk for row in plain} > before
    assert len(MADE) == 4


def test_rows_counts_and_whether_there_are_any_come_by_one_query(cast: Cast):
    mine, none = theirs(cast, "coordinator"), theirs(cast, "student")
    with CaptureQueriesContext(connection) as queries:
        found = ask_together([mine.exists, none.exists, mine.counted(), mine.counted(1), none.counted()])
    every = len(list(mine))
    assert [bool(found[0]), bool(found[1]), *found[2:]] == [True, False, every, 1, None]
    assert (len(queries), len(mine[:1]), mine.count()) == (1, 1, every)
    assert [row.pk for row in asked_rows(Organization.objects.filter(pk=cast.aztu.pk))[:5]] == [cast.aztu.pk]


def test_what_is_asked_twice_is_asked_once_and_few_numbers_come_as_a_list(cast: Cast):
    mine, none = theirs(cast, "coordinator"), asked_rows(Person.objects.filter(pk=-1).values_list("pk"))
    pairs = asked_rows(Organization.objects.order_by("pk").values_list("pk", "root_id")[:2])
    with CaptureQueriesContext(connection) as queries:
        found = ask_together([mine.counted(), pairs.listed("pk", "root_id"), mine.counted(), mine.exists])
    assert found[0] == found[2] == len(list(mine))
    assert queries[0]["sql"].count("COUNT(*)") == 1
    assert json.loads(found[1]) == [
        list(row) for row in Organization.objects.order_by("pk").values_list("pk", "root_id")[:2]
    ]
    assert json.loads(ask_together([none.listed("pk")])[0] or "[]") == []


@asked
def begun(days_ahead: Any) -> Any:
    return Affiliation.objects.filter(
        starts__lte=clock.today(), state_since__lte=clock.now(), verified_at__lte=clock.end_of_day(days_ahead)
    )


def test_day_and_hour_are_those_of_the_asking(cast: Cast):
    now = timezone.now()
    Affiliation.objects.update(starts=clock.today(), state_since=now, verified_at=now)
    everybody = Affiliation.objects.count()
    counts = []
    for hours, given in ((0, 0), (-1, 0), (0, -2), (-48, 0), (1, 1)):
        with time_machine.travel(now + timedelta(hours=hours, seconds=1), tick=False):
            counts.append(begun(clock.baku_date(now) + timedelta(days=given)).count())
    assert counts == [everybody, 0, 0, 0, everybody]


@asked
def held_by(user: Any, one: Key, other: Key) -> Any:
    mine = Affiliation.objects.exclude(person_id=access_of(user).person_id)
    return mine.filter(person_id__in=[one, other]).order_by("pk")


def test_keys_that_are_given_are_put_in_anew(cast: Cast):
    def found(*people: Person) -> set[int]:
        rows = held_by(cast.user("hr"), *(Key(one.pk) for one in people))
        return {row.person_id for row in rows}

    assert found(cast.student, cast.student2) == {cast.student.pk, cast.student2.pk}
    assert found(cast.mentor, cast.mentor) == {cast.mentor.pk}
    assert found(cast.hr, cast.student) == {cast.student.pk}


READ: dict[str, Any] = {
    "objects": lambda rows: rows,
    "shared": sharing,
    "with what is beside": lambda rows: rows.prefetch_related("organization__children"),
    "tuples": lambda rows: rows.values_list("role", "organization__name", "person__uid", "created"),
    "ordered by more": lambda rows: rows.values_list("role").distinct(),
    "both": lambda rows: (
        rows.order_by().values_list("pk", "role").union(rows.order_by().values_list("person_id", "state"))
    ),
    "values": lambda rows: rows.values_list("person__uid", flat=True),
    "names": lambda rows: rows.values("role", "person__uid"),
}


@asked
def roles_of(user: Any, how: str) -> Any:
    mine = Affiliation.objects.filter(person_id=access_of(user).person_id).order_by("pk")
    beside = mine.select_related("organization__root", "study", "person").defer("organization__root__website")
    return READ[how](beside.annotate(before=F("starts")))


@pytest.mark.parametrize("how", READ)
def test_what_is_read_is_what_the_plain_query_reads(cast: Cast, how: str):
    def told(row: Any) -> Any:
        if not isinstance(row, Affiliation):
            return row
        study = getattr(row, "study", None)
        parts = [vars(one) for one in (row, row.organization, row.organization.root, row.person)]
        parts += [{"study": study, "children": list(row.organization.children.all()), "before": row.before}]  # type: ignore[attr-defined]
        return [{**part, "_state": None, "_prefetched_objects_cache": None} for part in parts]

    for name in ("hr", "student", "coordinator"):
        kept = roles_of(cast.user(name), how)[:None]
        with plainly():
            plain = list(roles_of(cast.user(name), how))
        assert plain
        assert [type(row) for row in kept] == [type(row) for row in plain]
        assert [told(row) for row in kept] == [told(row) for row in plain]


@asked
def of_uid(user: Any, *uids: UUID) -> Any:
    return Person.objects.visible_to(user).filter(uid__in=uids)


def test_a_page_is_asked_by_the_uid_of_its_row(cast: Cast):
    hr = cast.user("hr")
    for people in ((cast.hr, cast.mentor), (cast.mentor, cast.mentor), (cast.student2, cast.student2)):
        uids = [one.uid for one in people]
        plain = set(Person.objects.visible_to(hr).filter(uid__in=uids))
        assert set(of_uid(hr, *uids)) == plain
    assert list(of_uid(hr, cast.student2.uid, cast.student2.uid)) == []


@asked
def by_the_wall(user: Any) -> Any:
    return Affiliation.objects.filter(state_since__lte=timezone.now())


@asked
def by_an_answer(user: Any) -> Any:
    return Person.objects.filter(pk__in=list(Person.objects.values_list("pk", flat=True)))


@asked
def beside(user: Any) -> Any:
    own = Affiliation.objects.filter(person_id=access_of(user).person_id)
    return Organization.objects.prefetch_related(Prefetch("affiliations", own))


@pytest.mark.parametrize("question", [by_the_wall, by_an_answer, beside])
def test_words_that_would_hang_on_something_else_are_refused(cast: Cast, question: Any):
    with pytest.raises(TypeError):
        list(question(cast.user("hr")))
    with pytest.raises(AttributeError):
        asked(lambda user: Person.objects.filter(email=user.email))(cast.user("hr"))
    assert Person.objects.exists()  # the database answers again


@asked
def called(*words: str) -> Any:
    found = Organization.objects.order_by("pk")
    for word in words:
        found = found.filter(folded__contains=word)
    return found


def test_words_that_are_looked_for_are_put_in_as_they_are_typed(cast: Cast):
    names = ("Bir 100% Kabelə", "Bir 100 Kabelə", "Bir a_b \\ Kabelə")
    signs = [make.organization(name, Kind.COMPANY) for name in names]
    found = {
        typed: [row.pk for row in called(*map(Typed, typed.split()))]
        for typed in ("kabele", "kabel bir", "100%", "a_b", "axb", "\\", "kabel qurgu", "%")
    }
    first, second, third = (row.pk for row in signs)
    assert found == {
        "kabele": [first, second, third],
        "kabel bir": [first, second, third],
        "100%": [first],
        "a_b": [third],
        "axb": [],
        "\\": [third],
        "kabel qurgu": [],
        "%": [first],
    }
