"""The id of a request travels with the work that it causes, and a rolled-back request causes none."""

from celery import shared_task
from django.db import transaction

from partnerships.common.context import request_id
from partnerships.common.queue import enqueue

seen: list[tuple[str, int]] = []


@shared_task(name="tests.note_request")
def note_request(number: int) -> None:
    seen.append((request_id.get(), number))


def test_a_task_names_the_request_that_caused_it(db, django_capture_on_commit_callbacks):
    seen.clear()
    token = request_id.set("request-1234567")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            enqueue("tests.note_request", 7)
    finally:
        request_id.reset(token)
    assert seen == [("request-1234567", 7)]


def test_what_was_rolled_back_is_never_sent(db, django_capture_on_commit_callbacks):
    seen.clear()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        enqueue("tests.note_request", 8)
        transaction.set_rollback(True)
    assert seen == []
