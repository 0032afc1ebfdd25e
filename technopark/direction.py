"""What this direction gives the portal."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.direction import Direction

DIRECTION = Direction(
    key="technopark",
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
    css="d-technopark",
    url_name="technopark:index",
)
