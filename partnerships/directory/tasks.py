"""What workers do for the directory; importing it registers the job of a merge."""

from celery import shared_task

from partnerships.directory.actions.merging_long import MERGE_JOB
from partnerships.directory.called import NAMES

__all__ = ["MERGE_JOB"]


@shared_task(name="directory.sweep_names")  # type: ignore[untyped-decorator]  # Celery has no types
def sweep_names() -> None:
    """Words of names that nobody has any more, by what failed half-way."""
    NAMES.sweep()
