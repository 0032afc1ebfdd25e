"""Brings in universities of the world from the university-domains-list JSON."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerships.directory.actions.importing import import_universities
from partnerships.directory.actions.reference import load_universities


class Command(BaseCommand):
    help = "Imports universities and their domains; run again with the same file it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="world_universities_and_domains.json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            records = json.loads(options["file"].read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise CommandError(f"cannot read {options['file']}: {error.strerror}") from error
        except ValueError as error:
            raise CommandError(f"{options['file']} is not JSON in UTF-8: {error}") from error
        if not isinstance(records, list):
            raise CommandError("expected a JSON list of universities")
        # Ours first, so that the list joins them instead of doubling them.
        load_universities()
        report = import_universities(records)
        if options["verbosity"] > 1:
            for note in report.notes:
                self.stdout.write(note)
        for number, name, reason in report.refused:
            self.stdout.write(f"refused {number or ''} {name}: {reason}")
        self.stdout.write(str(report))
