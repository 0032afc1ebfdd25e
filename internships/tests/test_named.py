"""Words of the people of a round, kept beside its applications: the same as by the people themselves."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from internships.listed_called import NAMED
from internships.models import Application, Programme
from internships.tests import makers
from partnerships.directory.called import NAMES
from partnerships.directory.models import Person
from partnerships.testing.worlds import world

pytestmark = pytest.mark.postgres


@pytest.fixture
def rounds(cast):
    return made(cast)


@world
def made(cast):
    """Two rounds with two applications each; one person is in both."""
    first, second = makers.programme(cast), makers.programme(cast, title="Qış")
    makers.draft(cast, first, "student")
    makers.draft(cast, first, "colleague")
    makers.draft(cast, second, "student")
    makers.draft(cast, second, "student2")
    return first, second


def found(words, programme, most=10):
    sql, params = NAMED.keys(NAMES, words, programme.pk, most)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [key for (key,) in cursor.fetchall()]


def by_the_people(words, programme):
    rows = Application.objects.filter(programme=programme, person__folded__contains=words)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def in_step():
    """Whether the words are those that the rows and their people have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT within, word, owner FROM application_named_words ORDER BY 1, 2, 3")
        kept = cursor.fetchall()
        cursor.execute(
            'SELECT DISTINCT one.programme_id, word COLLATE "C", one.id FROM internships_application one '
            "JOIN directory_person person ON person.id = one.person_id, "
            "regexp_split_to_table(person.folded, '[^a-z0-9]+') word WHERE length(word) > 2 ORDER BY 1, 2, 3"
        )
        return kept == cursor.fetchall()


def test_words_find_the_rows_of_a_round_that_its_people_have(cast, rounds):
    for programme in rounds:
        for words in ("memmedov", "nigar", "ehmedli", "ara", "qarabag", "numune", "hecbirad"):
            assert found(words, programme) == by_the_people(words, programme), words
    assert len(found("nigar", rounds[0])) == 1
    assert found("example", rounds[0], most=1) == by_the_people("example", rounds[0])[:1]
    assert NAMED.keys(NAMES, "nigar memm", rounds[0].pk, 10) is None  # two words: asked of the people
    assert NAMED.keys(NAMES, "ни", rounds[0].pk, 10) is None


def test_they_follow_whatever_writes_a_row_or_a_name(cast, rounds):
    first, second = rounds
    assert in_step()
    Person.objects.filter(pk=cast.student.pk).update(folded="zohre nebiyeva")
    assert found("zohre", first) == by_the_people("zohre", first) != []
    assert found("nigar", first) == found("nigar", second) == []
    cast.colleague.family_name = "Zöhrəbəyov"
    cast.colleague.save()
    assert len(found("zohre", first)) == 2
    # Two records of one person became one, a round became another, and rows were written together.
    row = Application.objects.get(programme=second, person=cast.student2)
    Application.objects.filter(pk=row.pk).update(person=cast.stranger)
    assert (found("elnur", second), found("zaur", second)) == ([], [row.pk])
    Application.objects.filter(pk=row.pk).update(programme=first)
    assert (found("zaur", second), found("zaur", first)) == ([], [row.pk])
    row.pk, row.uid, row.number = None, uuid4(), None
    row.programme, row.person = second, cast.mentor
    Application.objects.bulk_create([row])
    assert found("resad", second) == [row.pk]
    assert in_step()


def test_what_is_gone_leaves_no_word(cast, rounds):
    row = Application.objects.filter(person=cast.student).first()
    Application.objects.filter(pk=row.pk).delete()
    assert found("nigar", row.programme) == []
    Person.objects.filter(pk=cast.student.pk).update(folded="")
    assert in_step()
    Programme.objects.filter(pk=rounds[1].pk).update(title="Yay", created=timezone.now())
    assert in_step()
    Application.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM application_named_words")
        assert cursor.fetchone() == (0,)


def test_what_is_written_elsewhere_in_a_row_leaves_them_alone(cast, rounds):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM application_named_words")
    Application.objects.update(motivation="Maraqlıdır.", score=70)
    assert found("nigar", rounds[0]) == []  # they were not worked out again


@contextmanager
def meanwhile(sql, *values):
    """Somebody has done this, and nobody knows yet whether it holds; nobody waits for long."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor, connection.cursor() as mine:
            cursor.execute(sql, values)
            mine.execute("SET lock_timeout = '300ms'")
            yield
            mine.execute("SET lock_timeout = 0")
        other.commit()
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_comes_waits_for_a_name_that_is_being_changed(cast, rounds):
    renamed = "UPDATE directory_person SET folded = 'zohre' WHERE id = %s"
    with meanwhile(renamed, cast.colleague.pk), pytest.raises(OperationalError, match="lock timeout"):
        makers.draft(cast, rounds[1], "colleague")
    row = makers.draft(cast, rounds[1], "colleague")
    assert found("zohre", rounds[1]) == [row.pk]
    assert in_step()


@pytest.mark.django_db(transaction=True)
def test_a_name_that_changes_waits_for_a_row_that_is_coming(cast, rounds):
    row = Application.objects.get(programme=rounds[1], person=cast.student2)
    zaur = Person.objects.filter(pk=cast.stranger.pk)
    with (
        meanwhile(
            "UPDATE internships_application SET person_id = %s WHERE id = %s", cast.stranger.pk, row.pk
        ),
        pytest.raises(OperationalError, match="lock timeout"),
    ):
        zaur.update(folded="zohre")
    zaur.update(folded="zohre")
    assert found("zohre", rounds[1]) == [row.pk]
    assert in_step()


@pytest.mark.django_db(transaction=True)
def test_the_rows_that_there_are_get_their_words_with_the_index(cast, rounds):
    with connection.schema_editor() as editor:
        editor.remove_index(Application, NAMED)
        Person.objects.filter(pk=cast.student.pk).update(folded="zohre")  # nothing is left that would fail
        editor.add_index(Application, NAMED)
    assert in_step()
    assert len(found("zohre", rounds[0])) == 1


@pytest.mark.django_db(transaction=True)
def test_an_emptied_table_leaves_no_words(cast, rounds):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_person CASCADE")
        cursor.execute("SELECT COUNT(*) FROM application_named_words")
        assert cursor.fetchone() == (0,)
