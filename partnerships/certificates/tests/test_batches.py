"""Many at once: each exactly one, a report for every line, one file to print, on from where it stopped."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from partnerships.certificates import actions
from partnerships.certificates.actions import batches
from partnerships.certificates.enums import ItemState
from partnerships.certificates.models import Batch, Certificate
from partnerships.certificates.tests.sample.certificates import KEY
from partnerships.certificates.tests.test_pages import crowd
from partnerships.common import jobs
from partnerships.common.models import Counter, Job, JobState
from partnerships.common.refusals import Refused
from partnerships.directory.enums import AffiliationState
from partnerships.directory.models import Affiliation
from partnerships.testing.cast import Cast


def run(batch: Batch) -> Batch:
    jobs.run(batch.job_id)
    return Batch.objects.select_related("job", "file").get(pk=batch.pk)


def states(batch: Batch) -> list[str]:
    return list(batch.items.values_list("state", flat=True))


def test_a_batch_issues_prints_and_reports(cast: Cast, issued: Callable[..., Certificate]) -> None:
    rows = [cast.affiliation("mentor"), *crowd(cast, 3), cast.affiliation("founder")]
    standing = issued("mentor")
    Affiliation.objects.filter(person=cast.founder).update(state=AffiliationState.REQUESTED)
    batch = run(actions.start_batch(rows, kind=KEY, actor=cast.user("hr")))
    assert states(batch) == ["already", "issued", "issued", "issued", "refused"]
    assert batch.items.get(state="refused").reason == "hələ təsdiqlənməyib"
    assert (batch.job.state, batch.job.result) == (JobState.DONE, {"issued": 3, "already": 1, "refused": 1})
    assert batch.file.name == "Üzvlük sertifikatı (4).pdf"
    with default_storage.open(batch.file.stored) as opened:
        pages = PdfReader(io.BytesIO(opened.read())).pages
    serials = [row.serial for row in Certificate.objects.order_by("serial")]
    assert [serial in page.extract_text() for serial, page in zip(serials, pages, strict=True)] == [True] * 4
    assert serials[0] == standing.serial


def test_the_report_of_a_batch_is_taken_away_by_who_issued_it(
    cast: Cast, login: Callable[..., Client]
) -> None:
    rows = [*crowd(cast, 2), cast.affiliation("founder")]
    Affiliation.objects.filter(person=cast.founder).update(state=AffiliationState.REQUESTED)
    batch = run(actions.start_batch(rows, kind=KEY, actor=cast.user("hr")))
    batch.items.filter(state="refused").update(name="=1+1")
    to = f"{reverse('export', args=['certificates.batch'])}?of={batch.uid}&format=csv&lang=en"
    answer: Any = login("hr").get(to)
    told = b"".join(answer.streaming_content).decode("utf-8-sig")
    found = [line.split(";") for line in told.splitlines()][1:]
    assert [bool(line[3]) for line in found] == [True, True, False]
    assert (found[2][0], found[2][2]) == ("'=1+1", batch.items.get(state="refused").reason)
    page = login("hr").get(reverse("certificate_batch", args=[batch.uid])).content.decode()
    assert f"/exports/certificates.batch/?of={batch.uid}" in page
    assert [login(who).get(to).status_code for who in ("hr2", "coordinator", "student")] == [404, 404, 404]
    assert login("hr").get(reverse("export", args=["certificates.batch"]) + "?of=x").status_code == 404


def test_a_second_run_changes_nothing(cast: Cast) -> None:
    batch = run(actions.start_batch(crowd(cast, 3), kind=KEY, actor=cast.user("hr")))
    file, serials = batch.file_id, sorted(Certificate.objects.values_list("serial", flat=True))
    Job.objects.filter(pk=batch.job_id).update(state=JobState.QUEUED)
    batch = run(batch)
    assert (batch.file_id, sorted(Certificate.objects.values_list("serial", flat=True))) == (file, serials)


def test_a_killed_worker_is_followed_by_one_that_goes_on(cast: Cast, monkeypatch: Any) -> None:
    batch = actions.start_batch(crowd(cast, 5), kind=KEY, actor=cast.user("hr"))
    done = batches._do

    def die_at_the_third(job: Any, batch: Any, key: int) -> None:
        if Certificate.objects.count() == 2:
            raise SystemExit
        done(job, batch, key)

    with monkeypatch.context() as patch:
        patch.setattr(batches, "_do", die_at_the_third)
        with pytest.raises(SystemExit):
            jobs.run(batch.job_id)
    assert states(batch) == ["issued", "issued", "waiting", "waiting", "waiting"]
    Job.objects.filter(pk=batch.job_id).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert jobs.sweep() == 1
    batch = run(batch)
    assert states(batch) == ["issued"] * 5
    assert max(Certificate.objects.values_list("serial", flat=True)).endswith("-00005")
    assert (Counter.objects.get(series="US").value, batch.file is not None) == (5, True)


def test_two_batches_over_the_same_people_make_one_each_without_gaps(cast: Cast) -> None:
    rows = crowd(cast, 4)
    first = actions.start_batch(rows[:3], kind=KEY, actor=cast.user("hr"))
    second = actions.start_batch(rows, kind=KEY, actor=cast.user("hr"))
    assert states(run(first)) == ["issued"] * 3
    assert states(run(second)) == ["already", "already", "already", "issued"]
    numbers = sorted(int(serial[-5:]) for serial in Certificate.objects.values_list("serial", flat=True))
    assert numbers == [1, 2, 3, 4]


def test_a_revoked_one_is_not_made_anew_by_a_batch(cast: Cast, issued: Callable[..., Certificate]) -> None:
    actions.revoke(issued("mentor"), actor=cast.user("hr"), note="Səhv")
    batch = run(actions.start_batch([cast.affiliation("mentor")], kind=KEY, actor=cast.user("hr")))
    assert (states(batch), batch.file, Certificate.objects.live().count()) == (["refused"], None, 0)


def test_what_is_not_theirs_starts_no_batch(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.start_batch(
            [cast.affiliation("mentor"), cast.affiliation("mentor2")], kind=KEY, actor=cast.user("hr")
        )
    assert not Batch.objects.exists()


def test_a_right_that_is_lost_meanwhile_refuses_line_by_line(cast: Cast) -> None:
    batch = actions.start_batch(crowd(cast, 2), kind=KEY, actor=cast.user("hr"))
    Affiliation.objects.filter(person=cast.hr).update(ends=timezone.now().date() - timedelta(days=1))
    assert states(run(batch)) == [ItemState.REFUSED] * 2
    assert not Certificate.objects.exists()


def test_the_page_of_those_who_wait_starts_some_or_all(
    cast: Cast, login: Callable[[str], Client], django_capture_on_commit_callbacks: Any
) -> None:
    client, path = login("hr"), f"/certificates/issue/{KEY}/"
    rows = crowd(cast, 3)
    assert client.post(path, {"language": "az"}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(path, {"language": "en", "pick": [str(rows[0].uid), str(rows[2].uid)]})
    batch = Batch.objects.get()
    assert answer["Location"] == batch.get_absolute_url()
    assert sorted(batch.items.values_list("object_id", flat=True)) == [rows[0].pk, rows[2].pk]
    text = client.get(batch.get_absolute_url()).content.decode()
    assert Certificate.objects.get(object_id=rows[0].pk).serial in text
    assert batch.file.get_absolute_url() in text
    waiting = client.get(path).context["count"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, {"language": "az", "everyone": "on"})
    assert Batch.objects.first().items.count() == waiting
    assert client.get(path).context["count"] == 0


def test_a_batch_is_its_owners_alone(cast: Cast, login: Callable[[str], Client]) -> None:
    batch = run(actions.start_batch(crowd(cast, 1), kind=KEY, actor=cast.user("hr")))
    paths = [batch.get_absolute_url(), f"{batch.get_absolute_url()}progress/", batch.file.get_absolute_url()]
    assert [login("hr").get(path).status_code for path in paths] == [200, 200, 200]
    for who in ("hr2", "admin", "mentor", "coordinator"):
        assert [login(who).get(path).status_code for path in paths] == [404, 404, 404]


def test_nobody_else_opens_the_page_of_those_who_wait(cast: Cast, login: Callable[[str], Client]) -> None:
    assert login("student").get(f"/certificates/issue/{KEY}/").status_code == 403
    assert login("hr").get("/certificates/issue/none.such/").status_code == 404
