"""Celery: what the clock does to agreements."""

from celery import shared_task

from partnerships.agreements import actions


@shared_task(name="agreements.roll")
def roll() -> int:
    """Next terms, and renewals that begin."""
    return actions.roll()
