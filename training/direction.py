"""What this direction gives the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.direction import Direction
from partnerships.common.indicator import Benefit, Unit, reported
from partnerships.directory.enums import Role

# Nothing of this is kept in the portal yet: it is reported with its source, and somebody else confirms it.
INDICATORS = (
    reported(
        "training.trained",
        _("Specialists trained"),
        Unit(pgettext_lazy("unit", "person"), pgettext_lazy("unit", "people")),
        _("Staff of the enterprises who finished a joint course in the year."),
        Benefit.PERSONNEL,
        Role.TRAINER,
        heads=True,
    ),
    reported(
        "training.materials",
        _("Teaching materials written together"),
        Unit(pgettext_lazy("unit", "material"), pgettext_lazy("unit", "materials")),
        _("Teaching materials that industry and university finished together in the year."),
        Benefit.EDUCATION,
        Role.LECTURER,
    ),
)

DIRECTION = Direction(
    key="training",
    indicators=INDICATORS,
    name=_("Personnel Preparation and Training"),
    short_name=_("Personnel and Training"),
    summary=_("Modern, practical teaching material that the industry writes together with the universities."),
    about=(
        _(
            "What is taught and what the work needs drift apart: new meters, new relays, new software "
            "arrive at the enterprises years before they reach the textbooks. Here the two write the "
            "material together, an engineer beside a lecturer."
        ),
        _(
            "With that material cohorts are trained: engineers of the enterprises who upgrade their "
            "skills, and students before their first practice. What each enterprise lacks in skills "
            "decides what is written and taught next."
        ),
    ),
    chain=(
        (_("Skills gap"), _("The enterprises say which skills they lack, and how many people need them.")),
        (
            _("Joint material"),
            _("Co-authors from both sides write a module; its owners and licence are agreed at the start."),
        ),
        (
            _("Two-sided approval"),
            _("A department of the university and a unit of the enterprise both approve it."),
        ),
        (_("Cohort"), _("Places are announced, people are nominated, a waiting list fills what falls free.")),
        (
            _("Sessions"),
            _("Attendance and assessment are kept, at the centre, in a laboratory or in the network."),
        ),
        (_("Certificate"), _("Who has passed receives a certificate, and the skill counts against the gap.")),
    ),
    nothing_open=(
        _("Enrolment is not open in any cohort yet"),
        _(
            "Cohorts with free places will stand here, each with its programme, hours, "
            "trainer and enrolment deadline."
        ),
    ),
)
