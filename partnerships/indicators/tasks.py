"""The clock of the indicators."""

from celery import shared_task

from partnerships.indicators import (
    actions,
    bringing,  # noqa: F401 - a worker knows the kind of import that tasks bring in
)


@shared_task(name="indicators.collect")
def collect() -> int:
    """Count this year and the two beside it."""
    return actions.collect()


@shared_task(name="indicators.collect_everything")
def collect_everything() -> int:
    """Once a night all years that are kept: what was entered late still comes into its year."""
    return actions.collect_everything()
