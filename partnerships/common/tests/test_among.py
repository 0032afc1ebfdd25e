"""Keys that a query finds first."""

from partnerships.common.among import Among
from partnerships.directory.models import Affiliation, Person


def test_among_finds_what_an_in_finds(cast):
    people = Person.objects.filter(folded__contains="vilayet").values("pk")
    rows = Affiliation.objects.order_by("pk")
    found = list(rows.filter(Among("person_id", people)))
    assert found == list(rows.filter(person_id__in=people)) == [cast.affiliation("rector")]
    apart = rows.exclude(Among("person_id", people.order_by("sort_key")))
    assert list(apart) == list(rows.exclude(person_id__in=people))
    assert not rows.filter(Among("person_id", Person.objects.filter(folded="").values("pk"))).exists()
