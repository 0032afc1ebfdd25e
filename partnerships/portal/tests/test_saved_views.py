"""A list is saved as it is narrowed: above it and nowhere else, for its owner alone."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.common.refusals import Refused
from partnerships.portal import actions, saved
from partnerships.portal.models import SavedView

LATE = "/ideas/?show=late&q=F%C9%99rid"
JSON = "application/json"


def save(user, name="Gecikənlər", address=LATE):
    return actions.save_view(actor=user, name=name, address=address)


def test_a_view_is_saved_from_a_list_stands_above_it_and_leads_back_to_it(cast, login):
    client = login("hr")
    page = client.get("/ideas/", {"show": "late", "after": "x", "lang": "az"}).content.decode()
    assert 'name="address" value="/ideas/?show=late"' in page
    answer = client.post(reverse("view_new"), {"name": "  Gecikən \n lər ", "address": LATE + "&after=W10"})
    assert (answer.status_code, answer["Location"]) == (302, LATE)
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Gecikən lər", [["show", "late"], ["q", "Fərid"]])
    above = f'<a href="{LATE.replace("&", "&amp;")}" dir="auto" title="Gecikən lər"'
    here, elsewhere, other = (client.get(url).content.decode() for url in (LATE, "/ideas/", "/agreements/"))
    assert f'{above} aria-current="true"' in here
    assert f"{above}>" in elsewhere
    assert "Gecikən lər" not in other
    assert "Gecikən lər" not in login("hr2").get(LATE).content.decode()


def test_who_saves_under_a_name_that_is_there_is_told_that_it_was_replaced(cast, login):
    client, sent = login("hr"), {"name": "Gecikənlər", "address": LATE}
    said = []
    for address in (LATE, LATE, "/ideas/?show=late"):
        page = client.post(reverse("view_new"), sent | {"address": address}, follow=True)
        said += [str(message) for message in page.context["messages"]]
    assert ["əvvəlki" in words for words in said] == [False, False, True]


def test_lists_cost_no_query_without_saved_views_and_one_with(cast, login):
    client = login("hr")

    def cost(url="/ideas/"):
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(url)
        return len(found), sum("savedview" in query["sql"] for query in found)

    before = cost()
    assert before[1] == 0
    view = save(cast.user("hr"))
    assert cost() == (before[0] + 1, 1)
    for n in range(3):
        save(cast.user("hr"), f"{n}")
    assert cost() == (before[0] + 1, 1)
    for one in SavedView.objects.all():
        actions.delete_view(one, actor=cast.user("hr"))
    assert cost() == before
    assert view.user_id == cast.hr.user_id


def test_the_same_name_replaces_and_there_are_thirty_at_most(cast):
    user = cast.user("hr")
    first = save(user)
    again = save(user, address="/ideas/?show=open")
    assert (again.pk, again.query) == (first.pk, [["show", "open"]])
    rows = [SavedView(user=user, name=str(n), path="/ideas/") for n in range(saved.MOST - 1)]
    SavedView.objects.bulk_create(rows)
    save(user, address="/ideas/?show=late")
    with pytest.raises(ValidationError) as refused:
        save(user, "one more")
    assert list(refused.value.message_dict) == ["name"]
    assert SavedView.objects.count() == saved.MOST


@pytest.mark.parametrize(
    "address",
    [
        "https://else.example/ideas/", "//else.example/", "/\\else.example", "javascript:alert(1)", "ideas/",
        "/nowhere/", "/admin/", "/api/v1/ideas/", "/accounts/logout/", "/ideas/?q=" + "a" * 1600,
        "/ideas/?q=%00", "/ideas/\n", "/%00/", "",
    ],
)  # fmt: skip
def test_what_is_no_list_of_the_portal_is_not_saved(cast, address):
    with pytest.raises(ValidationError):
        save(cast.user("hr"), address=address)
    assert not cast.user("hr").keeps_views


@pytest.mark.parametrize("name", ["", " \n ", "a" * 61, "a\x00b", "a\u202eb"])
def test_a_name_says_something(cast, name):
    with pytest.raises(ValidationError):
        save(cast.user("hr"), name)
    view = save(cast.user("hr"))
    with pytest.raises(ValidationError):
        actions.rename_view(view, actor=cast.user("hr"), name=name)


def test_a_view_is_its_owners_alone(cast, login):
    view = save(cast.user("hr"))
    with pytest.raises(Refused):
        actions.rename_view(view, actor=cast.user("admin"), name="x")
    with pytest.raises(Refused):
        actions.delete_view(view, actor=cast.user("hr2"))
    for name in ("hr2", "admin", "student"):
        other = login(name)
        assert other.post(reverse("view_rename", args=[view.uid]), {"name": "x"}).status_code == 404
        assert other.post(reverse("view_delete", args=[view.uid])).status_code == 404
        assert view.name not in other.get(reverse("saved_views")).content.decode()
        assert other.get(f"/api/v1/saved-views/{view.uid}/").status_code == 404
    view.refresh_from_db()
    assert view.name == "Gecikənlər"


def test_it_is_renamed_and_deleted_and_markup_in_a_name_is_text(cast, login):
    client, user = login("hr"), cast.user("hr")
    view, other = save(user), save(user, '=HYPERLINK("x")<script>')
    page = client.get(reverse("saved_views")).content.decode()
    assert "=HYPERLINK(&quot;x&quot;)&lt;script&gt;" in page
    assert "=HYPERLINK(&quot;x&quot;)&lt;script&gt;" in client.get("/ideas/").content.decode()
    save(user, "Gənclər", "/internships/applications/?q=Elnur&university=aztu&state=decide")
    told = [(str(name), words) for _view, name, words, _to in client.get("/views/").context["rows"]]
    late = ("Əməkdaşlıq təklifləri", ["Gecikir", "“Fərid”"])
    assert told == [late, late, ("Müraciətlər", ["“Elnur”", "2 filtr"])]
    SavedView.objects.get(name="Gənclər").delete()
    taken = client.post(reverse("view_rename", args=[view.uid]), {"name": other.name})
    assert taken.status_code == 422
    answer = client.post(reverse("view_rename", args=[view.uid]), {"name": "Mənim"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("saved_views"))
    client.post(reverse("view_delete", args=[other.uid]))
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Mənim"]
    refused = client.post(reverse("view_new"), {"name": "x", "address": "//else.example/"})
    assert refused.status_code == 422
    assert 'href="//else.example' not in refused.content.decode()


def test_programs_keep_the_same_views(cast, login):
    client = login("hr")
    made = client.post("/api/v1/saved-views/", json.dumps({"name": "Gec", "address": LATE}), JSON)
    assert (made.status_code, made.json()["address"]) == (201, LATE)
    row = f"/api/v1/saved-views/{made.json()['uid']}/"
    assert client.patch(row, json.dumps({"name": "Tez"}), JSON).json()["name"] == "Tez"
    assert client.patch(row, json.dumps({}), JSON).json()["name"] == "Tez"
    assert [one["name"] for one in client.get("/api/v1/saved-views/").json()["results"]] == ["Tez"]
    wrong = client.post("/api/v1/saved-views/", json.dumps({"name": "x", "address": "/nowhere/"}), JSON)
    assert (wrong.status_code, "address" in wrong.json()) == (400, True)
    assert (client.delete(row).status_code, client.get(row).status_code) == (204, 404)
