"""Kept files of tables in which somebody stands who is erased: they go at once, not when time is over."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from partnerships.common.importer import every_row
from partnerships.documents.actions import remove
from partnerships.documents.models import ImportRun
from partnerships.workflow.actors import SYSTEM

log = logging.getLogger(__name__)


def take_out(person: Any, cleaned: Callable[[Any], Any]) -> int:
    """Remove every file of a table with a row about this person; how many went.

    The rows that were read from it are cleaned where they stand; a table that was not written yet has to be
    uploaded again, and its page says so.
    """
    runs = ImportRun.objects.filter(file__isnull=False).select_related("file").order_by("pk")
    gone = 0
    for run in list(runs):
        if run.file is not None and _names(run.file.stored, cleaned):
            with transaction.atomic():
                ImportRun.objects.filter(pk=run.pk).update(file=None)
                remove(run.file, actor=SYSTEM)
            gone += 1
    return gone


def _names(stored: str, cleaned: Callable[[Any], Any]) -> bool:
    """Whether some row of the table tells of them."""
    try:
        with default_storage.open(stored, "rb") as opened:
            data = opened.read()
    except FileNotFoundError:
        log.exception("the file of an import is missing: %s", stored)
        return False
    return any(cleaned(cells) != cells for cells in every_row(data))
