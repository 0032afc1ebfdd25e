"""Run as a process of its own: a fresh database, a crowd, and changes made while the broker is away.

Prints one JSON line: what the page answered and how many changes stand untold.
"""

import json
import sys

import django


def main(size: int) -> None:
    django.setup()
    from datetime import timedelta
    from pathlib import Path

    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction
    from django.test import Client
    from django.utils import timezone

    from partnerships.directory.enums import Role
    from partnerships.notifications.models import Message
    from partnerships.testing import factories as make
    from partnerships.workflow.actors import SYSTEM
    from partnerships.workflow.models import Change, record

    # Tables from the models, within seconds; that migrations make the same is a test of its own.
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    place = make.university("Texniki Universitet")
    for number in range(size):
        who = make.person(f"Tələbə {number}", f"t{number}@else.example", account=False)
        make.affiliation(who, place, Role.STUDENT)
    make.user("unudan@else.example")

    broker = Path(settings.VAR_DIR) / "broker"
    broker.write_text("no folder: the broker is away")
    with transaction.atomic():
        record(place, "rename", actor=SYSTEM)
    page = Client().post("/accounts/password/reset/", {"email": "unudan@else.example"})
    with transaction.atomic():
        record(place, "close", actor=SYSTEM)
        transaction.set_rollback(True)
    broker.unlink()
    for name in ("queue", "control"):
        (broker / name).mkdir(parents=True)
    Change.objects.update(at=timezone.now() - timedelta(minutes=1))
    answer = {
        "page": page.status_code,
        "untold": Change.objects.untold().count(),
        "posted": Message.objects.filter(state="queued").count(),
    }
    sys.stdout.write(json.dumps(answer) + "\n")


main(int(sys.argv[1]))
