"""Celery: what the clock does to agreements."""

from celery import shared_task

from partnerships.agreements import (
    actions,
    bringing,  # noqa: F401 - a worker knows the kinds of import that tasks bring in
    past,  # noqa: F401
)


@shared_task(name="agreements.roll")
def roll() -> int:
    """Next terms, and renewals that begin."""
    return actions.roll()
