"""manage.py compile_messages [--check | --force]"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerships.common import translations


class Command(BaseCommand):
    help = "Compile the catalogues that changed, without gettext. --check only refuses stale and fuzzy ones."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--check", action="store_true", help="fail when a catalogue is not compiled or has fuzzy words"
        )
        how.add_argument("--force", action="store_true", help="compile all, changed or not")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self.refuse()
            return
        base = Path(settings.BASE_DIR)
        for path in translations.compile_catalogues(force=options["force"]):
            if options["verbosity"]:
                self.stdout.write(f"compiled {path.relative_to(base) if path.is_relative_to(base) else path}")

    def refuse(self) -> None:
        problems = []
        for language, _name in settings.LANGUAGES:
            po = translations.po_path(language)
            if not po.is_file():
                if language in translations.SOURCE_LANGUAGES:
                    continue
                problems.append(f"{language}: no catalogue")
                continue
            if translations.stale(po):
                problems.append(f"{language}: not compiled since it changed; run manage.py compile_messages")
            fuzzy = [m for m in translations.load(po, language) if m.id and m.fuzzy]
            problems += [f"{language}: fuzzy: {m.id!r}" for m in fuzzy]
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write("every catalogue is compiled")
