"""Rows that are laid again are the rows that were made."""

import time_machine
from django.db import connection, transaction

from partnerships.directory.enums import Kind
from partnerships.directory.models import Organization
from partnerships.testing import factories as make
from partnerships.testing import worlds
from partnerships.testing.worlds import ground, world

RUNS = []


@world
def plant(cast, name, **values):
    """One organisation more, and a word when all is written."""
    RUNS.append(name)
    Organization.objects.filter(pk=cast.aran.pk).update(acronym="ARAN")
    transaction.on_commit(lambda: None)
    return make.organization(name, Kind.ENTERPRISE, cast.azerisiq, **values)


def rows():
    return {table.name: worlds._rows_of(table) for table in worlds._tables()}


def twice(cast, *args, **values):
    """The same call on the same ground: as made, and as laid."""
    begins, found = ground.name, []
    for _ in range(2):
        point = transaction.savepoint()
        ground.name = begins
        before = len(connection.run_on_commit)
        answer = plant(cast, *args, **values)
        found.append((rows(), answer, len(connection.run_on_commit) - before, ground.name))
        del connection.run_on_commit[before:]
        transaction.savepoint_rollback(point)
        ground.name = begins
    return found


def test_rows_answer_and_what_waits_are_the_same_and_the_maker_runs_once(cast):
    RUNS.clear()
    made, laid = twice(cast, "Şəki RETSİ")
    assert (made, RUNS) == (laid, ["Şəki RETSİ"])
    assert made[1].root == cast.azerisiq
    assert made[3] is not None


def test_what_a_test_writes_itself_ends_the_knowledge(cast, login):
    login("hr")
    assert ground.name is not None
    Organization.objects.filter(pk=cast.baki.pk).update(acronym="B")
    RUNS.clear()
    for name in ("Bir", "Bir"):
        plant(cast, name)
    assert (RUNS, ground.name) == (["Bir", "Bir"], None)


def test_other_words_another_day_and_other_settings_are_other_worlds(cast, settings):
    RUNS.clear()
    twice(cast, "Bir")
    twice(cast, "İki")
    with time_machine.travel("2027-06-15T08:00:00Z", tick=False):
        twice(cast, "Bir")
    settings.LANGUAGE_CODE = "en"
    twice(cast, "Bir")
    assert RUNS == ["Bir", "İki", "Bir", "Bir"]


def test_where_code_is_replaced_makers_run(cast, monkeypatch):
    RUNS.clear()
    twice(cast, "Üç")
    monkeypatch.setattr(make, "BEGINNING", make.BEGINNING)
    twice(cast, "Üç")
    assert RUNS == ["Üç"] * 3


def test_a_clock_that_runs_is_not_kept(cast):
    RUNS.clear()
    with time_machine.travel("2027-06-15T08:00:00Z"):
        plant(cast, "Bir")
    assert (RUNS, ground.name) == (["Bir"], None)
