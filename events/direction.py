"""What this direction gives the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.direction import Direction
from partnerships.common.indicator import Benefit, Unit, reported
from partnerships.directory.enums import Role

# Nothing of this is kept in the portal yet: it is reported with its source, and somebody else confirms it.
INDICATORS = (
    reported(
        "events.held",
        _("Joint conferences and seminars"),
        Unit(pgettext_lazy("unit", "event"), pgettext_lazy("unit", "events")),
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
    chain=(
        (
            _("Call for papers"),
            _("Sections, dates and requirements are announced; abstracts are sent in either language."),
        ),
        (
            _("Review"),
            _("Each abstract is read by reviewers of its section, and the author learns the reasons."),
        ),
        (_("Programme"), _("Talks are placed into sections, halls and times that do not collide.")),
        (
            _("Registration"),
            _("Who comes registers and receives a ticket; foreigners find what they need for the journey."),
        ),
        (_("The day itself"), _("Check-in at the entrance, the programme at hand, attendance kept.")),
        (
            _("Proceedings and decisions"),
            _("Papers and minutes are published, and decisions are followed until they are done."),
        ),
    ),
    nothing_open=(
        _("No conference, seminar or meeting has been announced yet"),
        _(
            "Coming events and calls for papers will stand here, each with its place, "
            "languages and deadlines."
        ),
    ),
)
