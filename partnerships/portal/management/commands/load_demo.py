"""Fill an empty portal with demonstration partners, people and calls."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from partnerships.accounts.models import User
from partnerships.portal import demo

# Engines that show something before any direction does.
CORE = ("partnerships.agreements", "partnerships.bookings", "partnerships.ideas", "partnerships.joining")
# And what counts all that there is then.
AFTER = ("partnerships.indicators", "partnerships.privacy")


class Command(BaseCommand):
    help = "Loads demonstration data into a portal without accounts; does nothing when there are any."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Demo accounts have a known password: they exist only in the embedded default."
            )
        if User.objects.exists():
            self.stdout.write("There are accounts already; nothing was changed.")
            return
        call_command("load_reference", stdout=self.stdout)
        with transaction.atomic():
            built = demo.build()
            core = [config.name for config in apps.get_app_configs()]
            engines = [name for name in core if name in CORE]
            after = [name for name in core if name in AFTER]
            for name in (*engines, *settings.DIRECTIONS, *after):
                if find_spec(f"{name}.demo"):
                    import_module(f"{name}.demo").build(built)
        self.stdout.write(f"Demo loaded: {len(built.people)} accounts, password {settings.DEMO_PASSWORD}.")
