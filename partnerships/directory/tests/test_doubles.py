"""An organisation that stands here twice becomes one; one that is no more says who goes on."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.common import jobs
from partnerships.common.models import Job
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused
from partnerships.common.text import fold
from partnerships.directory import actions, reports_doubles
from partnerships.directory.access import access_of
from partnerships.directory.enums import AffiliationState, Ending, Kind, Role, Scheme
from partnerships.directory.models import (
    Affiliation,
    Domain,
    ExternalId,
    Invitation,
    Organization,
    Succession,
)
from partnerships.ideas.models import Idea
from partnerships.indicators.models import Measure
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change

WHY = "Eyni universitet"


@pytest.fixture
def double(cast):
    """A second record of aztu with a faculty, a domain and a registry number."""
    found = actions.create_organization(
        Kind.UNIVERSITY,
        f"{cast.aztu.name} MMC",
        actor=SYSTEM,
        is_partner=True,
        city="Bakı",
        domains=["ikinci.edu.az"],
    )
    actions.add_unit(found, Kind.FACULTY, "Robotlar", actor=SYSTEM)
    ExternalId.objects.create(organization=found, scheme=Scheme.ROR, value="https://ror.org/000000000")
    return found


def merge(cast, double, actor="admin"):
    return actions.merge_organizations(cast.aztu, double, actor=cast.user(actor), reason=WHY)


def role(person, organization, kind, **values):
    values = {"state": AffiliationState.VERIFIED, "starts": date(2024, 1, 1), **values}
    return Affiliation.objects.create(person=person, organization=organization, role=kind, **values)


def test_what_belongs_to_a_double_is_the_other_ones_and_its_address_leads_there(cast, double, client, login):
    waiting = role(cast.stranger, double, Role.COORDINATOR, state=AffiliationState.REQUESTED)
    studies = role(cast.student2, double, Role.STUDENT)
    asked = role(cast.trainer, cast.aztu, Role.STUDENT, state=AffiliationState.REQUESTED)
    again = role(cast.trainer, double, Role.STUDENT)
    code = Invitation.objects.create(
        organization=double,
        code="AAAA",
        expires="2030-01-01T00:00Z",
        made_by=cast.user("admin"),
        role=Role.LECTURER,
    )
    Measure.objects.create(indicator="x", year=2026, place=str(double.pk), organization=double, value=1)
    idea = make_idea(cast, double)
    merge(cast, double)
    for row in (waiting, studies):
        row.refresh_from_db()
    assert [row.organization_id for row in (waiting, studies)] == [cast.aztu.pk] * 2
    assert [waiting.state, studies.state] == [AffiliationState.REQUESTED, AffiliationState.VERIFIED]
    assert not Affiliation.objects.filter(pk=again.pk).exists()
    asked.refresh_from_db()
    assert (asked.organization_id, asked.state) == (cast.aztu.pk, AffiliationState.VERIFIED)
    unit = Organization.objects.get(name="Robotlar")
    assert (unit.root_id, unit.parent_id, unit.path) == (cast.aztu.pk,) * 2 + (f"{cast.aztu.path}{unit.pk}.",)
    assert Invitation.objects.get(pk=code.pk).uses_left == 0
    assert not Measure.objects.exists()
    assert Idea.objects.get(pk=idea.pk).partner_id == cast.aztu.pk
    kept, gone = (Organization.objects.get(pk=one.pk) for one in (cast.aztu, double))
    assert double.name in kept.names.filter(kind="alias").values_list("text", flat=True)
    assert kept.name == cast.aztu.name
    assert Domain.objects.get(domain="ikinci.edu.az").organization_id == kept.pk
    assert ExternalId.objects.get(value="https://ror.org/000000000").organization_id == kept.pk
    assert (gone.is_active, gone.succession.successor_id, gone.succession.how) == (
        False,
        kept.pk,
        "duplicate",
    )
    answer = client.get(reverse("partner_detail", args=[double.slug]))
    assert (answer.status_code, answer["Location"]) == (301, kept.get_absolute_url())
    there = f"/api/v1/organizations/{kept.slug}/"
    for reader in (client, login("partnerships")):  # who runs the portal sees what ended, too
        answer = reader.get(f"/api/v1/organizations/{double.slug}/")
        assert (answer.status_code, answer["Location"]) == (301, f"http://testserver{there}")
        assert (answer.json()["code"], answer.json()["slug"]) == ("merged", kept.slug)
    assert client.get(answer["Location"]).json()["slug"] == kept.slug
    found = client.get(f"/api/v1/organizations/?of={double.slug}").json()["results"]
    assert unit.slug in {row["slug"] for row in found}
    verbs = Change.objects.filter(verb__in=["merge", "merged"]).values_list("object_id", "note")
    assert set(verbs) == {(kept.pk, WHY), (gone.pk, WHY)}


def make_idea(cast, partner):
    from partnerships.ideas import actions as ideas

    return ideas.note(
        actor=cast.user("partnerships"),
        title="Birgə",
        partner=partner,
        next_step="zəng",
        next_on=date(2030, 1, 1),
    )


def test_nobody_gets_a_right_by_a_merge(cast, double):
    """Whoever holds a role at the double, at its units too, would have it over the other one."""
    unit = Organization.objects.get(name="Robotlar")
    for place in (double, unit):
        row = role(cast.stranger, place, Role.COORDINATOR)
        with pytest.raises(Blocked) as refused:
            merge(cast, double)
        assert refused.value.refusal.code == "roles"
        row.delete()
    refused_there = role(cast.stranger, cast.aztu, Role.STUDENT, state=AffiliationState.REFUSED)
    row = role(cast.stranger, double, Role.STUDENT)
    merge(cast, double)
    row.refresh_from_db()
    assert row.organization_id == double.pk
    assert refused_there.organization_id == cast.aztu.pk
    assert not access_of(cast.user("stranger")).covers(cast.aztu.path, *Role.values)


def test_who_may_not_and_what_cannot_be_merged_is_refused(cast, double):
    for name in ("coordinator", "partnerships", "hr", "stranger"):
        with pytest.raises(Refused):
            merge(cast, double, name)
    admin = cast.user("admin")
    with pytest.raises(Missing):
        actions.merge_organizations(cast.aztu, double, actor=admin, reason=" ")
    with pytest.raises(Refused):
        actions.merge_organizations(cast.other_company, cast.azerisiq, actor=admin, reason=WHY)
    with pytest.raises(Blocked):
        actions.merge_organizations(cast.other_company, double, actor=admin, reason=WHY)
    with pytest.raises(IllegalTransition):
        actions.merge_organizations(cast.energy, double, actor=admin, reason=WHY)
    merge(cast, double)
    with pytest.raises(IllegalTransition):
        merge(cast, double)
    with pytest.raises(Blocked):
        actions.revive_organization(double, actor=admin, reason=WHY)


def test_doubles_are_found_by_name_and_domain_but_not_across_countries(cast, double):
    abroad = actions.create_organization(Kind.UNIVERSITY, double.name, actor=SYSTEM, country="TR")
    shared = actions.create_organization(
        Kind.UNIVERSITY, "=1+1<b>", actor=SYSTEM, domains=["ikinci.edu.az"], country="GE"
    )
    found = {(one.first.pk, one.second.pk): len(one.same) for one in reports_doubles.doubles()}
    assert found == {(cast.aztu.pk, double.pk): 1, (double.pk, shared.pk): 1}
    assert abroad.pk not in {key for pair in found for key in pair}
    assert double in reports_doubles.alike_organizations(cast.aztu)
    assert reports_doubles.alike_organizations(cast.aztu, "yoxdur") == []


def test_two_that_look_like_one_are_put_aside_until_a_name_changes(cast, double, login):
    manager, first = cast.user("partnerships"), cast.aztu

    def shown():
        return [(one.first, one.second, one.before is not None) for one in reports_doubles.doubles()]

    for name in ("coordinator", "hr", "stranger"):
        with pytest.raises(Refused):
            actions.tell_apart(first, double, actor=cast.user(name), reason=WHY)
    with pytest.raises(Missing):
        actions.tell_apart(first, double, actor=manager, reason=" ")
    with pytest.raises(IllegalTransition):
        actions.doubt_again(first, double, actor=manager, reason=WHY)
    client, page = login("partnerships"), reverse("organization_doubles")
    aside = reverse("organization_apart", args=[first.uid, double.uid])
    back = reverse("organization_doubt", args=[first.uid, double.uid])
    assert [aside in client.get(page).content.decode(), shown()] == [True, [(first, double, False)]]
    assert login("coordinator").post(aside, {"reason": WHY}).status_code == 403
    assert client.post(aside, {"reason": ""}).status_code == 422
    assert client.post(aside, {"reason": "İki ayrı məktəb"}).status_code == 302
    text = client.get(page).content.decode()
    assert [aside in text, back in text, "İki ayrı məktəb" in text, shown()] == [False, True, True, []]
    with pytest.raises(IllegalTransition):  # whichever is named first
        actions.tell_apart(double, first, actor=manager, reason=WHY)
    actions.set_names(double, [("az", "label", f"{first.name} QSC")], actor=SYSTEM)
    assert [shown(), reports_doubles.told_apart()] == [[(first, double, True)], []]
    actions.tell_apart(double, first, actor=manager, reason=WHY)
    assert [shown(), len(reports_doubles.told_apart())] == [[], 1]
    assert client.post(back, {"reason": "Səhv"}).status_code == 302
    assert [shown(), reports_doubles.told_apart()] == [[(first, double, False)], []]
    kept = Change.objects.filter(verb__in=["tell_apart", "doubt_again"]).order_by("pk")
    assert [change.verb for change in kept.filter(object_id=double.pk)] == [
        "tell_apart",
        "tell_apart",
        "doubt_again",
    ]
    assert {change.user_id for change in kept} == {manager.pk}
    actions.tell_apart(first, double, actor=manager, reason=WHY)
    merge(cast, double)
    assert [shown(), reports_doubles.told_apart()] == [[], []]


def test_the_list_of_doubles_costs_the_same_for_one_pair_and_for_many(
    cast, double, login, django_assert_num_queries
):
    admin = login("admin")
    admin.get(reverse("organization_doubles"))  # reads what is kept for a while
    with CaptureQueriesContext(connection) as asked:
        page = admin.get(reverse("organization_doubles"))
    assert len(page.context["doubles"]) == 1
    for _ in range(15):  # with aztu, sixteen of one name are 120 pairs and more
        actions.create_organization(Kind.UNIVERSITY, f"{cast.aztu.name} MMC", actor=SYSTEM)
    with django_assert_num_queries(len(asked)):
        page = admin.get(reverse("organization_doubles"))
    assert len(page.context["doubles"]) == reports_doubles.SHOWN


def test_the_pages_compare_and_merge_for_the_administrator_alone(cast, double, login):
    admin, manager = login("admin"), login("partnerships")
    address = reverse("organization_merge", args=[cast.aztu.uid, double.uid])
    assert (
        reverse("organization_merge", args=[cast.aztu.uid, double.uid])
        in admin.get(reverse("organization_doubles")).content.decode()
    )
    assert address not in manager.get(reverse("organization_doubles")).content.decode()
    assert [one.get(address).status_code for one in (manager, login("coordinator"))] == [403, 403]
    assert login("coordinator").get(reverse("organization_doubles")).status_code == 403
    row = role(cast.stranger, double, Role.COORDINATOR)
    data = {"kept": str(cast.aztu.uid), "reason": WHY}
    assert admin.post(address, data).status_code == 422
    row.delete()
    assert admin.get(address).status_code == 200
    answer = admin.post(address, data)
    assert (answer.status_code, answer["Location"]) == (302, cast.aztu.get_absolute_url())


def test_very_many_rows_are_moved_by_a_worker_all_of_them_or_none(cast, double, login, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    admin, address = login("admin"), reverse("organization_merge", args=[cast.aztu.uid, double.uid])
    data = {"kept": str(cast.aztu.uid), "reason": WHY}
    row = role(cast.stranger, double, Role.COORDINATOR)
    assert (admin.post(address, data).status_code, Job.objects.count()) == (422, 0)  # refused at once
    row.delete()
    for place in (cast.aztu, double):
        role(cast.student, place, Role.STUDENT)
    alone = role(cast.trainer, double, Role.STUDENT)
    answer = admin.post(address, data)
    work = Job.objects.get()
    assert answer["Location"] == reverse("organization_merge_job", args=[work.uid])
    assert admin.post(address, data)["Location"] == answer["Location"]  # a double click
    progress = reverse("organization_merge_progress", args=[work.uid])
    assert "hx-trigger" in admin.get(answer["Location"]).content.decode()
    assert admin.get(progress).status_code == 200
    assert login("partnerships").get(progress).status_code == 404
    found = reverse("organization_doubles")  # whoever left the page finds it again
    shown = admin.get(found)
    assert "İki qeyd birləşdirilir" in shown.content.decode()
    assert shown.context["doubles"] == []  # nothing is asked of what is being done
    assert [pair.second for pair in login("partnerships").get(found).context["doubles"]] == [double]
    assert answer["Location"] not in login("partnerships").get(found).content.decode()
    late = role(cast.stranger, double, Role.COORDINATOR)
    jobs.run(work.pk)
    work.refresh_from_db()
    assert (work.state, Organization.objects.get(pk=double.pk).is_active) == ("failed", True)
    assert work.error in admin.get(answer["Location"]).content.decode()
    assert len(admin.get(found).context["doubles"]) == 1
    failed = admin.get(found).content.decode()
    assert ("Birləşdirmək mümkün olmadı" in failed, answer["Location"] in failed) == (True, True)
    late.delete()
    done = Job.objects.get(uid=admin.post(address, data)["Location"].split("/")[-2])
    jobs.run(done.pk)
    done.refresh_from_db()
    assert (done.state, done.result) == ("done", {"kept": str(cast.aztu.uid)})
    assert Organization.objects.get(pk=double.pk).succession.successor_id == cast.aztu.pk
    ended = admin.get(reverse("organization_merge_job", args=[done.uid])).content.decode()
    assert (cast.aztu.get_absolute_url() in ended, found in ended) == (True, True)
    assert "organizations/merging/" not in admin.get(found).content.decode()
    alone.refresh_from_db()
    assert alone.organization_id == cast.aztu.pk
    assert Affiliation.objects.filter(person=cast.student, organization=cast.aztu).count() == 1
    assert admin.get(progress)["HX-Refresh"] == "true"
    # A worker that takes it over once it is done finds it so.
    Job.objects.filter(pk=done.pk).update(state="queued", result={})
    jobs.run(done.pk)
    done.refresh_from_db()
    assert done.state == "done"


def test_an_organisation_that_is_no_more_names_its_successor_and_gives_nobody_a_right(cast, client, login):
    manager, gone = login("partnerships"), cast.adnsu
    address = reverse("organization_end", args=[gone.uid])
    form = {"how": "replaced", "successor": cast.aztu.slug, "on": "2024-01-01", "reason": "Qərar"}
    assert login("coordinator2").post(address, form).status_code == 403
    assert manager.post(address, {**form, "successor": "yoxdur"}).status_code == 422
    near = manager.post(address, {**form, "successor": "texniki"})
    assert (near.status_code, f"({cast.aztu.slug})" in near.content.decode()) == (422, True)
    assert manager.post(address, {**form, "successor": ""}).status_code == 422
    assert manager.post(address, {**form, "on": "2999-01-01"}).status_code == 422
    assert Organization.objects.get(pk=gone.pk).is_active
    before = [scope.path for scope in access_of(cast.user("coordinator2")).scopes]
    assert manager.post(address, {**form, "successor": fold(cast.aztu.name)}).status_code == 302
    assert manager.get(address)["Location"] == gone.get_absolute_url()
    assert [scope.path for scope in access_of(cast.user("coordinator2")).scopes] == before
    page = client.get(gone.get_absolute_url()).content.decode()
    assert f'href="{cast.aztu.get_absolute_url()}"' in page
    assert reverse("organization_revive", args=[gone.uid]) not in page
    assert gone.slug not in client.get(reverse("partners")).content.decode()
    assert gone.name in client.get(cast.aztu.get_absolute_url()).content.decode()
    assert client.get(f"/api/v1/organizations/{gone.slug}/").status_code == 404
    assert manager.get(f"/api/v1/organizations/{gone.slug}/").json()["slug"] == gone.slug
    with pytest.raises(IllegalTransition):
        actions.end_organization(
            gone, actor=cast.user("admin"), how=Ending.CLOSED, on=date(2024, 1, 1), reason=WHY
        )
    back = reverse("organization_revive", args=[gone.uid])
    assert client.post(back, {"reason": "x"}).status_code == 403  # signed out, with what was typed
    now = manager.get(reverse("organization_doubles_of", args=[gone.uid])).content.decode()
    assert (back in now, "Qərar" in now) == (True, True)
    assert Succession.objects.count() == 1
    assert manager.post(back, {"reason": "Səhv"}).status_code == 302
    assert (Organization.objects.get(pk=gone.pk).is_active, Succession.objects.count()) == (True, 0)


def test_who_ends_or_takes_back_twice_is_led_to_how_it_stands_now_and_what_another_wrote_is_kept(cast, login):
    manager, one = login("partnerships"), cast.adnsu
    end = reverse("organization_end", args=[one.uid])
    back = reverse("organization_revive", args=[one.uid])
    closed = {"how": "closed", "on": "2024-01-01", "reason": "Qərar"}
    for address, form in ((end, closed), (back, {"reason": "Səhv"})):
        assert manager.post(address, form).status_code == 302
        for answer in (manager.post(address, form), manager.get(address)):
            assert (answer.status_code, answer["Location"]) == (302, one.get_absolute_url())
        late = login("admin").post(address, {**form, "reason": "Başqa"})
        assert (late.status_code, "Başqa" in late.text, "yenidən göndərin" in late.text) == (409, True, False)


def test_a_record_that_nothing_resembles_is_no_search_without_result(cast, login):
    page = reverse("organization_doubles_of", args=[cast.aztu.uid])
    client = login("partnerships")
    assert "Bu təşkilata bənzəyən başqa qeyd yoxdur" in client.get(page).content.decode()
    assert "Bu sözlərlə heç nə tapılmadı" in client.get(page, {"q": "qqzz"}).content.decode()
