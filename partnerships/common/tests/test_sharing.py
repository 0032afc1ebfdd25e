"""What rows share is built once, and is otherwise what Django gives."""

from partnerships.common.sharing import attach, sharing
from partnerships.directory.models import Affiliation, Person


def test_rows_of_one_organisation_share_it(cast, django_assert_num_queries):
    rows = Affiliation.objects.filter(organization=cast.energy).select_related("organization__root", "person")
    assert rows.count() > 1
    with django_assert_num_queries(1):
        found = list(sharing(rows))
        assert {id(row.organization) for row in found} == {id(found[0].organization)}
        assert {id(row.organization.root) for row in found} == {id(found[0].organization.root)}
        assert found[0].organization.root.name == cast.aztu.name
    assert [(row.pk, row.person) for row in found] == [(row.pk, row.person) for row in rows]


def test_what_is_not_there_is_none(cast):
    found = list(sharing(Person.objects.filter(user=None).select_related("user"))[:3])
    assert [row.user for row in found] == [None] * len(found)
    student = sharing(Person.objects.filter(pk=cast.student.pk)).select_related("user").get()
    assert (student.user, student.user.person) == (cast.user("student"), student)


def test_the_row_that_asked_for_its_rows_is_still_known(cast, django_assert_num_queries):
    person = Person.objects.get(pk=cast.student.pk)
    with django_assert_num_queries(1):
        assert [row.person is person for row in sharing(person.affiliations.all())] == [True]


def test_a_row_is_what_django_reads_and_what_is_left_out_is_read_later(cast, django_assert_num_queries):
    rows = Person.objects.filter(pk=cast.student.pk)
    (ours,), (theirs,) = sharing(rows), rows
    assert {**vars(ours), "_state": None} == {**vars(theirs), "_state": None}
    assert (ours._state.adding, ours._state.db) == (theirs._state.adding, theirs._state.db)
    (short,) = sharing(rows.only("given_name"))
    assert short.get_deferred_fields() == rows.only("given_name")[0].get_deferred_fields()
    with django_assert_num_queries(1):
        assert short.family_name == theirs.family_name
    short.family_name = "Əliyeva"
    short.save(update_fields=["family_name"])
    assert rows.get().family_name == "Əliyeva"


def test_what_hangs_on_rows_is_attached_as_if_it_had_been_prefetched(cast, django_assert_num_queries):
    people = list(Person.objects.filter(pk__in=[cast.student.pk, cast.colleague.pk, cast.mentor.pk]))
    with django_assert_num_queries(1):
        attach(people, "affiliations", Affiliation.objects.filter(role="student"), "person_id", "person")
        found = {person: list(person.affiliations.all()) for person in people}
        assert all(row.person is person for person, rows in found.items() for row in rows)
    assert {person: len(rows) for person, rows in found.items()} == {
        cast.student: 1,
        cast.colleague: 1,
        cast.mentor: 0,
    }
