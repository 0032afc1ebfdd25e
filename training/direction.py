"""What this direction gives the portal."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.direction import Direction

DIRECTION = Direction(
    key="training",
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
    css="d-training",
    url_name="training:index",
)
