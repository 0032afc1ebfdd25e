"""What the shell keeps about people."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Held
from partnerships.portal.models import CalendarKey, SavedView

HELD = (
    Held(
        key="portal.calendar",
        label=_("Address of your calendar"),
        model="portal.CalendarKey",
        rows=lambda person: CalendarKey.objects.filter(user=person.user_id or 0),
        columns=("renewed",),
        linked=("portal.CalendarKey.user",),
        delete=True,
        history=False,
        public=False,
    ),
    Held(
        key="portal.saved_views",
        label=_("Saved views of lists"),
        model="portal.SavedView",
        rows=lambda person: SavedView.objects.filter(user=person.user_id or 0),
        columns=("name", "path", "query", "saved"),
        linked=("portal.SavedView.user",),
        delete=True,
        history=False,
        public=False,
    ),
)
