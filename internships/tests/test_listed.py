"""The working list in kept words shows and counts what is asked plainly, to everybody."""

import pytest
import time_machine
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from internships import actions, api_rows, listed, reports, worklists
from internships.forms.worklist import WorklistForm
from internships.models import Application, Choice, Vacancy
from internships.reviews import KEY
from internships.tests import makers
from internships.views import own_rows
from internships.views import worklist as page_of
from internships.worklist_rows import rows_by_keys, wishes, with_list_columns
from partnerships.common import among
from partnerships.common.capped import capped_count
from partnerships.common.paging import keyset
from partnerships.directory.called import looked_up
from partnerships.directory.enums import Role
from partnerships.reviews.models import Conflict
from partnerships.testing import factories as make
from partnerships.testing.worlds import world

ORDERS = ("-pk",), ("-score", "-pk"), ("due_at", "pk"), ("person__sort_key", "pk")


@pytest.fixture
def rounds(cast):
    return made_rounds(cast)


@world
def made_rounds(cast):
    """Two rounds of one company and one of another, in many states; one candidate is kept apart from human
    resources, who also teach at the other university."""
    first, second = makers.programme(cast, seats=2), makers.programme(cast, title="Qış", seats=2)
    theirs = makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Kabel")
    makers.vacancy(first).position.mentors.add(cast.mentor)
    makers.placement(cast, first, "student")
    hidden = makers.endorsed(cast, first, "colleague")
    makers.endorsed(cast, second, "student2")
    makers.sent(cast, second, "student")
    refused = makers.endorsed(cast, second, "colleague")
    actions.refuse(refused, actor=cast.user("hr"), code="stronger", note="Bu dəfə yox.")
    makers.endorsed(cast, theirs, "student")
    Conflict.objects.create(
        kind=KEY, object_id=hidden.pk, person=cast.hr, reason="Qohumdur", made_by=cast.user("hr2")
    )
    make.affiliation(cast.hr, cast.oil, Role.COORDINATOR)
    Application.objects.filter(pk=refused.pk).update(score=90, supervisor=cast.supervisor)
    return first, second, theirs


def plainly(user, wanted, params):
    """What the same address asks of a query set of one's own."""
    rows = worklists.working_rows(user)
    if wanted.programme is not None:
        rows = rows.filter(programme=wanted.programme)
    rows = worklists.in_state(worklists.with_due(rows, wanted.programme), wanted.state)
    if wanted.typed:
        rows = rows.answering(wanted.typed)
    if wanted.university:
        rows = rows.filter(university_id=wanted.university)
    if wanted.specialty:
        rows = rows.filter(affiliation__study__specialty_id=wanted.specialty)
    found = keyset(rows, params, order=wanted.order, reader=user, filled=rows_by_keys)
    return found, capped_count(rows)


def asked(cast, rounds):
    """Rounds, states, orders, words, universities, specialties: each beside a plain list."""
    first, second, _theirs = rounds
    specialty = cast.student.affiliations.get(role=Role.STUDENT).study.specialty_id
    for programme in (None, first, second):
        for order in ORDERS:
            yield listed.Wanted(programme, "", order)
        for state in ("in_review", "ended", "draft"):
            yield listed.Wanted(programme, state, ("-pk",))
        for state in ("in_review", "refused"):
            yield listed.Wanted(programme, state, ("-score", "-pk"))
        yield listed.Wanted(programme, "", ("-pk",), "memmedov")
        yield listed.Wanted(programme, "in_review", ("-score", "-pk"), "memmedov")
        yield listed.Wanted(programme, "", ("due_at", "pk"), "memmedov", cast.aztu.pk)
        yield listed.Wanted(programme, "", ("-pk",), "100%")
        yield listed.Wanted(programme, "", ("person__sort_key", "pk"), "e", cast.aztu.pk, specialty)


@pytest.mark.wide
def test_everybody_is_shown_and_told_the_same(cast, rounds):
    lists = list(asked(cast, rounds))
    seen = {}
    for name in cast.people():
        user = cast.user(name)
        if not worklists.works_on_applications(user):
            continue
        user.page_size = 1  # each row is a page
        for programme in (None, *rounds):
            rows = worklists.working_rows(user)
            rows = rows if programme is None else rows.filter(programme=programme)
            assert listed.numbers(user, programme) == worklists.counted_states(user, rows), name
        for wanted in lists:
            plain, count = plainly(user, wanted, {})
            counts, kept, found = listed.read(user, wanted, {})
            assert counts == listed.numbers(user, wanted.programme)
            assert (kept.rows, kept.next, kept.previous, kept.chosen) == (plain.rows, plain.next, "", 1), name
            assert found == (count if wanted.narrows else None)
            seen.setdefault(name, set()).update(kept.rows)
    assert {name for name, rows in seen.items() if rows} >= {"hr", "hr2", "coordinator", "mentor", "admin"}


