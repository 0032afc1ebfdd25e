"""Lists of bookings and of what one looks after, to be taken away."""

from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.bookings import kept, rules
from partnerships.bookings.lists import BOOKINGS
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.lists import offer
from partnerships.common.text import fold

offer(BOOKINGS, people=True)


@listing("bookings.things")
def things(user: Any, params: QueryDict) -> Listed:
    """All that one looks after, in the order of the tree: of more than its page shows, the rest too. What is
    taken away here can be changed and brought again (bookings.things of the imports)."""
    if not rules.keeps_something(user):
        raise Http404
    rows, _more = kept.kept_tree(user, fold(params.get("q", "")[:100]), settings.EXPORT_ROWS)
    return Listed(_("What I look after"), rows, THINGS)


THINGS = [
    ExportColumn(gettext_lazy("Name in Azerbaijani"), lambda row: row.thing.name, 40),
    ExportColumn(gettext_lazy("Name in English"), lambda row: row.thing.name_en, 40),
    ExportColumn(gettext_lazy("Kind"), lambda row: row.thing.get_kind_display(), 18),
    ExportColumn(gettext_lazy("Stands in"), lambda row: row.way, 50),
    ExportColumn(gettext_lazy("How many people"), lambda row: row.thing.capacity, 12),
    ExportColumn(gettext_lazy("What is there"), lambda row: row.thing.about, 50),
    ExportColumn(
        gettext_lazy("Can be booked"), lambda row: _("yes") if row.thing.is_bookable else _("no"), 14
    ),
    ExportColumn(gettext_lazy("Whose it is"), lambda row: row.thing.owner.display_name, 36),
    ExportColumn(gettext_lazy("State"), lambda row: row.state, 22),
]
