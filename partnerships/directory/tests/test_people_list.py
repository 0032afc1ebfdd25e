"""The list of people by kept words is the list as the plain queries have it."""

from itertools import product

from django.http import QueryDict

from partnerships.directory import reports
from partnerships.directory.asked import plainly
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Person
from partnerships.directory.people_list import Listed, listed
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast

WHO = ("coordinator", "coordinator2", "hr", "partnerships", "admin", "mentor")
STATES = ("", "waiting", "verified", "refused", "unreachable")


def drawn(found: Listed) -> tuple[object, ...]:
    page = found.page
    return [row.pk for row in page.rows], [row.pk for row in found.waiting], found.found, page.next


def test_each_sees_in_kept_words_whom_they_see_plainly(cast: Cast) -> None:
    for number in range(40):
        who = make.student(f"Ad{number} Soyad{number}", f"s{number}@aztu.example", cast.energy)
        state = list(AffiliationState)[number % 4] if number < 10 else AffiliationState.VERIFIED
        Affiliation.objects.filter(person=who).update(state=state)
    Person.objects.filter(email="s9@aztu.example").update(failed_address="s9@aztu.example")
    seen = 0
    for name, state, role in product(WHO, STATES, ("", Role.STUDENT, "nobody")):
        user, params = cast.user(name), QueryDict(f"state={state}&role={role}")
        with plainly():
            plain = drawn(listed(user, params))
        assert drawn(listed(user, params)) == plain
        rows = reports.in_state(reports.people_found(user, "", role), state or "verified")
        first = list(rows.order_by("person__sort_key", "pk").values_list("pk", flat=True)[:25])
        assert plain[0] == first
        assert plain[2] == reports.pill_counts(reports.people_found(user, "", role))
        seen += len(first)
    assert seen > 200
