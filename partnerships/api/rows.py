"""A row of a resource by its uid, asked in words that are kept (directory.asked), as the pages ask."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from partnerships.directory.access import access_of
from partnerships.directory.asked import asked


@asked
def row_of(user: Any, viewset: Any, uid: UUID) -> Any:
    """What the viewset shows this reader of the row: none where it is not theirs to see."""
    view = viewset(action="retrieve", detail=True)
    view.request = SimpleNamespace(user=user)
    return view.get_queryset().filter(uid=uid)


def rights_of(user: Any) -> str:
    """A mark of what this reader may do today: another one as soon as a role begins or ends."""
    return access_of(user).mark
