"""What documents give the portal: a read table that waits for its owner's word."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from partnerships.common.direction import Source, Todo
from partnerships.common.piles import Pile
from partnerships.directory.asked import asked
from partnerships.documents.enums import FateKind, ImportState
from partnerships.documents.models import ImportRun


def piles(user: Any) -> list[Pile]:
    return [Pile(_read(user), 20, _confirm)]


@asked
def _read(user: Any) -> Any:
    """Of which columns are asked, or rows would be written: what holds errors alone waits for nobody."""
    runs = ImportRun.objects.visible_to(user)
    ready = Q(state=ImportState.PREVIEWED, summary__fates__has_any_keys=[FateKind.ADD, FateKind.CHANGE])
    return runs.filter(Q(state=ImportState.ASKING) | ready).order_by("created")


def _confirm(run: ImportRun) -> Todo:
    asking = run.state == ImportState.ASKING
    words = _("Say which column is which: %(name)s") if asking else _("Confirm the import: %(name)s")
    detail = _("Nothing is written until you confirm it.")
    return Todo(words % {"name": run.file_name}, detail, run.get_absolute_url())


SOURCE = Source(key="documents", piles=piles)
