"""Letters and long work in the administration."""

from partnerships.notifications.admin import letters, wishes, work

__all__ = ["letters", "wishes", "work"]
