"""The lists of the administration are taken away as their pages show them, by who opens those pages."""

import csv
import io

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from openpyxl import load_workbook

from partnerships.accounts.models import User
from partnerships.bookings.tests.makers import site
from partnerships.common.models import JobState
from partnerships.directory import actions as directory
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.documents.models import ExportRun
from partnerships.portal.admin_lists import KIND, plain

FILE = reverse("export", args=[KIND])
LABELS = sorted(model._meta.label_lower for model in admin.site._registry)


@pytest.fixture
def inside(settings, login):
    """The administrator in the administration, where no second factor is asked for."""
    settings.DEMO = True
    return login("admin")


def page_of(label: str) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_changelist")


def body(answer) -> bytes:
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content)


def taken(client, label, query="", lang="en") -> list[list[str]]:
    """The table as a csv, its headings first."""
    text = body(client.get(f"{FILE}?format=csv&lang={lang}&of={label}&{query}")).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


# Not in a file ------------------------------------------------------------------------------------------

# Columns whose names sound like a key to something, and open nothing.
HARMLESS = {"directory.specialty": {"code"}, "internships.hazardclass": {"code"}}


def test_no_column_that_opens_a_door_is_taken_away():
    found = {}
    for model, page in admin.site._registry.items():
        names = {name if isinstance(name, str) else name.__name__ for name in page.list_display}
        kept = names - set(getattr(page, "not_in_files", ())) - HARMLESS.get(model._meta.label_lower, set())
        doors = {
            name
            for name in kept
            for word in ("code", "token", "secret", "key", "hash", "digest", "password", "link", "fin")
            if word in name.replace("person_link", "").replace("finished", "").split("_")
            or (word not in ("fin", "key") and word in name.replace("person_link", ""))
        }
        if doors or "phone" in kept:
            found[model._meta.label_lower] = doors
    assert found == {}


def test_codes_and_phones_stand_on_the_page_and_in_no_file(cast, inside):
    Person.objects.filter(pk=cast.student.pk).update(phone="+994501112233")
    invited = directory.make_invitation(cast.aztu, role=Role.STUDENT, actor=cast.user("coordinator"))
    for label, secret in (("directory.person", "994501112233"), ("directory.invitation", invited.code)):
        assert secret in inside.get(page_of(label)).text
        table = taken(inside, label)
        assert len(table) > 1
        assert not any(secret in cell for row in table for cell in row)


# What stands in a cell ----------------------------------------------------------------------------------


def test_cells_hold_what_a_person_reads_without_markup(cast, inside):
    thing = site(cast.azerisiq).lab
    type(thing).objects.filter(pk=thing.pk).update(name="=1+1", name_en="", capacity=12)
    rows = {row[0]: row for row in taken(inside, "bookings.thing")}
    head = taken(inside, "bookings.thing")[0]
    mine = dict(zip(head, rows["'=1+1"], strict=True))
    assert (mine["Can be booked"], mine["People"]) == ("yes", "12")
    book = load_workbook(io.BytesIO(body(inside.get(FILE, {"of": "bookings.thing", "lang": "en"}))))
    cells = {row[0].value: row for row in book.active.iter_rows()}["=1+1"]
    assert (cells[0].data_type, cells[head.index("People")].value) == ("s", 12)
    users = {row[0]: row for row in taken(inside, "accounts.user")}
    assert users[cast.user("hr").email][1] == cast.hr.name


def test_a_link_gives_its_words_and_what_somebody_typed_stays():
    assert plain(mark_safe('<a href="/x/">A &amp; B</a>')) == "A & B"
    assert plain("<b>typed</b>") == "<b>typed</b>"
    assert (plain("—"), plain("-", typed=True), plain(None)) == ("", "-", None)


# Narrowed as the page is --------------------------------------------------------------------------------


def test_search_and_filters_of_the_page_narrow_its_file(cast, inside):
    for query in ("q=AzTU", "kind__exact=faculty", "kind__exact=company&is_partner__exact=1", "q=zzzz"):
        page = inside.get(f"{page_of('directory.organization')}?{query}&p=1").context["cl"]
        with translation.override("en"):
            shown = [row.display_name for row in page.queryset]
        table = taken(inside, "directory.organization", f"{query}&p=7&_facets=True&all=&e=1&_popup=1")
        assert [row[0].split("— ")[-1] for row in table[1:]] == shown
    assert Organization.objects.count() > len(shown)


