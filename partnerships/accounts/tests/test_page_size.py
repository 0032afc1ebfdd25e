"""How many rows a page of lists has is chosen by its reader, and kept."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse

from partnerships.accounts import actions
from partnerships.common.paging import SIZES, keyset, page_links, size_of
from partnerships.directory.models import Specialty

CHOICE = reverse("set_page_size")


def test_a_choice_is_kept_and_leads_back_to_the_first_row(cast, login):
    client, other = login("hr"), cast.user("hr2")
    there = "/ideas/?q=a"
    answer = client.post(CHOICE, {"size": "100", "next": there})
    assert (answer.status_code, answer["Location"]) == (302, there)
    assert [size_of(cast.user(name)) for name in ("hr", "hr2")] == [100, 25]
    assert client.post(CHOICE, {"size": "50", "next": "https://else.example/"})["Location"] == "/"
    assert size_of(cast.user("hr")) == 50
    with pytest.raises(ValueError, match="reader"):
        actions.set_page_size(cast.user("hr"), 25, actor=other)
    with pytest.raises(ValueError, match="1000"):
        actions.set_page_size(other, 1000, actor=other)
    assert [size_of(cast.user(name)) for name in ("hr", "hr2")] == [50, 25]


def test_no_other_size_is_taken_and_looking_changes_nothing(cast, login, client):
    hers = login("hr")
    for size in ("1000", "", "-25", "٢٥", "25 "):
        assert hers.post(CHOICE, {"size": size}).status_code == 400
    assert hers.get(CHOICE, {"size": "100"}).status_code == 405
    visitor = client.post(CHOICE, {"size": "100"})
    assert (visitor.status_code, visitor["Location"].split("?")[0]) == (302, reverse("account_login"))
    assert size_of(cast.user("hr")) == 25


def test_a_page_has_as_many_rows_as_its_reader_chose_and_offers_another_choice_where_it_matters(cast):
    Specialty.objects.bulk_create(Specialty(code=f"page{n}", name=f"İxtisas {n}") for n in range(60))
    every = Specialty.objects.filter(code__startswith="page")
    user, params = cast.user("hr"), QueryDict("q=a&after=x")

    def shown(reader, rows=None, **own):
        rows = every if rows is None else rows
        page = keyset(rows, {}, order=("pk",), reader=reader, **own)
        return len(page), bool(page.next), page_links(params, page)["size"]

    found = {}
    for size in SIZES:
        user.page_size = size
        found[size] = shown(user)
    assert found == {25: (25, True, 25), 50: (50, True, 50), 100: (60, False, 100)}
    assert page_links(params, keyset(every, {}, order=("pk",)))["first_url"] == "?q=a"
    few = every.filter(code__in=[f"page{n}" for n in range(25)])
    assert shown(user, few) == (25, False, 0)  # nothing to choose
    assert shown(AnonymousUser()) == (25, True, 0)
    assert shown(user, size=20) == (20, True, 0)  # a list with a size of its own
    forged = keyset(every, {"after": "W10"}, order=("pk",), reader=user)
    assert (len(forged), forged.chosen) == (60, 100)
