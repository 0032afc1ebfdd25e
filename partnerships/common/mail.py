"""Posting a letter from below the notifications engine, such as sign-in mail.

The engine that keeps the outbox stands above those who need it, so it hangs itself in here at start.
"""

from collections.abc import Callable
from typing import Any

_outbox: dict[str, Callable[..., Any]] = {}


def deliver_through(post: Callable[..., Any]) -> None:
    """Called once by the engine that keeps the outbox."""
    _outbox["post"] = post


def post(
    kind: str,
    address: str,
    language: str,
    subject: str,
    text: str,
    html: str = "",
    person: Any = None,
    urgent: bool = True,
    **more: Any,
) -> Any:
    """Put one letter into the outbox, sent once the current transaction has committed.

    See notifications.outbox.post for the arguments.
    """
    if not _outbox:
        raise RuntimeError("no app keeps an outbox: is partnerships.notifications installed?")
    return _outbox["post"](kind, address, language, subject, text, html, person=person, urgent=urgent, **more)
