"""Rooms and equipment from a table: what holds others first, and what is there follows the table."""

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils.translation import override

from partnerships.bookings import bringing
from partnerships.bookings.models import Thing
from partnerships.common.refusals import Refused
from partnerships.documents.enums import ImportState
from partnerships.documents.models import ImportRun
from partnerships.testing import files, tables
from partnerships.testing.tables import confirm, fates

HEAD = ["Yerləşdiyi yer", "№", "Otağın adı", "Növü", "Tutumu", "Rezerv edilir", "İngiliscə adı"]


def bring(cast, rows, who="trainer"):
    context = {"organization": cast.azerisiq.pk}
    return tables.bring(bringing.KIND, [HEAD, *rows], context=context, actor=cast.user(who))


def test_the_examples_that_are_a_yes_or_a_no_are_in_the_readers_language():
    asked = {column.key: column for column in bringing.COLUMNS}
    told = {}
    for language in ("az", "en"):
        with override(language):
            told[language] = [asked[key].sample for key in ("kind", "is_bookable", "approval")]
    assert told == {"az": ["Laboratoriya", "bəli", "xeyr"], "en": ["Laboratory", "yes", "no"]}


def test_a_building_comes_with_its_floors_rooms_and_equipment_in_rows_below(cast, house):
    rows = [
        ["", 1, "Yeni korpus", "Bina", "", "", "New building"],
        ["Yeni korpus", 2, "1-ci mərtəbə", "mərtəbə", "", "", ""],
        ["tədris mərkəzi", 3, "1-ci mərtəbə", "Mərtəbə", "", "", ""],
        ["new building › 1-ci mərtəbə", 4, "Otaq 101", "", 24, "", "Room 101"],
        ["Yeni korpus > 1-ci mərtəbə > Otaq 101", 5, "Ossiloqraf", "cihaz", "", "xeyr", ""],
        [house.hall.name, 6, house.left.name, "", 45, "", ""],
        ["1-ci mərtəbə", 7, "Otaq 102", "", "", "", ""],
        ["Yoxdur", 8, "Otaq 103", "", "", "", ""],
        ["Yeni korpus › 1-ci mərtəbə", 9, "OTAQ 101", "", "", "", ""],
        ["", 10, "Otaq 104", "planet", "çox", "", ""],
        ["", 11, "Otaq 105", "Otaq", "", "", ""],
        ["Yeni korpus", 12, "Ərazi içində", "Ərazi", "", "", ""],
    ]
    run = bring(cast, rows)
    assert fates(run) == ["add"] * 5 + ["change"] + ["refuse"] * 6
    wrong = {row.number: set(row.errors) for row in run.rows.all() if row.errors}
    assert list(wrong.values()) == [
        {"parent"}, {"parent"}, {"name"}, {"kind", "capacity"}, {"parent"}, {"kind"},
    ]  # fmt: skip
    done = confirm(run)
    assert (done.state, done.summary["outcomes"]) == (ImportState.DONE, {"refused": 6, "written": 6})
    room, tool = Thing.objects.get(name="Otaq 101"), Thing.objects.get(name="Ossiloqraf")
    assert (room.parent.name, room.parent.parent.name) == ("1-ci mərtəbə", "Yeni korpus")
    assert (room.kind, room.capacity, room.name_en, room.is_bookable) == ("room", 24, "Room 101", True)
    assert (tool.parent, tool.kind, tool.is_bookable, tool.owner) == (room, "equipment", False, cast.azerisiq)
    assert not Thing.objects.get(name="Yeni korpus").is_bookable
    assert Thing.objects.get(pk=house.left.pk).capacity == 45
    assert fates(bring(cast, rows[:6])) == ["nothing"] * 6


@pytest.mark.parametrize("lang", ["az", "en"])
def test_what_is_taken_away_can_be_brought_again(cast, login, house, lang):
    client = login("trainer")
    answer = client.get(reverse("export", args=["bookings.things"]), {"lang": lang})
    upload = files.upload(b"".join(answer.streaming_content), "rooms.xlsx")
    with TestCase.captureOnCommitCallbacks(execute=True):
        page = client.post(reverse("bookings:import"), {"file": upload})
    run = ImportRun.objects.get()
    assert page.url == run.get_absolute_url()
    assert fates(run) == ["nothing"] * 6


@pytest.mark.parametrize(
    ("who", "code"), [("hr", 403), ("student", 403), ("coordinator", 403), ("trainer", 200)]
)
def test_only_who_looks_after_them_brings_them(cast, login, house, who, code):
    url = f"{reverse('bookings:import')}?at={cast.azerisiq.slug}"
    assert login(who).get(url).status_code == code
    if code == 403:
        with pytest.raises(Refused):
            bring(cast, [["", 1, "Korpus", "Bina", "", "", ""]], who)
