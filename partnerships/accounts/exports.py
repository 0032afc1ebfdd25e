"""Where one is signed in, to be taken away: to be looked at with whoever helps after a password was lost."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.templatetags.ui import device


@listing("accounts.sessions")
def sessions(user: Any, params: QueryDict) -> Listed:
    """One's own that still open, without the key of any."""
    rows = UserSession.objects.filter(user_id=user.pk).order_by("-last_seen_at", "-pk")
    columns = SESSIONS if settings.USERSESSIONS_TRACK_ACTIVITY else SESSIONS[:-1]  # as the page
    return Listed(_("Where you are signed in"), [row for row in rows if row.exists()], columns)


SESSIONS = [
    ExportColumn(gettext_lazy("Browser"), lambda row: device(row.user_agent), 30),
    ExportColumn(gettext_lazy("Address"), lambda row: row.ip, 24),
    ExportColumn(gettext_lazy("Signed in"), lambda row: row.created_at, 18),
    ExportColumn(gettext_lazy("Last seen"), lambda row: row.last_seen_at, 18),
]
