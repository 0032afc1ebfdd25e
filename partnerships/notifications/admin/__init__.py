"""Letters and long work in the administration."""

from partnerships.notifications.admin import letters, work

__all__ = ["letters", "work"]
