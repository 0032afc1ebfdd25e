"""Lists of bookings and of what one looks after, to be taken away."""

from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.bookings import kept, quotas, rules
from partnerships.bookings.lists import BOOKINGS
from partnerships.bookings.views_quotas import this_month
from partnerships.common.clock import month_in_words
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


@listing("bookings.quotas")
def hours(user: Any, params: QueryDict) -> Listed:
    """Who used how much in a month (`month`, as 2026-11) of what one looks after, against the quotas."""
    if not rules.keeps_something(user):
        raise Http404
    month = this_month(params.get("month", ""))
    name = f"{_('Hours of organisations')}, {month_in_words(month)}"
    return Listed(name, quotas.kept(user, month), HOURS)


HOURS = [
    ExportColumn(gettext_lazy("Month"), lambda line: f"{line.month:%m.%Y}", 12),
    ExportColumn(gettext_lazy("What"), lambda line: line.quota.thing.display_name, 40),
    ExportColumn(
        gettext_lazy("Organisation"),
        lambda line: (
            line.organization.display_name if line.organization else _("Each organisation by itself")
        ),
        40,
    ),
    ExportColumn(gettext_lazy("Used, hours"), lambda line: round(line.minutes / 60, 2), 16),
    ExportColumn(gettext_lazy("Quota, hours"), lambda line: line.quota.hours, 16),
]
