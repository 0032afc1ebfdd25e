"""Keyset pages walk a list to its end and back, nulls last, without losing or doubling a row."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from partnerships.common.capped import capped_count, capped_counts, capped_groups, capped_sum
from partnerships.common.paging import keyset, narrowed, narrowing
from partnerships.directory.models import Specialty, Study
from partnerships.testing import factories as make


def walk(queryset, order, size):
    params, seen = {}, []
    while True:
        page = keyset(queryset, params, order=order, size=size)
        seen.append([row.pk for row in page])
        if not page.next:
            return seen, page
        params = {"after": page.next}


@pytest.mark.parametrize(
    "order",
    [
        ("-gpa", "-pk"),
        ("gpa", "pk"),
        ("year", "-gpa", "pk"),
        ("-year", "pk"),
        ("affiliation__person__sort_key", "-pk"),
        ("-affiliation__organization__sort_key", "-pk"),
        ("-pk",),
    ],
)
def test_every_row_is_met_once_forwards_and_once_backwards(cast, order):
    for number, gpa in enumerate([None, 90, 70, 70, None, 95, 60]):
        make.student(f"Tələbə {number}", f"t{number}@aztu.example", cast.energy, gpa=gpa, year=1 + number % 3)
    everything = [row.pk for row in keyset(Study.objects.all(), {}, order=order, size=100)]
    assert len(everything) == 10
    pages, last = walk(Study.objects.all(), order, 3)
    assert [pk for page in pages for pk in page] == everything
    back, page = [], last
    while page.previous:
        page = keyset(Study.objects.all(), {"before": page.previous}, order=order, size=3)
        back.insert(0, [row.pk for row in page])
    assert [pk for found in back for pk in found] == everything[: len(everything) - len(last.rows)]


@pytest.mark.parametrize(
    ("order", "first"), [(("sort_key", "-pk"), ">="), (("-sort_key", "-pk"), "<="), (("-pk",), "<=")]
)
def test_a_page_begins_where_an_index_can_be_entered(db, order, first):
    Specialty.objects.bulk_create(Specialty(code=str(n), name=f"İxtisas {n % 3}") for n in range(9))
    page = keyset(Specialty.objects.all(), {}, order=order, size=4)
    with CaptureQueriesContext(connection) as asked:
        keyset(Specialty.objects.all(), {"after": page.next}, order=order, size=4)
    (query,) = asked.captured_queries
    column = "id" if order == ("-pk",) else "sort_key"
    assert f'"directory_specialty"."{column}" {first} ' in query["sql"]


def test_a_forged_cursor_answers_with_the_first_page(cast):
    first = [row.pk for row in keyset(Study.objects.all(), {}, order=("-pk",), size=2)]
    for forged in ("zzz", "WyJ4Il0", "W10", "bnVsbA"):
        assert [
            row.pk for row in keyset(Study.objects.all(), {"after": forged}, order=("-pk",), size=2)
        ] == first


def test_counting_stops_at_the_cap(db):
    Specialty.objects.bulk_create(Specialty(code=str(n), name=f"İxtisas {n}") for n in range(7))
    assert capped_count(Specialty.objects.all(), cap=5) == (5, True)
    assert capped_count(Specialty.objects.all(), cap=7) == (7, False)


def test_several_are_counted_in_one_query_each_no_further_than_the_cap(db, django_assert_num_queries):
    Specialty.objects.bulk_create(Specialty(code=str(n), name=f"İxtisas {n} 100%") for n in range(7))
    rows = Specialty.objects.all()
    asked = {
        "all": rows,
        "none": rows.none(),
        "some": rows.filter(code__in=["1", "2"]),
        "no": rows.filter(code="x"),
    }
    with django_assert_num_queries(1):
        found = capped_counts(asked, cap=5)
    assert found == {"all": (5, True), "none": (0, False), "some": (2, False), "no": (0, False)}
    with django_assert_num_queries(0):
        assert capped_counts({"none": rows.none()}) == {"none": (0, False)}
    assert capped_groups(rows.none(), "code", ["1"]) == {}


def test_counts_of_several_values_together_keep_to_the_cap():
    found = {"a": (3, False), "b": (4, False), "c": (7, True)}
    assert capped_sum(found, ["a", "b", "d"], cap=7) == (7, False)
    assert capped_sum(found, ["a", "b"], cap=5) == (5, True)
    assert capped_sum(found, ["c"], cap=7) == (7, True)


def test_groups_are_counted_no_further_than_the_cap(cast):
    for number, year in enumerate([1, 1, 1, 2]):
        make.student(f"Tələbə {number}", f"t{number}@aztu.example", cast.energy, year=year, degree="phd")
    rows = Study.objects.filter(degree="phd", affiliation__organization=cast.energy)
    found = capped_groups(rows, "degree", ["phd", "master"], cap=3)
    assert found == {"phd": (3, True)}
    assert capped_groups(rows.filter(year=1), "degree", ["master", "phd"], cap=3) == {"phd": (3, False)}


def test_a_page_filled_afterwards_is_the_page_that_was_asked_for(cast):
    for number in range(5):
        make.student(f"Tələbə {number}", f"t{number}@aztu.example", cast.energy, gpa=60 + number % 3)
    rows, order = Study.objects.filter(affiliation__organization=cast.energy), ("-gpa", "-pk")
    fill = lambda found: found.select_related("affiliation__person")  # noqa: E731
    plain, params = keyset(rows, {}, order=order, size=2), {}
    filled = keyset(rows, {}, order=order, size=2, fill=fill)
    while plain.next:
        assert (filled.rows, filled.next, filled.previous) == (plain.rows, plain.next, plain.previous)
        params = {"after": plain.next}
        plain = keyset(rows, params, order=order, size=2)
        filled = keyset(rows, params, order=order, size=2, fill=fill)
    assert filled.rows == plain.rows


def test_a_row_that_vanishes_meanwhile_does_not_end_the_list(cast):
    made = [make.student(f"Tələbə {n}", f"v{n}@aztu.example", cast.energy) for n in range(3)]
    gone = Study.objects.get(affiliation__person=made[-1])
    page = keyset(
        Study.objects.filter(affiliation__organization=cast.energy),
        {},
        order=("-pk",),
        size=2,
        filled=lambda keys: Study.objects.filter(pk__in=keys).exclude(pk=gone.pk),
    )
    assert (len(page), bool(page.next)) == (1, True)


@pytest.mark.parametrize("query", ["", "state=a", "q=%C4%B1+%26&x=1&x=2&state=b&after=P&before=Q", "after=P"])
def test_an_address_keeps_what_is_not_changed_and_begins_at_the_first_page(query):
    params = QueryDict(query)
    to = narrowing(params, "state")
    for value in ("", "yeni", "ı & x"):
        expected = params.copy()
        for name in ("after", "before", "state"):
            expected.pop(name, None)
        if value:
            expected["state"] = value
        assert to(value) == narrowed(params, state=value) == f"?{expected.urlencode()}"


def test_the_first_page_counts_by_the_same_query(cast, django_assert_num_queries):
    every = Study.objects.order_by("pk")
    total = every.count()
    reading = {"order": ("-pk",), "size": 2, "filled": lambda keys: every.filter(pk__in=keys)}
    with django_assert_num_queries(2):
        first = keyset(every, {}, counting=True, **reading)
    assert (first.found, len(first.rows)) == ((total, False), 2)
    plain = keyset(every, {}, **reading)
    assert (plain.found, plain.rows, plain.next) == ((0, False), first.rows, first.next)
    beyond = keyset(every, {"after": first.next}, counting=True, **reading)
    forged = keyset(every, {"after": "WyJ4Il0"}, counting=True, **reading)
    assert (beyond.found, forged.found, forged.rows) == ((total, False), (total, False), first.rows)
