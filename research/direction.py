"""What this direction gives the portal."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.direction import Direction

DIRECTION = Direction(
    key="research",
    name=_("Research and Innovation"),
    short_name=_("Research and Innovation"),
    summary=_("A need of the enterprise reaches the laboratory, and the result is tried out in the network."),
    about=(
        _(
            "An enterprise states what it needs: fewer losses in the 0.4 kV network, earlier warning of a"
            " failing cable, a cheaper way to measure. Laboratories answer with a proposal, and the "
            "better one becomes a joint research project under an agreement."
        ),
        _(
            "A project ends neither with a report nor with an article. Its result is piloted in an "
            "enterprise, and when it proves itself it is adopted there, with an effect that is measured "
            "and written down."
        ),
    ),
    css="d-research",
    url_name="research:index",
)
