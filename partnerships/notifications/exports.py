"""What stands in my inbox, what was sent to me and why, and what I follow, to be taken away."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.notifications import following, sent
from partnerships.notifications.models import Follow, Notification


@listing("notifications.inbox", people=True)
def inbox(user: Any, params: QueryDict) -> Listed:
    """One's own alone: the unread, or with show=all everything, as the page."""
    rows = Notification.objects.visible_to(user)
    chosen = rows if params.get("show") == "all" else rows.unread()
    return Listed(_("Notifications"), chosen, INBOX, order=("-pk",))


INBOX = [
    ExportColumn(gettext_lazy("What"), lambda note: note.heading, 60),
    ExportColumn(gettext_lazy("Details"), lambda note: " ".join(note.lines), 80),
    ExportColumn(gettext_lazy("When"), lambda note: note.created, 18),
    ExportColumn(pgettext_lazy("notification", "Read on"), lambda note: note.read_at, 18),
]


@listing("notifications.sent", people=True)
def sent_to_me(user: Any, params: QueryDict) -> Listed:
    """One's own alone; with show=letters what went by mail alone. As the page: no words of letters."""
    name = _("What was sent to me and why")
    if params.get("show") == "letters":
        rows, tell = sent.all_letters(user), sent.letter_row
        return Listed(name, rows, COLUMNS, order=("-pk",), lines=lambda found: map(tell, found))
    return Listed(
        name, sent.all_told(user), COLUMNS, order=("-pk",), lines=lambda found: map(sent.told_row, found)
    )


COLUMNS = [
    ExportColumn(gettext_lazy("What"), lambda row: row.title, 60),
    ExportColumn(gettext_lazy("When"), lambda row: row.at, 18),
    ExportColumn(gettext_lazy("Why"), lambda row: row.why, 50),
    ExportColumn(gettext_lazy("In the portal"), lambda row: row.portal, 22),
    ExportColumn(gettext_lazy("By mail"), lambda row: row.mail, 22),
    ExportColumn(gettext_lazy("Details"), lambda row: row.detail, 50),
]


@listing("notifications.followed", people=True)
def followed(user: Any, params: QueryDict) -> Listed:
    """One's own alone; of what one may no longer see the kind and the day, as on the page."""
    rows = Follow.objects.visible_to(user).select_related("content_type")
    return Listed(
        _("What I follow"),
        rows,
        FOLLOWED_COLUMNS,
        order=("-pk",),
        lines=lambda found: following.shown(user, found),
    )


FOLLOWED_COLUMNS = [
    ExportColumn(gettext_lazy("What"), lambda row: row.name or _("You may no longer see it"), 60),
    ExportColumn(gettext_lazy("Kind"), lambda row: row.kind, 30),
    ExportColumn(gettext_lazy("Followed since"), lambda row: row.since, 18),
]
