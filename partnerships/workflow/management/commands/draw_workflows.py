"""Write docs/workflows.md from the transition tables."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from partnerships.workflow.drawing import page


class Command(BaseCommand):
    help = "Draws every workflow into docs/workflows.md."

    def handle(self, *args: Any, **options: Any) -> None:
        target = settings.BASE_DIR / "docs" / "workflows.md"
        target.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{target.relative_to(settings.BASE_DIR)} is drawn.")
