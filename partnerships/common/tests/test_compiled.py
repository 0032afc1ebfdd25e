"""Queries put into words once: the same rows, and another key for another person."""

import pytest
from django.contrib.contenttypes.models import ContentType

from partnerships.common.compiled import compiled, compiled_for

made: list[int] = []


@compiled_for
def _alone(key: int) -> object:
    made.append(key)
    return ContentType.objects.filter(pk=key).order_by().values("pk")


@pytest.mark.django_db
def test_the_keys_are_those_of_the_query() -> None:
    rows = ContentType.objects.filter(app_label="auth").order_by()
    assert set(ContentType.objects.filter(pk__in=compiled(rows.values("pk")))) == set(rows)
    assert rows


@pytest.mark.django_db
def test_a_query_without_rows_finds_nothing() -> None:
    assert not ContentType.objects.filter(pk__in=compiled(ContentType.objects.none().values("pk")))


@pytest.mark.django_db
def test_words_are_made_once_and_filled_for_each() -> None:
    one, other = ContentType.objects.order_by("pk")[:2]
    made.clear()
    for row in (one, other, one):
        assert list(ContentType.objects.filter(pk__in=_alone(row.pk))) == [row]
    assert len(made) == 1
