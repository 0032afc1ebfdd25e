"""Lists taken away: short ones at once, long ones by a worker, each written down and nobody else's."""

import io
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.http import Http404, QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from partnerships.common import listing
from partnerships.common.jobs import JobFailed
from partnerships.common.models import Job, JobState
from partnerships.common.refusals import Refused
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Deputyship, Person
from partnerships.documents import exporting
from partnerships.documents.models import Document, ExportRun
from partnerships.documents.tasks import sweep
from partnerships.notifications.models import Follow, Notification
from partnerships.testing import factories as make

PEOPLE = reverse("export", args=["directory.people"])


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def rows(data: bytes):
    return list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))


def names(data: bytes):
    return {row[0] for row in rows(data)[1:]}


def test_every_list_is_declared_once_with_headings_of_its_own(cast):
    found = listing.listings()
    assert len(found) >= 9
    for one in found.values():
        try:
            listed = one.build(cast.user("hr"), QueryDict(""))
        except (Refused, Http404):  # as the page of that list answers
            continue
        labels = [str(column.label) for column in listed.columns]
        assert len(set(labels)) == len(labels), one.kind
        assert not listed.order or listed.order[-1] in ("pk", "-pk"), one.kind


def test_a_short_list_is_handed_out_and_written_down(cast, login):
    cast.student.given_name = "=cmd|'/c calc'!A1"
    cast.student.save()
    answer = login("coordinator").get(PEOPLE, {"role": "student", "after": "x", "lang": "az"})
    page = load_workbook(io.BytesIO(body(answer))).active
    assert [cell.data_type for cell in page["B"]] == ["s"] * page.max_row
    seen = Affiliation.objects.visible_to(cast.user("coordinator")).filter(role="student")
    run = ExportRun.objects.get()
    assert (run.owner, run.kind, run.query) == (cast.user("coordinator"), "directory.people", "role=student")
    assert (run.people, run.format, run.rows, run.file) == (True, "xlsx", page.max_row - 1, None)
    assert run.rows == seen.exclude(state=AffiliationState.REFUSED).count() > 0
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_somebody_erased_stands_in_a_table_as_on_the_page(cast, login):
    Person.objects.filter(pk=cast.supervisor.pk).update(
        given_name="", family_name="", erased_at=timezone.now()
    )
    page = load_workbook(io.BytesIO(body(login("coordinator").get(PEOPLE, {"lang": "az"})))).active
    named = {cell.value for cell in page["A"]}
    assert ("Silinmiş şəxs" in named, None in named, cast.student.family_name in named) == (True, False, True)


def test_a_csv_is_as_the_page_is_and_its_name_is_plain(cast, login):
    answer = login("coordinator").get(PEOPLE, {"format": "csv", "role": "student"})
    text = body(answer).decode()
    assert text.startswith("\ufeffSoyad;Ad;Rol")
    assert "Məmmədova;Nigar" in text
    assert answer["Content-Disposition"].startswith('attachment; filename="sexsler-20')


def test_a_neighbour_takes_away_their_own_people_alone(cast, login):
    mine, theirs = (names(body(login(who).get(PEOPLE))) for who in ("coordinator", "coordinator2"))
    assert cast.student.family_name in mine
    assert cast.student.family_name not in theirs
    assert theirs


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("student", "directory.people", 403),
        ("coordinator", "joining.requests", 403),
        ("coordinator", "nothing.there", 404),
        ("coordinator", "directory.people/?format=pdf", 400),
        ("coordinator", "directory.units/?of=no-such", 404),
    ],
)
def test_whoever_may_not_open_the_page_takes_nothing_away(cast, login, who, path, status):
    kind, _slash, query = path.partition("/")
    assert login(who).get(reverse("export", args=[kind]) + query).status_code == status
    assert not ExportRun.objects.exists()


def test_a_look_at_the_address_is_no_export(cast, login):
    assert login("coordinator").head(PEOPLE).status_code == 200
    assert not ExportRun.objects.exists()


def test_the_list_costs_the_same_at_any_length(cast, login, settings):
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    client = login("coordinator")
    client.get(PEOPLE)
    cache.clear()
    costs = []
    for number in range(2):
        with CaptureQueriesContext(connection) as asked:
            body(client.get(PEOPLE))
        costs.append(len(asked))
        for more in range(3):
            make.student(f"Tələbə {number}{more}", f"t{number}{more}@aztu.example", cast.energy)
    assert costs[0] == costs[1]


