"""What documents give the portal: a read table that waits for its owner's word."""

from typing import Any

from django.utils.translation import gettext as _

from partnerships.common.direction import Source, Todo
from partnerships.documents.enums import ImportState
from partnerships.documents.models import ImportRun


def todos(user: Any) -> list[Todo]:
    states = (ImportState.PREVIEWED, ImportState.ASKING)
    waiting = ImportRun.objects.visible_to(user).filter(state__in=states).order_by("created")
    words = {
        ImportState.PREVIEWED: _("Confirm the import: %(name)s"),
        ImportState.ASKING: _("Say which column is which: %(name)s"),
    }
    return [
        Todo(
            title=words[ImportState(run.state)] % {"name": run.file_name},
            detail=_("Nothing is written until you confirm it."),
            url=run.get_absolute_url(),
        )
        for run in waiting[:20]
    ]


SOURCE = Source(key="documents", todos=todos)
