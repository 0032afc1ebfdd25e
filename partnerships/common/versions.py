"""The version that a reader says they saw (If-Match), carried to the place where the row is written.

The API checks it at the door, so that a stale one is refused before a body is looked at. Between the door and
the write somebody else may be quicker; the write itself therefore asks once more, with `claim` or `must_be`.
"""

from contextvars import ContextVar
from typing import Any

from django.utils.translation import gettext as _

from partnerships.common.refusals import StaleState

# (model label, key, version) of the one row that this request speaks of.
expected: ContextVar[tuple[str, Any, int] | None] = ContextVar("expected_version", default=None)


def expect(obj: Any, version: int) -> None:
    """From here to the end of the request, `obj` is written only while it has this version."""
    expected.set((obj._meta.label, obj.pk, version))


def claim(obj: Any) -> int | None:
    """The version that `obj` must have to be written, once: after the first write it has another."""
    wanted = expected.get()
    if wanted is None or wanted[:2] != (obj._meta.label, obj.pk):
        return None
    expected.set(None)
    return wanted[2]


def must_be(obj: Any) -> None:
    """For a write that has locked and read `obj`. Raises StaleState where the reader saw another version."""
    wanted = claim(obj)
    if wanted is not None and wanted != obj.version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), obj)