def test_a_list_longer_than_a_chunk_is_whole_and_in_order(cast, monkeypatch):
    monkeypatch.setattr(listing, "CHUNK", 2)
    listed = listing.listing_of("directory.people").build(cast.user("coordinator"), QueryDict(""))
    keys = [row.pk for row in listed]
    assert keys == list(listed.rows.order_by("person__sort_key", "pk").values_list("pk", flat=True))
    assert len(keys) == 4


# Long ones ------------------------------------------------------------------------------------------


@pytest.fixture
def long(cast, login, settings, django_capture_on_commit_callbacks):
    """The list of people, asked for by the coordinator as if it were long; made by a worker."""
    settings.EXPORT_DIRECT = 1
    client = login("coordinator")
    assert client.get(PEOPLE).status_code == 200
    assert not ExportRun.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{PEOPLE}?format=csv&role=student")
    run = ExportRun.objects.get()
    assert answer.url == run.get_absolute_url()
    return run


def test_a_long_list_is_made_by_a_worker_and_kept_for_its_owner_alone(cast, login, long):
    assert (long.job.state, long.job.result) == (JobState.DONE, {"rows": long.rows})
    client = login("coordinator")
    page = client.get(long.get_absolute_url()).content.decode()
    assert long.file.get_absolute_url() in page
    text = body(client.get(long.file.get_absolute_url())).decode()
    assert "Məmmədova;Nigar" in text
    assert len(text.splitlines()) == long.rows + 1
    assert long.get_absolute_url() in client.get(reverse("export_list")).content.decode()
    assert client.get(reverse("export_progress", args=[long.uid]))["HX-Refresh"] == "true"
    for who in ("coordinator2", "colleague", "hr", "admin"):
        for url in (
            long.get_absolute_url(),
            reverse("export_progress", args=[long.uid]),
            long.file.get_absolute_url(),
        ):
            assert login(who).get(url).status_code == 404, (who, url)


def test_how_long_a_file_is_kept_is_said_as_people_say_it(cast, login, long, settings):
    client = login("coordinator")
    page = client.get(f"{long.get_absolute_url()}?lang=az").content.decode()
    assert "O, 7 gündən sonra silinir." in page
    page = client.get(f"{long.get_absolute_url()}?lang=en").content.decode()
    assert "It is removed after 7 days." in page
    settings.EXPORT_DAYS = 1
    asked = client.get(PEOPLE, {"lang": "en"}).content.decode()
    assert "it is kept for 1 day." in asked


@pytest.mark.parametrize("way", ["ends", "revoked", "stood in"])
def test_what_was_taken_for_a_role_goes_with_it(cast, login, long, way, time_machine):
    held, client = Affiliation.objects.filter(person=cast.coordinator), login("coordinator")
    held.update(verified_at=long.created - timedelta(hours=1))
    day = timezone.localdate()
    if way == "ends":
        held.update(ends=day)
    elif way == "stood in":
        Deputyship.objects.create(
            affiliation=cast.affiliation("rector"),
            holder=cast.rector,
            deputy=cast.coordinator,
            starts=day,
            ends=day,
            created=long.created - timedelta(hours=1),
        )
    assert client.get(long.file.get_absolute_url()).status_code == 200
    if way == "revoked":
        Affiliation.objects.filter(pk=held.get().pk).update(state=AffiliationState.REFUSED)
    else:
        time_machine.move_to(timezone.now() + timedelta(days=2), tick=False)
    assert client.get(long.file.get_absolute_url()).status_code == 403
    if way == "ends":  # whoever gets the role again takes the list again
        make.affiliation(cast.coordinator, cast.aztu, Role.COORDINATOR)
        assert client.get(long.file.get_absolute_url()).status_code == 403


def test_asked_for_twice_a_long_list_is_made_once(cast, login, settings):
    settings.EXPORT_DIRECT = 1
    client = login("coordinator")
    csv, again, xlsx = (client.post(f"{PEOPLE}?format={fmt}").url for fmt in ("csv", "csv", "xlsx"))
    assert csv == again != xlsx
    assert ExportRun.objects.count() == 2


def test_a_worker_that_begins_again_makes_no_second_file(cast, long):
    exporting.do_export(long.job, lambda done, total: None)
    assert Document.objects.filter(kind="export").count() == 1


def test_who_lost_the_role_meanwhile_gets_no_file(cast, login, settings, django_capture_on_commit_callbacks):
    settings.EXPORT_DIRECT = 1
    with django_capture_on_commit_callbacks() as waiting:
        login("coordinator").post(PEOPLE)
    Affiliation.objects.filter(person=cast.coordinator).update(ends=timezone.localdate() - timedelta(days=1))
    for callback in waiting:
        callback()
    run = ExportRun.objects.get()
    assert (run.job.state, run.file, run.rows) == (JobState.FAILED, None, None)
    assert run.job.error in login("coordinator").get(run.get_absolute_url()).content.decode()


