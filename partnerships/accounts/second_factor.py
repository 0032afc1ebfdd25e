"""Who has to have a second factor, and has none yet."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings


def lacks_second_factor(user: Any) -> bool:
    """Whether the administration is shut to this member of the staff for now. A demo asks for none."""
    return not settings.DEMO and user.is_staff and not is_mfa_enabled(user)