def test_the_page_offers_its_file_as_it_is_narrowed_and_a_popup_offers_none(cast, inside):
    asked = f"{page_of('directory.organization')}?q=az%C9%99&o=-1&p=1&kind__exact=company"
    href = escape(f"{FILE}?q=az%C9%99&o=-1&kind__exact=company&of=directory.organization&format=csv")
    assert f'href="{href}"' in inside.get(asked).text
    assert FILE not in inside.get(f"{asked}&_popup=1").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("of=", 404),
        ("", 404),
        ("of=directory", 404),
        ("of=a.b.c", 404),
        ("of=no.such", 404),
        ("of=directory.university", 404),
        ("of=auth.permission", 404),
        ("of=%00.%00", 404),
        (f"of={'x.' * 3000}", 404),
        ("of=directory.organization&nothing=1", 400),
        ("of=directory.organization&kind__nothing=1", 400),
        ("of=directory.organization&id__exact=x", 400),
        ("of=accounts.user&password__startswith=a", 400),
        ("of=documents.document&owner__fin__startswith=a", 400),
        ("of=documents.document&created__year=9999", 400),
        ("of=documents.document&created__year=x", 400),
        ("of=documents.document&created__year=2026&created__month=13", 400),
        ("of=directory.organization&q=%00", 400),
        ("of=directory.organization&kind__exact=%00", 200),
        (f"of=directory.organization&id__exact={'9' * 40}", 200),
        ("of=directory.organization&o=99.-1.x.--2&e=1&p=x&_to_field=path&after=x", 200),
        (f"of=directory.organization&q={'a' * 3000}&q=b", 200),
        ("of=directory.organization&format=pdf", 400),
    ],
)
def test_what_no_page_of_the_administration_asks_breaks_nothing(cast, inside, query, status):
    if "%00" in query and status == 200 and connection.vendor == "postgresql":
        status = 400  # it cannot hold one
    assert inside.get(f"{FILE}?{query}").status_code == status
    assert ExportRun.objects.exists() == (status == 200)


# Rights -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["hr", "student", "coordinator", "partnerships"])
def test_who_does_not_enter_the_administration_finds_none_of_its_lists(cast, login, settings, who):
    settings.DEMO = True
    assert login(who).get(FILE, {"of": "directory.person"}).status_code == 404
    assert Client().get(FILE, {"of": "directory.person"}).status_code == 302
    assert not ExportRun.objects.exists()


def test_without_a_second_factor_no_list_leaves_the_administration(cast, login):
    answer = login("admin").get(FILE, {"of": "directory.person", "lang": "en"})
    assert answer.status_code == 403
    assert "Set up a second factor first" in answer.text


def test_staff_take_away_the_lists_whose_page_they_open_and_no_other(cast, login, settings):
    settings.DEMO = True
    User.objects.filter(pk=cast.hr.user_id).update(is_staff=True)
    may = Permission.objects.get(codename="view_emailaddress")
    cast.user("hr").user_permissions.add(may)
    client, opened = login("hr"), set()
    for label in LABELS:
        page, file = (client.get(to).status_code for to in (page_of(label), f"{FILE}?of={label}"))
        assert page == file, label
        if page == 200:
            opened.add(label)
    assert opened == {"account.emailaddress"}


def test_each_file_is_written_down_with_its_list_and_filters_as_one_of_people(cast, inside):
    body(inside.get(FILE, {"of": "directory.person", "q": "Nigar", "p": "1", "lang": "az"}))
    run = ExportRun.objects.get()
    assert (run.owner, run.kind, run.name) == (cast.user("admin"), KIND, "İdarəetmə: Şəxslər")
    assert (run.people, run.rows, run.format) == (True, 1, "xlsx")
    assert QueryDict(run.query).dict() == {"of": "directory.person", "q": "Nigar", "p": "1"}


def test_the_log_of_files_is_narrowed_by_parts_of_the_portal_in_words(cast, inside):
    body(inside.get(FILE, {"of": "directory.person", "lang": "en"}))
    page = inside.get(page_of("documents.exportrun")).text
    assert ("?part=portal" in page, "?kind=" in page) == (True, False)
    assert inside.get(f"{page_of('documents.exportrun')}?part=portal").context["cl"].result_count == 1
    assert inside.get(f"{page_of('documents.exportrun')}?part=internships").context["cl"].result_count == 0


@pytest.mark.parametrize(
    ("label", "words"), [("notifications.message", "0 letters"), ("seats.waiting", "0 places in line")]
)
def test_what_is_counted_has_a_name_that_can_be_counted(cast, inside, label, words):
    User.objects.update(language="en")
    assert words in " ".join(inside.get(page_of(label)).text.split())


def test_a_long_list_is_made_by_a_worker_who_asks_again_who_may_see_it(
    cast, inside, settings, django_capture_on_commit_callbacks
):
    settings.EXPORT_DIRECT = 1
    asked = f"{FILE}?of=directory.person&format=csv&is_foreigner__exact=0"
    assert inside.get(asked).status_code == 200
    assert not ExportRun.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        inside.post(asked)
    run = ExportRun.objects.get()
    assert run.job.state == JobState.DONE
    assert run.rows == Person.objects.filter(is_foreigner=False).count() > 1
    with django_capture_on_commit_callbacks() as waiting:
        inside.post(asked.replace("csv", "xlsx"))
    Affiliation.objects.filter(person=cast.admin).delete()
    for callback in waiting:
        callback()
    failed = ExportRun.objects.get(format="xlsx")
    assert (failed.job.state, failed.file) == (JobState.FAILED, None)