def test_what_was_read_by_a_role_that_ends_while_the_file_is_written_is_not_kept(
    cast, login, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.EXPORT_DIRECT = 1
    monkeypatch.setattr(exporting, "TOLD_EVERY", 1)
    with django_capture_on_commit_callbacks():
        login("coordinator").post(PEOPLE)
    run = ExportRun.objects.get()
    Job.objects.filter(pk=run.job.pk).update(state=JobState.RUNNING, attempts=1)
    held = Affiliation.objects.filter(person=cast.coordinator)
    held.update(verified_at=run.created - timedelta(hours=1))
    with pytest.raises(JobFailed):
        exporting.do_export(
            Job.objects.get(pk=run.job.pk), lambda done, total: held.update(state=AffiliationState.REFUSED)
        )
    assert (ExportRun.objects.get().file, Document.objects.count()) == (None, 0)


def test_the_file_goes_after_some_days_and_the_line_stays(
    cast, login, long, settings, django_capture_on_commit_callbacks
):
    stored = long.file.stored
    late = timezone.now() - timedelta(days=settings.EXPORT_DAYS, minutes=1)
    Document.objects.filter(pk=long.file_id).update(created=late)
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    long.refresh_from_db()
    assert (long.file, long.rows is None, default_storage.exists(stored)) == (None, False, False)
    assert login("coordinator").get(long.get_absolute_url()).status_code == 200


def test_a_list_that_no_file_holds_is_to_be_narrowed(cast, settings):
    settings.EXPORT_ROWS = 1
    with pytest.raises(Refused, match="1"):
        exporting.ask("directory.people", cast.user("coordinator"), QueryDict(""), "xlsx")


def test_the_page_of_a_list_that_is_too_long_says_so_and_leads_back_to_its_filters(cast, login, settings):
    settings.EXPORT_ROWS = 1
    page = "http://testserver/people/?q=a"
    answer = login("coordinator").get("/exports/directory.people/", headers={"referer": page})
    words = answer.content.decode()
    assert (answer.status_code, "sizin üçün açıq deyil" in words) == (422, False)
    assert "hissə-hissə endirin" in words
    assert f'href="{page}"' in words
    elsewhere = login("coordinator").get(
        "/exports/directory.people/", headers={"referer": "http://elsewhere.example/"}
    )
    assert "elsewhere.example" not in elsewhere.content.decode()


def lines(answer) -> list[list[str]]:
    return [line.split(";") for line in body(answer).decode("utf-8-sig").splitlines()]


def test_deputies_are_taken_away_by_the_two_alone(cast, login):
    day = timezone.localdate()
    Deputyship.objects.create(
        affiliation=cast.affiliation("rector"),
        holder=cast.rector,
        deputy=cast.coordinator,
        starts=day,
        ends=day,
    )
    for who, most in {"rector": 1, "coordinator": 1, "coordinator2": 0, "hr": 0}.items():
        found = lines(login(who).get("/exports/directory.deputies/?format=csv"))
        assert [row[2:4] for row in found[1:]] == [[cast.rector.name, cast.coordinator.name]] * most


def test_what_was_sent_to_me_is_taken_away_by_me_alone(cast, login):
    for who in ("hr", "hr2"):
        words = {"az": f"=1+{who}", "en": who}
        Notification.objects.create(
            person=cast.user(who).person, kind="x.y", title=words, body=words, path="/inbox/"
        )
    found = lines(login("hr").get("/exports/notifications.sent/?format=csv"))
    assert [row[0] for row in found[1:]] == ["'=1+hr"]
    alone = lines(login("hr").get("/exports/notifications.sent/?format=csv&show=letters"))
    assert len(alone) == 1


def test_what_i_follow_is_taken_away_by_me_alone_without_the_name_of_what_i_no_longer_see(cast, login):
    for record in (cast.aztu, cast.affiliation("rector")):
        Follow.objects.create(
            person=cast.hr,
            content_type=ContentType.objects.get_for_model(record, for_concrete_model=True),
            object_id=record.pk,
        )
    found = lines(login("hr").get("/exports/notifications.followed/?format=csv"))
    names = [row[0] for row in found[1:]]
    assert (len(names), names[0]) == (2, "Onu görmək hüququnuz artıq yoxdur")
    assert cast.aztu.name in names[1]
    assert len(lines(login("hr2").get("/exports/notifications.followed/?format=csv"))) == 1
