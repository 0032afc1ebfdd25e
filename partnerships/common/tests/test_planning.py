"""What PostgreSQL keeps planned answers as text does (common/planning.py)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import TextChoices
from django.test.utils import CaptureQueriesContext

from partnerships.common.planning import FAR, TRIED, Statement

postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL keeps statements")
FILLED = f"/* {'long enough to be worth keeping ' * 20} */"


def ask(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} {FILLED}", values)
        return cursor.fetchall()


def names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.fixture
def anew(db: None) -> Iterator[None]:
    """A connection that was asked nothing yet."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    there = connection.connection
    there.statements.clear()
    there.prepared.clear()
    room = there.room
    yield
    there.room, there.age = room, 0.0


@postgresql
@pytest.mark.usefixtures("anew")
def test_the_third_asking_is_prepared_and_every_value_keeps_its_type() -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    values = (7, 2**40, "söz", None, True, 1.5, Decimal("2.50"), date(2026, 3, 1), moment, UUID(int=1))
    sql = (
        "SELECT %s + 1, %s, %s || 'x', coalesce(%s, 'nothing'), NOT %s, %s * 2, %s, %s + 1, %s, %s, '50 %%'"
        ", pg_typeof(%s)::text, '[5, 6]'::jsonb -> %s"
    )
    asked = [ask(sql, *values, 2, 1) for _ in range(5)]
    assert asked == [asked[0]] * 5
    assert asked[0][0][:2] == (8, 2**40)
    assert asked[0][0][2:5] == ("sözx", "nothing", False)
    assert asked[0][0][7] == date(2026, 3, 2)
    assert asked[0][0][10:] == ("50 %", "integer", "6")
    assert len(names()) == 1


@postgresql
@pytest.mark.usefixtures("anew")
def test_a_question_of_several_parts_is_prepared_as_well() -> None:
    parts = "(SELECT %s + 1) UNION ALL (SELECT %s + 2) ORDER BY 1"
    assert [ask(parts, n, n) for n in range(4)] == [[(n + 1,), (n + 2,)] for n in range(4)]
    assert len(names()) == 1
    # Values of other types are another statement.
    assert ask("SELECT %s", 1) != ask("SELECT %s", "1")


class State(TextChoices):
    OPEN = "open"
    ODD = "it's"


@postgresql
@pytest.mark.usefixtures("anew")
def test_values_that_the_code_names_stand_in_the_statement_and_others_are_given() -> None:
    for person in (7, 8, 9, 10):
        values = State.OPEN, person, True, State.ODD, ["a", State.OPEN], ""
        assert ask("SELECT %s, %s, %s, %s, %s, %s", *values) == [
            ("open", person, True, "it's", ["a", "open"], "")
        ]
    (kept,) = names()
    assert "AS SELECT 'open', $1, true, $2, $3, '' " in kept
    # Another state is another statement.
    assert ask("SELECT %s, %s, %s, %s, %s", "x", 1, False, State.ODD, [1, 2]) == [
        ("x", 1, False, "it's", [1, 2])
    ]


@postgresql
@pytest.mark.usefixtures("anew")
def test_what_was_asked_is_told_in_full() -> None:
    for _ in range(3):
        with CaptureQueriesContext(connection) as asked:
            ask("SELECT %s", 41)
    assert asked.captured_queries[-1]["sql"] == f"SELECT 41 {FILLED}"


@postgresql
@pytest.mark.usefixtures("anew")
def test_what_cannot_be_prepared_stays_text_and_the_transaction_goes_on() -> None:
    for _ in range(5):
        assert ask("SELECT jsonb_build_array(%s)", "a") == [('["a"]',)]
    assert names() == []


