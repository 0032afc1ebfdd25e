"""Names by their words: the same people as by the whole text, whatever way the rows are written."""

import pytest
from django.db import connection

from partnerships.common.lexicon import LexiconIndex
from partnerships.directory import called
from partnerships.directory.models import Person
from partnerships.directory.tasks import sweep_names

NAMES = [
    ("Fərid", "Məmmədov", "ferid.memmedov@numune.az"),
    ("Aygün", "Məmmədova", "m_aygun@numune.az"),
    ("Şahmar", "Şahmarlı", "shah7@numune.az"),  # one part in two words
    ("O’Neil", "D'Arc", ""),
    ("Gül-Nar", "Nəsir-Zadə", "gulnar@numune.az"),
    ("İlqar", "Iıişov", ""),
    ("Владимир", "Попов", "popov@numune.az"),
    ("Ли", "Bo", ""),
    ("Əli", "100%", "a_b@numune.az"),
]
SOUGHT = [
    *("memmedov", "memmedova", "emmed", "mov", "sahmar", "ahm", "marl", "numune", "ferid.mem", "ferid memm"),
    *(
        "o'neil",
        "neil",
        "d'arc",
        "arc",
        "gul-nar",
        "gulnar",
        "nar",
        "zade",
        "ilqar",
        "iiisov",
        "попов",
        "popov",
    ),
    *("ли", "bo", "eli", "li", "100", "100%", "a_b", "a_", "shah7", "7@n", "hecbirad", "unaib", "az", "_"),
]


@pytest.fixture
def people(db):
    return Person.objects.bulk_create(
        Person(given_name=given, family_name=family, email=email) for given, family, email in NAMES
    )


def found(words):
    sql, params = called.first_called(words, 1000)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return sorted(key for (key,) in cursor.fetchall())


def by_the_text(words):
    return list(Person.objects.filter(folded__contains=words).order_by("pk").values_list("pk", flat=True))


def differing():
    return {words: found(words) for words in SOUGHT if found(words) != by_the_text(words)}


def kept():
    """What the words of names are, as the database keeps them, and as the rows have them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, owner FROM person_folded_whose ORDER BY 1, 2")
        whose = cursor.fetchall()
        cursor.execute("SELECT DISTINCT word FROM person_folded_lexicon ORDER BY 1")
        lexicon = [word for (word,) in cursor.fetchall()]
        cursor.execute(
            'SELECT DISTINCT word COLLATE "C", id FROM directory_person, '
            "regexp_split_to_table(folded, '[^a-z0-9]+') word WHERE length(word) > 2 ORDER BY 1, 2"
        )
        return whose, lexicon, cursor.fetchall()


def in_step():
    whose, lexicon, rows = kept()
    return whose == rows and lexicon == sorted({word for word, _owner in rows})


def test_words_find_whom_the_whole_text_finds(people):
    assert differing() == {}
    assert found("memmedov") == [people[0].pk, people[1].pk]
    assert found("sahmar") == [people[2].pk]  # once, though two words have it


def test_they_follow_whatever_writes_a_row(people):
    first, second, third, *others = people
    first.family_name = "Nəbiyev"
    first.save()
    assert (found("nebiyev"), found("memmedov")) == ([first.pk], [first.pk, second.pk])  # the address has it
    Person.objects.filter(pk=second.pk).update(folded="zohre")
    assert (found("zohre"), found("memmedova"), found("aygun")) == ([second.pk], [], [])
    third.folded, others[0].folded = "xeyal sahmarli", "xeyale"
    Person.objects.bulk_update([third, others[0]], ["folded"])
    assert found("xeyal") == [third.pk, others[0].pk]
    Person.objects.create(given_name="Zöhrə", family_name="Xəyalova")
    Person.objects.filter(pk=second.pk).delete()
    assert len(found("zohre")) == 1
    assert differing() == {}


@pytest.mark.postgres
def test_the_database_keeps_no_word_that_nobody_has(people):
    assert in_step()
    first, second, *_others = people
    Person.objects.filter(pk__in=[first.pk, second.pk]).delete()
    assert in_step()
    assert "memmedov" not in kept()[1]
    Person.objects.filter(folded__contains="sahmar").update(folded="")
    assert in_step()
    assert not {"sahmar", "sahmarli"} & set(kept()[1])
    Person.objects.all().delete()
    assert kept() == ([], [], [])


@pytest.mark.postgres
def test_what_is_written_elsewhere_in_the_row_leaves_them_alone(people):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person_folded_whose WHERE owner = %s", [people[0].pk])
    people[0].phone = "+994501234567"
    people[0].save()
    assert found("ferid") == []  # they were not worked out again


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_the_rows_that_there_are_get_their_words_with_the_index(people):
    index = next(one for one in Person._meta.indexes if isinstance(one, LexiconIndex))
    with connection.schema_editor() as editor:
        editor.remove_index(Person, index)
        assert "person_folded_whose" not in connection.introspection.table_names()
        Person.objects.filter(pk=people[0].pk).update(folded="zohre")  # nothing is left that would fail
        editor.add_index(Person, index)
    assert in_step()
    assert found("zohre") == [people[0].pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_an_emptied_table_leaves_no_words():
    Person.objects.create(given_name="Fərid", family_name="Məmmədov")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_person CASCADE")
    assert kept() == ([], [], [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_nobody_waits_for_a_word_that_is_being_added_and_the_night_takes_what_fails_leaves():
    first = Person.objects.create(given_name="Fərid", family_name="Məmmədov")
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:  # somebody is adding the same words, and will fail
            cursor.execute(
                "UPDATE directory_person SET folded = folded || ' rzayev' WHERE id = %s", [first.pk]
            )
            cursor.execute("SELECT 1 FROM person_folded_lexicon WHERE word = 'memmedov' FOR KEY SHARE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            second = Person.objects.create(given_name="Aygün", family_name="Rzayev Məmmədov")
            cursor.execute("SET lock_timeout = 0")
        assert found("rzayev") == [second.pk]
        other.rollback()
    finally:
        other.close()
    assert in_step()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO person_folded_lexicon (word) VALUES ('hecbirad')")
    assert not in_step()
    sweep_names()
    assert in_step()
    assert found("rzayev") == [second.pk]
