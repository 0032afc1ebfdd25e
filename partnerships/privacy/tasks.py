"""The clock of personal data; importing the actions registers their jobs."""

from celery import shared_task

from partnerships.privacy import actions


@shared_task(name="privacy.clocks")
def clocks() -> int:
    """Those who asked to be erased, once their days are over; and what was cut off half way."""
    actions.finish_begun()
    return actions.erase_due()


@shared_task(name="privacy.keep")
def keep() -> None:
    """In the night: what is over its time goes."""
    actions.keep_to_the_rules()
