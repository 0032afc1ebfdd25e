"""What this direction gives the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.direction import Direction
from partnerships.common.indicator import Benefit, reported
from partnerships.directory.enums import Role

# Nothing of this is kept in the portal yet: it is reported with its source, and somebody else confirms it.
INDICATORS = (
    reported(
        "events.held",
        _("Joint conferences and seminars"),
        pgettext_lazy("unit", "events"),
        _("Conferences, seminars and meetings of working groups that partners held together in the year."),
        Benefit.SCIENCE,
        Role.ORGANISER,
    ),
)

DIRECTION = Direction(
    key="events",
    indicators=INDICATORS,
    name=_("Conferences and Seminars"),
    short_name=_("Conferences and Seminars"),
    summary=_("Joint conferences, seminars and working groups."),
    about=(
        _(
            "Conferences and seminars that the company and the universities hold together: from the "
            "information letter and the call for papers to the programme, the hall and the published "
            "proceedings."
        ),
        _(
            "Standing working groups meet between them. Their agenda, minutes and decisions are kept in "
            "one place, and each decision has somebody responsible and a date."
        ),
    ),
    css="d-events",
    url_name="events:index",
)
