"""What this direction gives the portal."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.direction import Direction

DIRECTION = Direction(
    key="events",
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
