"""The list of people and the page of one by kept words are what the plain queries have."""

from itertools import product

import pytest
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, QueryDict
from django.urls import reverse

from partnerships.directory import actions, reports
from partnerships.directory.asked import plainly
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Person
from partnerships.directory.people_list import Listed, listed
from partnerships.directory.person_page import affiliations_of, changes_of, person_of
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.workflow.models import Change

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


def test_the_page_of_a_person_reads_in_kept_words_what_it_reads_plainly(cast: Cast) -> None:
    actions.request_affiliation(cast.stranger, cast.energy, actor=cast.stranger.user)
    seen = 0
    for name, person in product(WHO, Person.objects.order_by("pk")[:20]):
        user, by_uid = cast.user(name), Person.objects.visible_to(cast.user(name)).filter(uid=person.uid)
        if not by_uid.exists():
            with pytest.raises(Http404):
                person_of(user, person.uid)
            continue
        assert person_of(user, person.uid) == by_uid.get()
        rows = affiliations_of(user, person)
        assert rows == list(Affiliation.objects.visible_to(user).filter(person=person))
        kind = ContentType.objects.get_for_model(Affiliation)
        plain = Change.objects.filter(content_type=kind, object_id__in=[row.pk for row in rows])
        assert changes_of(rows, 50) == list(plain[:50])
        seen += len(rows)
    assert seen > 20


@pytest.mark.parametrize("narrowed", ["?q=zzzz", "?state=refused", "?role=founder"])
def test_a_search_that_finds_nobody_leads_back_to_the_list_and_to_no_code(login, narrowed: str) -> None:
    page = login("coordinator").get(reverse("people") + narrowed).content.decode()
    assert [words in page for words in ("Uyğun nəticə yoxdur", "Hamısını göstər", "Dəvət kodu paylayın")] == [
        True,
        True,
        False,
    ]
