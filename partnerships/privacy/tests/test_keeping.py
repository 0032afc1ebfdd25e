"""What time takes away, its report, and who reads the logs."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from partnerships.common.held import KeepRule
from partnerships.directory.enums import Role
from partnerships.documents.actions import look, store
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document, DocumentView
from partnerships.notifications.enums import MessageState
from partnerships.notifications.models import Message
from partnerships.privacy import actions, collect
from partnerships.privacy.models import Erasure, RetentionLine, RetentionRun, RetentionSetting
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.testing.files import pdf, upload
from partnerships.workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db
SHOWN = ("keeping", "looks", "copies", "erasures", "consents")


def _letters(cast: Cast) -> None:
    for number, (days, state) in enumerate(
        ((400, MessageState.SENT), (400, MessageState.QUEUED), (10, MessageState.SENT))
    ):
        Message.objects.create(
            key=str(number),
            kind="x",
            person=cast.student,
            address="nigar@aztu.example",
            language="az",
            subject=str(number),
            state=state,
            created=timezone.now() - timedelta(days=days),
        )


def _removed(key: str) -> tuple[int, int, str]:
    return RetentionLine.objects.order_by("-pk").values_list("due", "removed", "error").filter(key=key)[0]


def test_every_rule_is_asked_and_names_itself_once(cast: Cast) -> None:
    keys = [rule.key for rule in collect.rules()]
    assert len(keys) == len(set(keys))
    assert [due.rule.key for due in actions.due_now()] == keys
    assert all(rule.days >= 1 and rule.label for rule in collect.rules())


def test_the_night_takes_what_is_over_and_a_dry_run_takes_nothing(cast: Cast, capsys: Any) -> None:
    _letters(cast)
    copy = store(upload(pdf()), owner=cast.student, kind=DocumentKind.COPY, actor=SYSTEM)
    Document.objects.filter(pk=copy.pk).update(created=timezone.now() - timedelta(days=8))
    call_command("retention", "--dry-run")
    said = capsys.readouterr().out.splitlines()
    assert "notifications.letters: 1 older than 365 days" in said
    assert "documents.copy: 1 older than 7 days" in said
    assert (Message.objects.count(), RetentionRun.objects.count()) == (3, 0)
    call_command("retention")
    assert sorted(Message.objects.values_list("subject", flat=True)) == ["1", "2"]
    assert not Document.objects.filter(pk=copy.pk).exists()
    assert _removed("notifications.letters") == (1, 1, "")
    call_command("retention")
    assert _removed("notifications.letters") == (0, 0, "")


def test_the_administrator_has_something_kept_longer(cast: Cast) -> None:
    _letters(cast)
    RetentionSetting.objects.create(key="notifications.letters", days=500, reason="Yoxlama")
    actions.keep_to_the_rules()
    assert Message.objects.count() == 3


def test_a_rule_that_fails_stands_in_the_report_and_the_others_go_on(cast: Cast, monkeypatch: Any) -> None:
    _letters(cast)
    broken = KeepRule("x.broken", "x", 1, lambda border: 1, lambda border: 1 // 0)
    whole = collect.rules()
    monkeypatch.setattr(collect, "rules", lambda: (broken, *whole))
    run = actions.keep_to_the_rules()
    assert run.finished is not None
    assert _removed("x.broken") == (1, 0, "ZeroDivisionError: integer division or modulo by zero")
    assert _removed("notifications.letters") == (1, 1, "")


def test_who_guards_the_data_reads_the_logs_and_no_file(cast: Cast, login: Any) -> None:
    make.affiliation(cast.expert, cast.azerisiq, Role.DATA_PROTECTION)
    make.affiliation(cast.mentor2, cast.other_company, Role.DATA_PROTECTION)
    document = store(upload(pdf(), "gizli-ad.pdf"), owner=cast.student, kind=DocumentKind.CV, actor=SYSTEM)
    look(document, actor=cast.user("hr")).close()
    Erasure.objects.create(person=cast.colleague, due=timezone.now())
    actions.keep_to_the_rules()
    guard = login("expert")
    pages = {shown: guard.get(f"/data-protection/?show={shown}").content.decode() for shown in SHOWN}
    assert "Leyla Rəhimova" in pages["looks"]
    assert "Azərişıq, İnsan resursları" in pages["looks"]
    assert "Nigar Məmmədova" in pages["looks"]
    assert "gizli-ad" not in pages["looks"]
    assert "Kənan Əhmədli" in pages["erasures"]
    assert guard.get(document.get_absolute_url()).status_code == 404
    for stranger in ("mentor2", "hr", "student", "coordinator"):
        assert login(stranger).get("/data-protection/").status_code == 403
    assert guard.post("/data-protection/").status_code == 405
    assert not DocumentView.objects.visible_to(cast.user("expert")).exists()
