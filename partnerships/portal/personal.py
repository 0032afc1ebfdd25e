"""What the shell keeps about people."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Held

HELD = (
    Held(
        key="portal.calendar",
        label=_("Address of your calendar"),
        model="portal.CalendarKey",
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
        columns=("name", "path", "query", "saved"),
        linked=("portal.SavedView.user",),
        delete=True,
        history=False,
        public=False,
    ),
)
