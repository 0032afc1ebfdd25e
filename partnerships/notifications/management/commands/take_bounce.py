"""Reads one mail from standard input and marks the address that its delivery report speaks of.

For the pipe of a mail server (docs/production.md); says what it did and always ends well, so that a mail
which is no report is not sent back to its sender.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from partnerships.notifications.bounces import take_bounce

LARGEST = 5_000_000


class Command(BaseCommand):
    help = "Reads a delivery report from standard input and marks the address that cannot be reached."

    def handle(self, *args: Any, **options: Any) -> None:
        marked = take_bounce(sys.stdin.buffer.read(LARGEST))
        self.stdout.write(f"marked {len(marked)}: {', '.join(marked)}" if marked else "nothing to mark")
