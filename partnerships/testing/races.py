"""Many at once, for tests marked `race` (they need a transactional database)."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections


def all_at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the calls together, each in its own thread; answers what each came to, errors included."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connections["default"].ensure_connection()
            start.wait(60)
            return call()
        except Exception as error:  # noqa: BLE001  the error is what the test looks at
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