@postgresql
@pytest.mark.usefixtures("anew")
def test_what_spares_the_most_for_its_size_stays_and_what_is_no_longer_asked_ages_away() -> None:
    there = connection.connection
    there.room, there.age = 2 * len(f"SELECT 1, %s {FILLED}"), 0.0

    def known(n: int, spared: float) -> None:
        """What a statement is known to spare, whatever else the machine does meanwhile."""
        for (query, _shape), found in there.statements.items():
            if query.startswith(f"SELECT {n},"):
                found.seconds, found.fastest = 1 + spared, 1.0
                found.weigh(there.age)

    def kept() -> set[str]:
        return {name.split(" AS ")[1][7:8] for name in names()}

    for n, spared in ((1, 3.0), (2, 1.0)):
        for _ in range(4):
            ask(f"SELECT {n}, %s", 5)
            known(n, spared)
    assert kept() == {"1", "2"}
    for _ in range(4):
        assert ask("SELECT 3, %s", 5) == [(3, 5)]
        known(3, 0.5)
    assert kept() == {"1", "2"}  # it spares less than those that are kept
    for _ in range(6):
        ask("SELECT 3, %s", 5)
        known(3, 0.5)
    assert kept() == {"1", "3"}  # it is asked more often
    assert ask("SELECT 2, %s", 6) == [(2, 6)]
    for _ in range(40):
        for n in (2, 3):
            ask(f"SELECT {n}, %s", 5)
            known(n, 1.0)
    assert kept() == {"2", "3"}  # the first spared most, and nobody asks it any longer


@postgresql
@pytest.mark.usefixtures("anew")
def test_what_is_larger_than_all_the_room_stays_text() -> None:
    connection.connection.room = len(FILLED)
    for _ in range(5):
        assert ask("SELECT %s", 5) == [(5,)]
    assert names() == []


@postgresql
@pytest.mark.usefixtures("anew")
def test_what_is_slower_by_name_is_text_again() -> None:
    for _ in range(3):
        ask("SELECT %s", 1)
    (found,) = connection.connection.statements.values()
    found.seconds = 0.0
    for n in range(TRIED + 1):
        assert ask("SELECT %s", n) == [(n,)]
    assert found.plain
    assert names() == []


@postgresql
@pytest.mark.django_db(transaction=True)
def test_a_table_that_was_altered_meanwhile_is_asked_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE altered (n integer)")
        cursor.execute("INSERT INTO altered VALUES (5)")
        try:
            for _ in range(4):
                assert ask("SELECT n FROM altered WHERE n = %s", 5) == [(5,)]
            cursor.execute("ALTER TABLE altered ALTER n TYPE text")
            assert ask("SELECT n FROM altered WHERE n = %s", "5") == [("5",)]
            cursor.execute("ALTER TABLE altered ALTER n TYPE bigint USING n::bigint")
            assert ask("SELECT n FROM altered WHERE n = %s", 5) == [(5,)]
        finally:
            cursor.execute("DROP TABLE altered")


@postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("anew")
def test_what_the_server_has_forgotten_is_asked_as_text_and_prepared_anew() -> None:
    for _ in range(4):
        ask("SELECT %s + 1", 5)
    assert len(names()) == 1
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert ask("SELECT %s + 1", 5) == [(6,)]
    for _ in range(3):
        assert ask("SELECT %s + 1", 5) == [(6,)]
    assert len(names()) == 1


@postgresql
@pytest.mark.usefixtures("anew")
def test_what_was_forgotten_breaks_one_transaction_alone() -> None:
    for _ in range(4):
        ask("SELECT %s + 1", 5)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(DatabaseError), transaction.atomic():
        ask("SELECT %s + 1", 5)
    assert ask("SELECT %s + 1", 5) == [(6,)]


def test_the_first_asking_by_name_is_not_counted_and_one_disturbed_does_not_decide() -> None:
    found = Statement(asked=2, seconds=0.010, name="kept", fresh=True)
    found.took(0.5)  # planned
    for seconds in [0.012] * (TRIED - 1) + [0.009]:
        found.took(seconds)
    assert not found.slow
    for seconds in [0.011] * TRIED:
        found.took(seconds)
    assert found.slow


def test_what_is_much_slower_twice_is_tried_no_longer() -> None:
    found = Statement(asked=2, seconds=0.010, name="kept")
    found.took(0.031)
    assert not found.slow
    found.took(0.031)
    assert found.slow
    disturbed = Statement(asked=2, seconds=0.010, name="kept")
    disturbed.took(0.350)
    disturbed.took(0.005)
    assert not disturbed.slow


def test_mostly_far_slower_is_slow_though_once_it_was_fast() -> None:
    found = Statement(asked=2, seconds=0.010, name="kept")
    for seconds in [0.001] + [0.010 * FAR * 2] * (TRIED - 1):
        found.took(seconds)
    assert found.slow
