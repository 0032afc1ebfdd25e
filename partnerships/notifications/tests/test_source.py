"""What an administrator's home page says of the outbox."""

from typing import Any

from partnerships.common.models import Job, JobState
from partnerships.notifications.enums import MessageState
from partnerships.notifications.models import Message
from partnerships.notifications.tests.test_outbox import letter


def test_letters_given_up_wait_for_the_administrator_alone(cast: Any, login: Any) -> None:
    letter("a@else.example", state=MessageState.DEAD)
    letter("b@else.example", state=MessageState.DEAD)
    letter("c@else.example")
    home = login("admin").get("/home/")
    [todo] = home.context["todos"]
    assert (todo.title, todo.count) == ("2 məktub çatdırıla bilmədi", 2)
    assert [(stat.value, stat.label) for stat in home.context["stats"]][-2:] == [
        ("1", "məktub göndərilir"),
        ("2", "məktub çatdırılmayıb"),
    ]
    assert todo.url == "/admin/notifications/message/?state__exact=dead"
    assert login("partnerships").get("/home/").context["todos"] == []


def test_the_administration_names_kinds_in_words_and_shows_long_work(
    cast: Any, login: Any, settings: Any
) -> None:
    settings.DEMO = True  # no second factor asked in the embedded default
    letter("a@else.example")
    Message.objects.update(kind="internships.offered")
    job = Job.objects.create(
        kind="documents.preview_import", owner=cast.hr.user, state=JobState.FAILED, error="Fayl itib"
    )
    admin = login("admin")
    listed = admin.get("/admin/notifications/message/", {"kind": "internships.offered"}).text
    assert "a@else.example" in listed
    assert ">internships.accepted<" not in listed
    assert "b@else.example" not in listed
    work = admin.get("/admin/common/job/", {"kind": "documents.preview_import"}).text
    assert "Cədvəlin önbaxışı" in work
    assert ">documents.preview_import<" not in work
    assert admin.get("/admin/notifications/occurrence/").text.count(">internships.remind") == 0
    assert "Fayl itib" in admin.get(f"/admin/common/job/{job.pk}/change/").text
    assert admin.post(f"/admin/common/job/{job.pk}/change/", {"state": "done"}).status_code == 403
    assert admin.get("/admin/common/dayoff/add/").status_code == 200
    assert login("partnerships").get("/admin/common/job/").status_code in (302, 403)