@pytest.mark.wide
def test_who_sees_thousands_meets_the_same_and_nobody_in_conflict(cast, rounds):
    hidden = Conflict.objects.get().object_id
    thousands = {"in_review": (1000, True)}
    for name in ("hr", "hr2", "coordinator", "mentor", "admin"):
        user = cast.user(name)
        user.page_size = 100
        for wanted in asked(cast, rounds):
            people = looked_up(wanted.typed) if wanted.typed else None
            page, _found = listed.page(user, wanted, {}, thousands, people)
            assert page.rows == plainly(user, wanted, {})[0].rows
            assert name in ("coordinator", "admin") or hidden not in [row.pk for row in page]
        everybodys = Application.objects.visible_to(user)
        assert set(Application.objects.visible_to(user, many=True)) == set(everybodys)
        for one in rounds:
            of_round = Application.objects.visible_to(user, programme=one.pk)
            assert set(of_round) == set(everybodys.filter(programme=one)), (name, one)
        apart = Application.objects.reasons(user)
        assert {row for rows in apart for row in rows} == set(Application.objects.visible_to(user, own=False))


@pytest.mark.parametrize("long", [None, (), ("in_review",)])
def test_pages_by_key_are_walked_to_the_end_and_back_in_kept_words(cast, rounds, long):
    """Of a list of which is known whether it is long, the numbers and the page are one query."""
    user = cast.user("hr")
    numbers = listed.numbers(user, None, long=long or ())
    user.page_size = 1
    for wanted in (listed.Wanted(None, "", ("-pk",)), listed.Wanted(None, "", ("-pk",), "e")):
        every = [row.pk for row in worklists.working_rows(user).order_by("-pk")]
        params, walked = {}, []
        while True:
            counts, page, found = listed.read(user, wanted, params, long)
            plain, count = plainly(user, wanted, params)
            assert (page.rows, page.next, page.previous) == (plain.rows, plain.next, plain.previous)
            assert found == (count if wanted.narrows else None)
            assert counts == numbers
            walked += [row.pk for row in page]
            if not page.next:
                break
            params = {"after": page.next}
        assert walked == every
        assert len(every) > 2
        while page.previous:
            _counts, page, _found = listed.read(user, wanted, {"before": page.previous}, long)
        assert [row.pk for row in page] == every[:1]
        assert listed.read(user, wanted, {"after": "WyJ6Il0"}, long)[:2] == (numbers, None)


def test_a_row_says_of_its_places_what_its_choices_do(cast, rounds):
    """Read beside the row itself, of one, of several, of none."""
    one, more, none = Application.objects.filter(submitted_at__isnull=False).order_by("pk")[:3]
    others = Vacancy.objects.exclude(pk=more.choices.get().vacancy_id)
    Choice.objects.create(application=more, vacancy=others.first(), rank=2)
    none.choices.all().delete()
    rows = rows_by_keys([one.pk, more.pk, none.pk])
    told = {row.pk: wishes(row) for row in rows}
    for row in with_list_columns(Application.objects.all()).filter(pk__in=told):
        (place, named), (known, count) = told[row.pk], wishes(row)
        assert named == count == row.choices.count()
        assert (place is None) == (known is None)
        if known is not None:
            assert (place.title_az, place.title_en) == (known.title_az, known.title_en)
            assert (place.unit.pk, place.unit.name, place.unit.name_en) == (
                *(known.unit.pk, known.unit.name, known.unit.name_en),
            )
    assert sorted(named for _place, named in told.values()) == [0, 1, 2]


def test_a_place_in_a_list_of_another_order_is_asked_plainly(cast, rounds):
    user = cast.user("hr")
    user.page_size = 1
    wanted = listed.Wanted(None, "", ("person__sort_key", "pk"))
    _counts, page, _found = listed.read(user, wanted, {})
    assert listed.read(user, wanted, {"after": page.next})[1:] == (None, None)
    assert listed.read(user, wanted, {"after": "zzz"})[1].rows == page.rows


def test_what_kept_words_do_not_have_is_asked_plainly(cast):
    makers.programme(cast)
    universities, units = ((str(cast.aztu.pk), "a"), ("0", "b")), (("1.", "a"), ("2.", "b"))
    facets = worklists.Facets(universities=list(universities), units=list(units))
    kept = {}
    every = (
        *("", f"q=memmedov&university={cast.aztu.pk}&state=in_review", "state=yoxdur"),
        *("q=TEC-2026", "unit=1.", "late=on"),
    )
    for query in every:
        desk = page_of.desk_of(cast.user("hr"), QueryDict(query))
        form = WorklistForm(QueryDict(query), facets, scores=True)
        kept[query] = page_of._wanted(desk, form) is not None
    assert list(kept.values()) == [True, True, True, False, False, False]


def test_ones_own_applications_are_the_same_in_kept_words(cast, rounds, django_assert_num_queries):
    for name in ("student", "colleague", "student2", "hr"):
        user = cast.user(name)
        plain = list(
            own_rows.with_columns(Application.objects.filter(person_id=user.person_id)).order_by("-pk")
        )
        found = own_rows.own_newest(user)[:21]
        kept = own_rows.filled(own_rows.rows_of(found))
        assert kept == plain, name
        with django_assert_num_queries(0):
            for row in kept:
                assert [choice.rank for choice in row.choices.all()] == [1]
                assert (row.late_until, list(row.interviews.all())) == (None, [])
                assert row.programme.call.deadlines.all()
    assert own_rows.own_newest(cast.user("student"))[:1] != []


