"""What workers do for personal data; importing the actions registers their jobs."""

from partnerships.privacy import actions

__all__ = ["actions"]
