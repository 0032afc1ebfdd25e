"""A web process whose clock is a day ahead: `partnerships.wsgi` behind a moved clock (see clock_ahead.py)."""

from datetime import UTC, datetime, timedelta

import time_machine

time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=True).start()

from partnerships.wsgi import application  # noqa: E402

__all__ = ["application"]
