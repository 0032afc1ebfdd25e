"""Takes away what is kept no longer, as every night does; or only says what it would take."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from partnerships.privacy import actions


class Command(BaseCommand):
    help = "Removes what is over its time by the rules of every app; --dry-run only counts it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            for due in actions.due_now():
                self.stdout.write(f"{due.rule.key}: {due.count} older than {due.days} days")
            return
        run = actions.keep_to_the_rules()
        for line in run.lines.all():
            told = f"failed: {line.error}" if line.error else f"{line.removed} of {line.due} removed"
            self.stdout.write(f"{line.key}: {told}")
