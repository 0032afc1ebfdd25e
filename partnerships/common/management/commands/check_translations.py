"""manage.py check_translations [--write] [--shared app] [language ...]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerships.common import extraction, translations


class Command(BaseCommand):
    help = (
        "Prove that every message of the source has its translation: none missing, empty, fuzzy or obsolete, "
        "placeholders as in the original. --write brings the catalogue up to date first; "
        "--shared prints the words that an app has in common with others."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("languages", nargs="*", help="by default every language that has a catalogue")
        parser.add_argument(
            "--write", action="store_true", help="add what is missing, remove what is obsolete"
        )
        parser.add_argument(
            "--shared", help="an app: which of its words others had before, and how they read"
        )
        parser.add_argument("--limit", type=int, default=200, help="how many problems to print")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for language in options["languages"] or translations.languages():
            if language in translations.SOURCE_LANGUAGES:
                self.stdout.write(f"{language}: the msgids themselves, nothing to keep")
                continue
            path = translations.po_path(language)
            wanted = extraction.everything(language)
            if options["write"]:
                catalog, added, removed = translations.update(
                    translations.load(path, language), wanted, language
                )
                translations.save(catalog, path, language)
                self.stdout.write(f"{language}: {len(added)} added, {len(removed)} removed")
                for _context, msgid in removed:
                    self.stdout.write(f"  removed {msgid!r}")
            if options["shared"]:
                for line in translations.shared(translations.load(path, language), wanted, options["shared"]):
                    self.stdout.write(line)
            found = translations.problems(translations.load(path, language), wanted)
            for line in found[: options["limit"]]:
                self.stdout.write(line)
            if len(found) > options["limit"]:
                self.stdout.write(f"... and {len(found) - options['limit']} more")
            self.stdout.write(f"{language}: {len(wanted.messages)} messages, {len(found)} problems")
            total += len(found)
        if total and not options["write"]:
            raise CommandError(f"{total} problems in the translations")
