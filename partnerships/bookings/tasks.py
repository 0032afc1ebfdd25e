"""The clock of bookings, and the tables that a worker reads for them."""

from celery import shared_task

from partnerships.bookings import (
    actions,
    bringing,  # noqa: F401 - a worker knows the kinds of import that tasks bring in
    bringing_bookings,  # noqa: F401
)


@shared_task(name="bookings.clocks")
def clocks() -> int:
    """Answers that are late lapse, what nobody came to is free again, what is over is finished."""
    return actions.run_clocks()
