"""Mistakes in a letters table stop the start."""

from dataclasses import replace
from typing import Any

from partnerships.notifications import checks, collect
from partnerships.notifications.tests.sample import letters as sample


def found(letters: list[Any], reminders: list[Any] | None = None) -> list[str]:
    table = collect.Table(reminders=reminders or [])
    for letter in letters:
        table.add(letter)
    return [e.id for check in (checks._unknown_models, checks._kinds, checks._twice) for e in check(table)]


def test_the_tables_that_stand_have_no_mistakes(letters: None) -> None:
    assert checks.check_letters() == []
    assert {letter.kind for letter in sample.LETTERS} <= set(collect.table().kinds())


def test_each_mistake_is_named() -> None:
    renamed = sample.letter("sample.renamed", "rename")
    rule = sample.REMINDERS[0]
    assert found([renamed], [rule]) == []
    assert found([replace(renamed, model="directory.Nothing")]) == ["notifications.E001"]
    assert found([replace(renamed, model="sessions.Session")]) == ["notifications.E002"]
    assert found([replace(renamed, model="directory.University")]) == ["notifications.E006"]
    other = sample.letter("sample.renamed", "close", urgent=True)
    assert found([renamed, other]) == ["notifications.E003"]
    assert found([renamed], [replace(rule, kind="sample.renamed")]) == ["notifications.E004"]
    assert found([], [rule, rule]) == ["notifications.E004"]
    assert found([renamed, renamed]) == ["notifications.E005"]
