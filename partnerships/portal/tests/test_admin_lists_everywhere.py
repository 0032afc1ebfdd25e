"""Every list of the administration, on the demonstration: its file has the rows, headings and order of its
page."""

import io
from dataclasses import replace

import pytest
from django.contrib.admin.templatetags.admin_list import result_headers
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from django.utils.text import capfirst
from openpyxl import load_workbook

from partnerships.accounts.models import User
from partnerships.common import listing
from partnerships.portal.admin_lists import KIND
from partnerships.portal.tests.test_admin_lists import FILE, LABELS, body, page_of, taken

pytestmark = pytest.mark.wide


def headings(changelist) -> list[str]:
    """Those of the page, without the column of ticks and what stands in no file."""
    left_out = {"action_checkbox", *getattr(changelist.model_admin, "not_in_files", ())}
    shown = zip(changelist.list_display, result_headers(changelist), strict=True)
    return [capfirst(str(head["text"])) for name, head in shown if name not in left_out]


@pytest.fixture
def everything(demonstration, db, settings):
    """Who sees all that the administration has: the administrator of the demonstration as a superuser."""
    settings.DEMO = True
    user = User.objects.get(email="admin@demo.example")
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    user.refresh_from_db()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client, user


def test_every_list_of_the_administration_has_its_rows_and_headings_in_both_files(everything):
    client, _user = everything
    filled = 0
    for label in LABELS:
        page = client.get(page_of(label), {"all": ""})
        changelist = page.context["cl"]
        table = taken(client, label, lang="az")
        assert table[0] == headings(changelist), label
        assert len(table) - 1 == changelist.result_count, label
        book = load_workbook(io.BytesIO(body(client.get(FILE, {"of": label, "format": "xlsx"}))))
        assert [cell.value for cell in book.active[1]] == table[0], label
        logged = label == "documents.exportrun"  # a line more than a moment ago
        assert book.active.max_row == len(table) + logged, label
        for fmt in ("xlsx", "csv"):
            assert escape(f"{FILE}?of={label}&format={fmt}") in page.text, label
        filled += len(table) > 1
    assert filled > 30


def test_what_a_row_says_costs_no_query_of_its_own(everything):
    _client, user = everything
    compared, costs = 0, {}
    for label in LABELS:
        whole = listing.listing_of(KIND).build(user, QueryDict(f"of={label}"))
        two = list(whole.rows.values_list("pk", flat=True)[:2])
        if whole.count(3) < 3:
            continue
        compared += 1
        for part in (replace(whole, rows=whole.rows.filter(pk__in=two)), whole):
            with CaptureQueriesContext(connection) as asked:
                for row in part:
                    for column in part.columns:
                        column.value(row)
            costs.setdefault(label, []).append(len(asked))
    assert compared > 25
    assert {label: cost for label, cost in costs.items() if cost[0] != cost[1]} == {}


def test_every_file_is_in_the_order_of_its_page_where_that_can_be_followed(everything, monkeypatch):
    monkeypatch.setattr(listing, "CHUNK", 7)
    client, user = everything
    followed = set()
    for label in (
        "accounts.user",
        "directory.organization",
        "internships.diaryentry",
        "internships.programme",
    ):
        columns = len(client.get(page_of(label)).context["cl"].list_display)
        for order in [f"{sign}{place}" for place in range(columns) for sign in ("", "-")]:
            listed = listing.listing_of(KIND).build(user, QueryDict(f"of={label}&o={order}"))
            shown, keys = list(listed.rows.values_list("pk", flat=True)), [row.pk for row in listed]
            assert sorted(keys) == sorted(shown), (label, order)
            if keys == shown:
                followed.add((label, order))
    assert len(followed) > 20, followed
