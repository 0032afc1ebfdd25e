"""Search: what is found, in which order, and never what somebody else may see."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from partnerships.agreements.tests import makers as agreements
from partnerships.portal import searching
from partnerships.testing.cast import Cast


def titles(cast: Cast, who: str, words: str) -> list[str]:
    """What the sample direction's rows answer; the core's own sources are proven in their apps."""
    groups = searching.search(cast.user(who), words)
    return [hit.title for group in groups if group.title == "Nümunələr" for hit in group.hits]


def test_letters_are_forgiven(sample: Any, cast: Cast):
    sample.append((cast.user("hr").email, "Şəki şəbəkəsi, İşıq", None))
    for words in ("seki", "ŞƏKİ", "sebekesi, isiq", "  işıq "):
        assert titles(cast, "hr", words) == ["Şəki şəbəkəsi, İşıq"]


def test_the_nearest_stands_first(sample: Any, cast: Cast):
    mine = cast.user("hr").email
    sample += [
        (mine, "Yeni kabellər", None),
        (mine, "Ağkabel", None),
        (mine, "Kabel xətti", None),
        (mine, "Kabel", None),
    ]
    assert titles(cast, "hr", "kabel") == ["Kabel", "Kabel xətti", "Yeni kabellər", "Ağkabel"]


def test_a_partner_called_by_its_short_name_or_in_quotation_marks_stands_before_its_papers(cast: Cast):
    agreements.in_force(cast)
    found = {
        words: [(group.title, group.hits[0].title) for group in searching.search(cast.user("hr"), words)]
        for words in ("azerisiq", cast.aztu.acronym)
    }
    assert [groups[0] for groups in found.values()] == [
        ("Təşkilatlar", cast.azerisiq.display_name),
        ("Təşkilatlar", cast.aztu.display_name),
    ]
    assert "Sazişlər" in [title for title, _first in found["azerisiq"]]


@pytest.mark.parametrize("words", ["", " ", "k", "K ", "́́"])
def test_fewer_than_two_letters_find_nothing(words: str, sample: Any, cast: Cast):
    sample.append((cast.user("hr").email, "Kabel", None))
    assert titles(cast, "hr", words) == []


def test_nobody_finds_what_is_somebody_elses(sample: Any, cast: Cast, login: Callable[[str], Client]):
    sample += [
        (cast.user("hr").email, "Kabel: Nigar Məmmədova", None),
        (cast.user("hr2").email, "Kabel: Elnur", None),
    ]
    found = {
        who: login(who).get("/search/", {"q": "kabel"}).content.decode().count("Kabel: ")
        for who in ("hr", "hr2", "student", "coordinator", "admin")
    }
    assert found == {"hr": 1, "hr2": 1, "student": 0, "coordinator": 0, "admin": 0}
    assert "Kabel: " not in Client().get("/search/", {"q": "kabel"}).content.decode()


def test_everybody_finds_the_directions_by_name(sample: Any, cast: Cast):
    groups = searching.search(AnonymousUser(), "numune")
    assert [(hit.title, hit.url) for group in groups for hit in group.hits] == [("Nümunə", "/research/")]


def test_htmx_gets_the_results_alone(sample: Any, cast: Cast, login: Callable[[str], Client]):
    sample.append((cast.user("hr").email, "Kabel", None))
    response = login("hr").get("/search/", {"q": "kabel"}, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert page.strip().startswith('<div id="results"')
    assert "Kabel" in page
    assert "HX-Request" in response["Vary"]


def test_what_is_typed_is_shown_and_never_run(sample: Any, cast: Cast, login: Callable[[str], Client]):
    page = login("hr").get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_search_costs_the_same_at_one_hit_and_at_thirty(
    sample: Any, cast: Cast, warm: Callable[[str], Client], django_assert_num_queries: Callable[[int], Any]
):
    headers = {"HX-Request": "true"}
    for many in (1, 30):
        sample.extend((cast.user("hr").email, f"Kabel {n}", None) for n in range(many))
        client = warm("hr")
        # session, account, person, roles; keys of a name; what all apps find
        with django_assert_num_queries(6):
            client.get("/search/", {"q": "kabel"}, headers=headers)


def test_the_palette_offers_the_persons_own_pages_and_what_they_may_see(
    sample: Any, cast: Cast, login: Callable[[str], Client]
):
    sample += [(cast.user(who).email, f"Kabel {who}", None) for who in ("hr", "hr2") for _n in range(12)]
    page = login("hr").get("/search/palette/", {"q": "kabel"}).content.decode()
    assert (page.count("Kabel hr<"), page.count("Kabel hr2")) == (5, 0)
    assert "10+" in page  # no further than what is asked of a source
    assert 'href="/search/?q=kabel"' in page
    assert "/calendar/" in login("hr").get("/search/palette/").content.decode()
    folded = login("hr").get("/search/palette/", {"q": "teqvim"}).content.decode()
    assert ('href="/calendar/"' in folded, "Kabel" in folded) == (True, False)
