"""Mail as files, for the embedded default: every letter that would be sent can be opened and read."""

import os
import re
import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from partnerships.common.clock import BAKU

_UNSAFE = re.compile(r"[^A-Za-z0-9@._+-]")


class EmlBackend(BaseEmailBackend):
    """One .eml file a message in settings.MAIL_DIR, named by time and recipient, oldest first.

    A file appears whole or not at all. The folder is for its owner alone: letters hold sign-in codes.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            self._write(folder, message)
        return len(email_messages)

    def _write(self, folder: Path, message: EmailMessage) -> None:
        moment = timezone.now().astimezone(BAKU)
        to = _UNSAFE.sub("_", (message.to or ["nobody"])[0])[:80]
        name = f"{moment:%Y%m%d-%H%M%S-%f}-{to}-{uuid.uuid4().hex[:6]}.eml"
        unfinished = folder / f".{name}.part"
        with unfinished.open("xb") as file:
            file.write(message.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # SafeMIME's own
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / name)
