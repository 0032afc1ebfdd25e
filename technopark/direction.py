"""What this direction gives the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.direction import Direction
from partnerships.common.indicator import Benefit, Unit, reported
from partnerships.directory.enums import Role

# Nothing of this is kept in the portal yet: it is reported with its source, and somebody else confirms it.
INDICATORS = (
    reported(
        "technopark.startups",
        _("Startups founded"),
        Unit(pgettext_lazy("unit", "startup"), pgettext_lazy("unit", "startups")),
        _("Startups that came out of the cooperation in the year."),
        Benefit.ECONOMY,
        Role.FOUNDER,
    ),
    reported(
        "technopark.jobs",
        _("Jobs created"),
        Unit(pgettext_lazy("unit", "job"), pgettext_lazy("unit", "jobs")),
        _("Jobs that startups and new products of the cooperation made in the year."),
        Benefit.ECONOMY,
        Role.FOUNDER,
    ),
    reported(
        "technopark.products",
        _("New products"),
        Unit(pgettext_lazy("unit", "product"), pgettext_lazy("unit", "products")),
        _("Products brought to the market in the year that came out of the cooperation."),
        Benefit.ECONOMY,
        Role.FOUNDER,
    ),
)

DIRECTION = Direction(
    key="technopark",
    indicators=INDICATORS,
    name=_("Innovation Parks and Technoparks"),
    short_name=_("Technopark"),
    summary=_("Space, equipment and a mentor for startups, and a pilot in the network."),
    about=(
        _(
            "A startup in energy needs more than an office: a laboratory by the hour, measuring "
            "equipment, someone who knows how the network is run, and a place where the device may be "
            "connected to it safely."
        ),
        _(
            "The park offers these to teams of students, researchers and engineers. A team applies, is "
            "heard by a jury, becomes a resident, works by milestones with a mentor, and leaves with a "
            "product that has been tried out."
        ),
    ),
    chain=(
        (
            _("Application"),
            _(
                "The team describes the problem, the solution and what it needs; "
                "shortcomings are named, so that they can be put right."
            ),
        ),
        (_("Jury"), _("The team presents itself, and a reasoned decision is given.")),
        (_("Residency"), _("An agreement sets what the park gives and what the resident undertakes.")),
        (
            _("Space and equipment"),
            _("Desks, laboratories and equipment are booked without two bookings colliding."),
        ),
        (
            _("Mentor and milestones"),
            _("A mentor of the enterprise goes with the team from milestone to milestone."),
        ),
        (
            _("Pilot and graduation"),
            _("The product is tried out in the network, and the resident becomes one of the alumni."),
        ),
    ),
    nothing_open=(
        _("No admission of residents is open yet"),
        _(
            "Admissions of residents will stand here, each with its conditions, what the "
            "park offers and the day of the jury."
        ),
    ),
)
