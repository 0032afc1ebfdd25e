"""Removes files that no document names, and names documents whose file is missing."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from partnerships.documents.forgetting import sweep_orphans


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hours", type=int, default=24, help="leave alone what is younger (default 24)")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be removed")

    def handle(self, *args: Any, **options: Any) -> None:
        found = sweep_orphans(older_than=timedelta(hours=options["hours"]), dry_run=options["dry_run"])
        for path in found.removed:
            self.stdout.write(f"removed {path}" if not options["dry_run"] else f"would remove {path}")
        for uid in found.missing:
            self.stderr.write(f"missing the file of document {uid}")
        self.stdout.write(f"removed {len(found.removed)}, missing {len(found.missing)}")
