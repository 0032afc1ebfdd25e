"""Two records of one person become one."""

import pytest
from django.urls import reverse

from internships.models import Application, Position
from internships.tests import makers
from partnerships.accounts.models import User
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused
from partnerships.directory import actions, reports_doubles
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Person, Study
from partnerships.notifications.models import Message
from partnerships.testing import factories as make
from partnerships.workflow.models import Change

REASON = "Tələbə vəsiqəsi ilə yoxlandı."


def merge(cast, kept, gone, who="admin"):
    return actions.merge_people(kept, gone, actor=cast.user(who), reason=REASON)


def test_everything_of_who_goes_becomes_that_of_who_stays(cast):
    application = makers.sent(cast, makers.programme(cast), "colleague")
    position = Position.objects.get()
    position.mentors.add(cast.colleague)
    kept = make.person("Kənan Ahmadov", patronymic="")
    Person.objects.filter(pk=cast.colleague.pk).update(fin="5AB12CD", phone="+994501234567")
    merge(cast, kept, cast.colleague)
    kept = Person.objects.get(pk=kept.pk)
    application.refresh_from_db()
    assert not Person.objects.filter(pk=cast.colleague.pk).exists()
    assert (application.person, list(position.mentors.all())) == (kept, [kept])
    assert (kept.fin, kept.phone, kept.email) == ("5AB12CD", "+994501234567", "kenan@aztu.example")
    assert kept.user == User.objects.get(email="kenan@aztu.example")
    assert not Change.objects.filter(person_id=cast.colleague.pk).exists()
    change = Change.objects.of(kept).get(verb="merge")
    assert (change.note, change.data["gone"]["email"]) == (REASON, "kenan@aztu.example")


def test_the_same_study_twice_becomes_one_with_its_confirmation(cast):
    listed = make.person("Nigar Məmmədova")
    waiting = make.affiliation(listed, cast.energy, Role.STUDENT, state=AffiliationState.REQUESTED)
    application = makers.sent(cast, makers.programme(cast))
    merge(cast, listed, cast.student)
    application.refresh_from_db()
    (only,) = Affiliation.objects.filter(person=listed)
    assert (only.pk, only.state, application.affiliation_id) == (waiting.pk, "verified", waiting.pk)
    assert Study.objects.get(affiliation=only).year == 4


def test_of_two_accounts_the_kept_one_opens_with_both_addresses(cast, client):
    gone = cast.stranger.user
    merge(cast, cast.student, cast.stranger)
    gone.refresh_from_db()
    kept = cast.user("student")
    assert gone.is_active is False
    assert sorted(kept.emailaddress_set.values_list("email", "primary")) == [
        ("nigar@aztu.example", True),
        ("zaur@else.example", False),
    ]


def test_an_address_that_nobody_has_verified_opens_nothing(cast, client):
    mistyped = make.person("Nigar Məmmədova", "nigar@atzu.example")
    mistyped.user.emailaddress_set.update(verified=False)
    merge(cast, cast.student, mistyped)
    assert list(cast.user("student").emailaddress_set.values_list("email", flat=True)) == [
        "nigar@aztu.example"
    ]
    listed = make.person("Nigar Məmmədova", "", account=False)
    again = make.person("Nigar Məmmədova", "nigar@atzu.example")
    again.user.emailaddress_set.update(verified=False)
    merge(cast, listed, again)
    listed.refresh_from_db()
    assert (listed.user, listed.email) == (None, "")
    client.post("/accounts/password/reset/", {"email": "nigar@atzu.example"})
    assert not Message.objects.filter(kind="accounts.password_reset_code").exists()


def test_two_applications_to_one_programme_stop_it_and_nothing_is_changed(cast):
    made = makers.programme(cast)
    mine, theirs = makers.sent(cast, made), makers.sent(cast, made, "colleague")
    with pytest.raises(Blocked):
        merge(cast, cast.student, cast.colleague)
    assert Application.objects.get(pk=theirs.pk).person == cast.colleague
    assert Application.objects.get(pk=mine.pk).person == cast.student
    assert Affiliation.objects.filter(person=cast.colleague).count() == 1


def test_only_an_administrator_with_a_reason_merges_and_only_once(cast):
    with pytest.raises(Refused):
        merge(cast, cast.student, cast.colleague, "coordinator")
    with pytest.raises(Missing):
        actions.merge_people(cast.student, cast.colleague, actor=cast.user("admin"), reason=" ")
    merge(cast, cast.student, cast.colleague)
    with pytest.raises(IllegalTransition):
        merge(cast, cast.student, cast.colleague)


def test_the_pages_find_compare_and_merge(cast, login):
    double = make.person("Nigar Məmmədova")
    make.person("Nigar Sultanova")
    assert reports_doubles.alike_people(cast.student) == [double]
    client = login("admin")
    doubles = client.get(reverse("person_doubles", args=[cast.student.uid]))
    assert doubles.context["others"] == [double]
    url = reverse("person_merge", args=[cast.student.uid, double.uid])
    assert client.get(url).context["form"].initial["kept"] == str(cast.student.uid)
    refused = client.post(url, {"kept": str(cast.student.uid), "reason": ""})
    assert (refused.status_code, Person.objects.filter(pk=double.pk).exists()) == (422, True)
    answer = client.post(url, {"kept": str(cast.student.uid), "reason": REASON})
    assert answer["Location"] == reverse("person_detail", args=[cast.student.uid])
    assert not Person.objects.filter(pk=double.pk).exists()
    assert client.post(url, {"kept": str(cast.student.uid), "reason": REASON}).status_code == 404
    assert login("coordinator").get(url).status_code == 403
