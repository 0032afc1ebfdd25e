"""The tree: made, named, moved; paths are right and operators alone draw it."""

import pytest

from partnerships.common.refusals import Refused
from partnerships.directory import actions, reports
from partnerships.directory.enums import Kind
from partnerships.directory.models import Organization
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_new_university_has_its_path_names_domains_and_a_free_address(cast: Cast) -> None:
    for number in (1, 2):
        node = actions.create_organization(
            Kind.UNIVERSITY,
            "Şəki Universiteti",
            actor=cast.user("partnerships"),
            name_en="Sheki University",
            acronym="ŞU",
            domains=["Sheki.example", "Sheki.example"] if number == 1 else [],
        )
        assert node.slug == ("su" if number == 1 else "su-2")
        assert (node.path, node.root_id) == (f"{node.pk}.", node.pk)
    first = Organization.objects.get(slug="su")
    assert [domain.domain for domain in first.domains.all()] == ["sheki.example"]
    assert (first.name, first.name_en, first.acronym, first.folded) == (
        "Şəki Universiteti",
        "Sheki University",
        "ŞU",
        "seki universiteti sheki university su",
    )


def test_a_unit_stands_below_and_everything_moves_with_it(cast: Cast) -> None:
    actor = cast.user("admin")
    faculty = actions.add_unit(cast.aztu, Kind.FACULTY, "Avtomatika fakültəsi", actor=actor)
    laboratory = actions.add_unit(cast.energy, Kind.LABORATORY, "Relə laboratoriyası", actor=actor)
    actions.add_unit(laboratory, Kind.LABORATORY, "Stend", actor=actor)
    moved = actions.move_unit(laboratory, faculty, actor=actor)
    stand = Organization.objects.get(name="Stend")
    assert moved.path == f"{cast.aztu.pk}.{faculty.pk}.{laboratory.pk}."
    assert stand.path == f"{moved.path}{stand.pk}."
    assert not Organization.objects.below(cast.energy).filter(pk=stand.pk).exists()


def test_a_unit_moved_to_another_organisation_takes_its_root(cast: Cast) -> None:
    child = make.organization("Stend", Kind.LABORATORY, cast.energy)
    actions.move_unit(cast.energy, cast.adnsu, actor=cast.user("admin"))
    child.refresh_from_db()
    assert (child.root, child.path) == (cast.adnsu, f"{cast.adnsu.pk}.{cast.energy.pk}.{child.pk}.")


def test_a_unit_never_stands_below_itself_and_an_organisation_is_not_moved(cast: Cast) -> None:
    child = make.organization("Stend", Kind.LABORATORY, cast.energy)
    for unit, parent in [(cast.energy, child), (cast.energy, cast.energy), (cast.aztu, cast.adnsu)]:
        with pytest.raises(Refused):
            actions.move_unit(unit, parent, actor=cast.user("admin"))


@pytest.mark.parametrize("name", ["coordinator", "hr", "student", "stranger", "rector"])
def test_only_the_operator_opens_organisations(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        actions.create_organization(Kind.COMPANY, "Yeni", actor=cast.user(name))
    assert not Organization.objects.filter(name="Yeni").exists()


def test_names_are_rows_and_lists_show_their_copies(cast: Cast) -> None:
    rows = [
        ("en", "label", "Azerbaijan Technical University"),
        ("az", "acronym", "AzTU"),
        ("az", "former", "Azərbaycan Politexnik İnstitutu"),
    ]
    node = actions.set_names(cast.aztu, rows, actor=cast.user("admin"))
    node.refresh_from_db()
    assert (node.name, node.name_en, node.acronym) == (rows[0][2], rows[0][2], "AzTU")
    assert [row.pk for row in reports.find_organizations("POLİTEXNİK institutu")] == [cast.aztu.pk]


def test_search_forgives_letters_and_puts_the_exact_acronym_first(cast: Cast) -> None:
    make.university("AzTU dostları universiteti")
    found = [row.name for row in reports.find_organizations("aztu")]
    assert found == ["Azərbaycan Texniki Universiteti", "AzTU dostları universiteti"]
    assert reports.find_organizations("a") == []
