"""The clock of joining."""

from celery import shared_task

from partnerships.joining import actions


@shared_task(name="joining.clocks")
def clocks() -> int:
    """Those whose agreement has come into force are partners."""
    return actions.join_signed()
