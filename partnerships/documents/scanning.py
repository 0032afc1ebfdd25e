"""A virus scanner of the operator's (settings.SCAN_COMMAND), asked before a file is kept."""

import logging
import shlex
import subprocess

from django.conf import settings
from django.utils.translation import gettext as _

from partnerships.documents.content import FileRefused

log = logging.getLogger(__name__)

# Answers of clamdscan and clamscan: clean, infected; anything else is a failure of the scanner.
CLEAN, INFECTED = 0, 1
PATIENCE = 60  # seconds


def scan(data: bytes) -> None:
    """Hand `data` to the scanner on its standard input; where none is named, nothing is asked.

    Raises FileRefused for what the scanner names, and when it does not answer: an unchecked file is not kept.
    """
    if not settings.SCAN_COMMAND:
        return
    try:
        done = subprocess.run(  # noqa: S603  (the operator's own command)
            shlex.split(settings.SCAN_COMMAND), input=data, capture_output=True, timeout=PATIENCE, check=False
        )
        answer, words = done.returncode, (done.stdout + done.stderr)[-500:].decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired) as error:
        answer, words = None, str(error)
    if answer == CLEAN:
        return
    if answer == INFECTED:
        log.warning("upload refused by the scanner: %s", words)
        raise FileRefused(
            _("The virus scanner refuses this file. Check your computer, make the file anew, upload it."),
            code="virus",
        )
    log.error("the virus scanner does not answer (%s): %s", answer, words)
    raise FileRefused(
        _("Files cannot be checked for viruses just now, so none is taken. Try again in a few minutes."),
        code="scanner",
    )
