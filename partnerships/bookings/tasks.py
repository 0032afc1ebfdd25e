"""The clock of bookings."""

from celery import shared_task

from partnerships.bookings import actions


@shared_task(name="bookings.clocks")
def clocks() -> int:
    """Answers that are late lapse, what nobody came to is free again, what is over is finished."""
    return actions.run_clocks()
