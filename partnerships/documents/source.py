"""What documents give the portal: a read table that waits for its owner's word."""

from typing import Any

from django.utils.translation import gettext as _

from partnerships.common.direction import Pile, Source, Todo
from partnerships.directory.asked import asked
from partnerships.documents.enums import ImportState
from partnerships.documents.models import ImportRun


def piles(user: Any) -> list[Pile]:
    return [Pile(_read(user), 20, _confirm)]


@asked
def _read(user: Any) -> Any:
    states = (ImportState.PREVIEWED, ImportState.ASKING)
    return ImportRun.objects.visible_to(user).filter(state__in=states).order_by("created")


def _confirm(run: ImportRun) -> Todo:
    asking = run.state == ImportState.ASKING
    words = _("Say which column is which: %(name)s") if asking else _("Confirm the import: %(name)s")
    detail = _("Nothing is written until you confirm it.")
    return Todo(words % {"name": run.file_name}, detail, run.get_absolute_url())


SOURCE = Source(key="documents", piles=piles)
