"""What workers do for the directory; importing it registers the job."""

from partnerships.directory.actions.merging_long import MERGE_JOB

__all__ = ["MERGE_JOB"]
