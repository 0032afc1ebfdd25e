"""What stands in no log: the secret of an address that opens by itself, and what somebody looked for.

A mentor's link, a calendar, a request to join or to leave a kind of letter are opened by whoever has the
address. Imports nothing of Django's: the web server's own log is masked by it too (deploy/gunicorn.conf.py).
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

# Whatever was signed ends with a separator and the 43 signs of a SHA-256; ":" may be written %3A.
_SIGNED = re.compile(r"(?<=/)[\w.:%=-]{4,}?(?:[.:]|%3A)[\w-]{43}(?![\w-])", re.ASCII | re.IGNORECASE)
_TYPED = re.compile(r"(?<=[?&])(q|code)=[^&\s\"]+")
_TRACEBACKS = logging.Formatter()


def masked(text: str) -> str:
    """A line or an address without its secrets."""
    return _TYPED.sub(r"\1=…", _SIGNED.sub("…", text))


class SecretsFilter(logging.Filter):
    """Masks a line, what is put into it and the traceback below it, before any handler writes them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _masked(record.msg)
        if isinstance(record.args, Mapping):
            record.args = {name: _masked(value) for name, value in record.args.items()}
        elif isinstance(record.args, tuple):
            record.args = tuple(_masked(value) for value in record.args)
        if record.exc_info and not record.exc_text:
            # Formatters write what stands here already instead of making it from exc_info.
            record.exc_text = _TRACEBACKS.formatException(record.exc_info)  # type: ignore[arg-type]
        record.exc_text = _masked(record.exc_text)
        record.stack_info = _masked(record.stack_info)
        return True


def _masked(value: Any) -> Any:
    return masked(value) if isinstance(value, str) else value
