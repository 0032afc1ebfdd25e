"""What a call asks changes under its lock, and the first who sends waits for it."""

from collections.abc import Callable

from partnerships.calls.models import Call

# Whether answers were sent: a question to the database, asked once the call is locked and not before.
Frozen = Callable[[], bool]


def never() -> bool:
    return False


def locked(call: Call) -> Call:
    """The call, locked until the transaction ends. What was read of its questions and rules is forgotten."""
    call.forget_chain()
    return Call.objects.select_for_update().get(pk=call.pk)


def hold(call_id: int, frozen: Frozen) -> None:
    """For whoever sends, before anything of the call is read: while nobody has sent yet, what is asked may be
    changed at this moment, so the first waits for that and makes it wait. Later ones lock nothing.

    Lock order: the call, then what answers it.
    """
    if not frozen():
        Call.objects.select_for_update().get(pk=call_id)