def test_the_queue_of_the_decision_desk_is_what_waits_for_its_reader(cast, rounds, monkeypatch):
    hidden = Conflict.objects.get().object_id
    met = {}
    best = makers.endorsed(cast, rounds[0], "student2")
    Application.objects.filter(pk=best.pk).update(score=70)
    for name in ("hr", "hr2", "coordinator", "admin"):
        user = cast.user(name)
        for programme in (None, *rounds):
            order = (F("score").desc(nulls_last=True), "reached_company_at", "pk")
            waiting = reports.decidable(user).to_decide().order_by(*order)
            waiting = waiting if programme is None else waiting.filter(programme=programme)
            queue = reports.queue(user, programme)
            assert queue == list(waiting.values_list("pk", flat=True)), name
            met.setdefault(name, set()).update(queue)
    assert {name: bool(keys) for name, keys in met.items()} == {
        "hr": True,
        "hr2": True,
        "coordinator": False,
        "admin": False,
    }
    assert hidden not in met["hr"]
    whole = reports.queue(cast.user("hr"), None)
    assert len(whole) > 1
    monkeypatch.setattr(reports, "QUEUE", 1)
    assert reports.queue(cast.user("hr"), None) == whole[:1] == [best.pk]


@pytest.mark.parametrize("needed", [False, True])
def test_programs_are_given_the_same_newest_in_kept_words(cast, rounds, settings, needed):
    settings.PLACEMENT_NEEDS_FRAMEWORK = needed
    seen = set()
    for name in cast.people():
        user = cast.user(name)
        plain = api_rows.found(Application.objects.visible_to(user)).order_by("-pk")
        kept = api_rows.Newest(user).order_by("-pk")[0:50]
        columns = [(row.pk, row.late_until, getattr(row, "framework_in_force", None)) for row in kept]
        found = [(row.pk, row.late_until, getattr(row, "framework_in_force", None)) for row in plain]
        assert columns == found, name
        seen |= {row.pk for row in kept}
    assert len(seen) == Application.objects.count()


@pytest.mark.parametrize(("newest", "held"), [(10_000, 2000), (10_000, 0), (1, 2000)])
def test_a_frequent_name_is_shown_and_counted_as_a_rare_one(cast, rounds, monkeypatch, newest, held):
    monkeypatch.setattr(among, "OFTEN", 0)
    monkeypatch.setattr(among, "NEWEST", newest)
    monkeypatch.setattr(among, "HELD", held)
    first, second, _theirs = rounds
    found = {}
    for name in ("hr", "hr2", "coordinator", "mentor", "admin"):
        user = cast.user(name)
        user.page_size = 1
        for words, state in (("memmedov", ""), ("e", ""), ("e", "in_review"), ("e", "ended"), ("zzz", "")):
            for programme in (None, first, second):
                wanted = listed.Wanted(programme, state, ("-pk",), words)
                params, walked, page = {}, [], None
                while page is None or page.next:
                    _counts, page, count = listed.read(user, wanted, params)
                    plain, number = plainly(user, wanted, params)
                    assert (page.rows, page.next, page.previous) == (plain.rows, plain.next, plain.previous)
                    assert count == number, (name, words)
                    walked += [row.pk for row in page]
                    params = {"after": page.next}
                while page.previous:
                    _counts, page, _count = listed.read(user, wanted, {"before": page.previous})
                assert [row.pk for row in page] == walked[:1]
                found.setdefault(name, set()).update(walked)
    assert len(found["hr"]) > 2
    assert all(found.values())
    assert Conflict.objects.get().object_id not in found["hr"]


def test_of_one_university_alone_is_who_sees_no_other_for_any_reason(cast, rounds):
    alone = set()
    for name in cast.people():
        university = Application.objects.only_university(cast.user(name))
        if university is not None:
            alone.add(name)
            seen = worklists.working_rows(cast.user(name)).values_list("university_id", flat=True)
            assert set(seen) <= {university}, name
    assert "coordinator" in alone
    assert not alone & {"hr", "mentor", "supervisor", "admin", "partnerships"}
    make.affiliation(cast.coordinator, cast.azerisiq, Role.HR)
    assert Application.objects.only_university(cast.user("coordinator")) is None


def test_a_state_that_is_long_is_not_counted_again_for_a_minute(cast, rounds):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        user, colleague = cast.user("hr"), cast.user("hr2")
        plain = listed.numbers(user, None)
        facets = worklists.facets(user, None)
        assert facets.long is None
        worklists.keep_long(user, None, facets, plain | {"in_review": (1000, True)})
        assert worklists.facets(user, None).long == {"in_review"}
        assert worklists.facets(user, rounds[0]).long is None
        assert worklists.facets(colleague, None).long is None
        counts = listed.numbers(user, None, long={"in_review"})
        assert counts == plain | {"in_review": (1000, True)} != plain
        clock.shift(worklists.FACETS_KEPT + 1)
        assert worklists.facets(user, None).long is None
