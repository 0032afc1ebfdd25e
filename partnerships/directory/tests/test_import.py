"""The list of the world's universities: each of its traps, and a second run that changes nothing."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from partnerships.directory import actions
from partnerships.directory.actions.importing import import_universities
from partnerships.directory.actions.reference import load_universities
from partnerships.directory.models import Domain, Organization, OrganizationName
from partnerships.testing.worlds import known_ground, world
from partnerships.workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db


def line(name: Any, code: Any = "TR", *domains: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "alpha_two_code": code,
        "country": "—",
        "domains": list(domains),
        "web_pages": [f"https://{domains[0]}/"] if domains else [],
        "state-province": None,
        **more,
    }


LIST = [
    line("Université de Genève", "CH", "unige.ch"),
    line("Trinity College", "IE", "tcd.ie"),
    line("Trinity College", "US", "trincoll.edu"),
    line("University of Bath", "GB", "bath.ac.uk"),
    line("University of Bath", "GB", "bath.edu"),
    line("Springfield College", "US", "springfield-ma.edu", **{"state-province": "Massachusetts"}),
    line("Springfield College", "US", "springfield-il.edu", **{"state-province": "Illinois"}),
    line("Marmara University", "TR", "marun.edu.tr"),
    line("Mugla University", "TR", "marun.edu.tr"),
    line("University of Prishtina", "XK", "uni-pr.edu"),
    line("University of Da Nang", "VN", "ud.edu.vn", country="Vietnam"),
    line("University of Da Nang", "VN", "udn.vn", country="Viet Nam"),
    line("Baku State University", "AZ", "bsu.edu.az"),
    line("Azerbaijan State University of Oil and Industry", "AZ", "asoiu.edu.az"),
    line("Baku Technical School by Domain", "AZ", "aztu.edu.az"),
    line("Qafqaz University", "AZ", "qu.edu.az"),
    line("Azerbaijan Toursim Institute", "AZ", "tourism.edu.az"),
    line("Two Domains University", "DE", "two.example", "two-2.example", "not a domain", "münchen.example"),
]


@pytest.fixture
def ours(db: Any) -> None:
    with known_ground():
        world(load_universities)()


def names(country: str) -> list[str]:
    return sorted(Organization.objects.filter(country=country).values_list("name", flat=True))


def domains(name: str) -> list[str]:
    return sorted(Domain.objects.filter(organization__name=name).values_list("domain", flat=True))


def test_the_second_run_creates_and_updates_nothing(ours: None) -> None:
    first = import_universities(LIST)
    before = sorted(Organization.objects.values_list("pk", "updated"))
    second = import_universities(LIST)
    assert str(first) == "created 11, updated 1, unchanged 6, refused 0"
    assert str(second) == "created 0, updated 0, unchanged 18, refused 0"
    assert sorted(Organization.objects.values_list("pk", "updated")) == before


def test_what_is_created_is_a_whole_organisation(ours: None) -> None:
    import_universities(LIST)
    geneva = Organization.objects.get(country="CH")
    assert (geneva.path, geneva.root_id, geneva.slug) == (f"{geneva.pk}.", geneva.pk, "universite-de-geneve")
    assert (geneva.folded, geneva.is_partner) == ("universite de geneve", False)
    assert not Organization.objects.filter(path="").exists()


def test_one_name_in_two_countries_is_two_universities(ours: None) -> None:
    import_universities(LIST)
    assert Organization.objects.filter(name="Trinity College").count() == 2


def test_one_name_in_one_country_is_joined_unless_the_states_differ(ours: None) -> None:
    import_universities(LIST)
    assert names("GB") == ["University of Bath"]
    assert domains("University of Bath") == ["bath.ac.uk", "bath.edu"]
    assert names("VN") == ["University of Da Nang"]
    assert Organization.objects.filter(name="Springfield College").count() == 2


def test_a_domain_that_strangers_share_joins_nobody(ours: None) -> None:
    import_universities(LIST)
    assert names("TR") == ["Marmara University", "Mugla University"]
    assert Domain.objects.filter(domain="marun.edu.tr").count() == 2


def test_the_list_joins_our_own_universities_by_name_and_by_domain(ours: None) -> None:
    count = Organization.objects.filter(country="AZ").count()
    import_universities(LIST)
    assert Organization.objects.filter(country="AZ").count() == count
    alias = OrganizationName.objects.get(text="Baku Technical School by Domain")
    assert (alias.organization.acronym, alias.kind) == ("AzTU", "alias")


def test_a_former_name_joins_and_its_stale_domain_is_left_out(ours: None) -> None:
    import_universities(LIST)
    assert domains("Bakı Mühəndislik Universiteti") == ["beu.edu.az"]
    assert domains("Azərbaycan Turizm və Menecment Universiteti") == ["atmu.edu.az"]
    assert not OrganizationName.objects.filter(text__contains="Toursim").exists()


def test_several_domains_are_kept_and_what_is_no_domain_is_named(ours: None) -> None:
    report = import_universities(LIST)
    assert domains("Two Domains University") == ["two-2.example", "two.example", "xn--mnchen-3ya.example"]
    assert [note for note in report.notes if "left out" in note] == [
        "18: Two Domains University: 'not a domain' is no domain; left out"
    ]


def test_what_a_person_edited_is_never_overwritten(ours: None) -> None:
    import_universities(LIST)
    bath = Organization.objects.get(country="GB")
    actions.update_organization(bath, actor=SYSTEM, website="https://hand.example/")
    baku = Organization.objects.get(slug="bdu")
    actions.set_names(baku, [("az", "label", "Əl ilə yazılmış ad"), ("en", "alias", "BSU")], actor=SYSTEM)
    actions.update_organization(baku, actor=SYSTEM, city="Şamaxı")
    Domain.objects.filter(organization=bath).delete()
    count = Organization.objects.count()
    load_universities()
    report = import_universities([*LIST, line("Əl ilə yazılmış ad", "AZ", "yeni.example")])
    assert (report.created, report.updated, Organization.objects.count()) == (0, 0, count)
    bath.refresh_from_db()
    baku.refresh_from_db()
    assert (bath.website, domains("University of Bath")) == ("https://hand.example/", [])
    assert (baku.name, baku.city) == ("Əl ilə yazılmış ad", "Şamaxı")
    assert domains("Əl ilə yazılmış ad") == ["bsu.edu.az"]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (line("", "TR", "a.example"), "no name"),
        (line("\u202e \t", "TR", "a.example"), "no name"),
        (line(None, "TR"), "no name"),
        (line("x" * 256, "TR"), "name longer than 255 characters"),
        (line("Nowhere", "QQ"), "unknown country code 'QQ'"),
        (line("Europe", "EU"), "unknown country code 'EU'"),
        (line("None", None), "unknown country code None"),
        ("text", "not a record"),
    ],
)
def test_a_refused_record_says_why_and_loses_none_of_the_others(ours: None, record: Any, reason: str) -> None:
    report = import_universities([record, line("Good University", "TR", "good.example")])
    assert [(number, why) for number, _name, why in report.refused] == [(1, reason)]
    assert report.created == 1


def test_the_command_prints_its_counts_and_reasons(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.write_text(json.dumps([*LIST, line("Nowhere", "QQ")]), encoding="utf-8")
    out = StringIO()
    call_command("import_universities", file, stdout=out)
    assert out.getvalue().splitlines() == [
        "refused 19 Nowhere: unknown country code 'QQ'",
        "created 11, updated 1, unchanged 6, refused 1",
    ]


@pytest.mark.parametrize("content", [b"{", b"{}", b"\xff\xfe\x00"])
def test_a_file_that_is_no_list_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "list.json"
    file.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("import_universities", file, stdout=StringIO())


def test_reference_data_loads_twice_without_a_change() -> None:
    outputs = []
    for _time in range(2):
        out = StringIO()
        call_command("load_reference", stdout=out)
        outputs.append(out.getvalue().splitlines())
    assert outputs[1] == [
        "universities: created 0, updated 0, unchanged 51",
        "specialties: created 0",
        "skills: created 0",
        "text on personal data: unchanged",
        "agreement texts: created 0, types: created 0",
    ]
    assert OrganizationName.objects.filter(kind="former", text="Qafqaz Universiteti").exists()
