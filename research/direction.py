"""What this direction gives the portal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.direction import Direction
from partnerships.common.indicator import Benefit, Unit, reported
from partnerships.directory.enums import Role

# Nothing of this is kept in the portal yet: it is reported with its source, and somebody else confirms it.
INDICATORS = (
    reported(
        "research.projects",
        _("Joint research projects"),
        Unit(pgettext_lazy("unit", "project"), pgettext_lazy("unit", "projects")),
        _("Research projects that a company and a university began together in the year."),
        Benefit.SCIENCE,
        Role.NEED_OWNER,
    ),
    reported(
        "research.publications",
        _("Joint publications"),
        Unit(pgettext_lazy("unit", "publication"), pgettext_lazy("unit", "publications")),
        _("Articles and books of authors of both sides that appeared in the year."),
        Benefit.SCIENCE,
        Role.SUPERVISOR,
    ),
    reported(
        "research.adopted",
        _("Solutions adopted in production"),
        Unit(pgettext_lazy("unit", "solution"), pgettext_lazy("unit", "solutions")),
        _("Results of joint work that an enterprise took into use in the year, by its implementation act."),
        Benefit.PRODUCTION,
        Role.UNIT_HEAD,
    ),
    reported(
        "research.effect",
        _("Economic effect"),
        pgettext_lazy("unit", "AZN"),
        _("Effect in manats that the enterprises found in the year, measured, calculated or estimated."),
        Benefit.ECONOMY,
        Role.LEADERSHIP,
    ),
)

DIRECTION = Direction(
    key="research",
    indicators=INDICATORS,
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
    chain=(
        (
            _("Need"),
            _(
                "A technical department describes the problem, what it costs today and how "
                "success would be measured."
            ),
        ),
        (
            _("Call and proposals"),
            _("Research groups ask questions and send a short concept, then a full proposal with a budget."),
        ),
        (_("Review"), _("Experts without a conflict of interest score the proposals by a published rubric.")),
        (_("Joint project"), _("University and enterprise work by milestones, each accepted by an act.")),
        (_("Pilot"), _("The result is tried out on a feeder, in a substation or in an enterprise.")),
        (
            _("Adoption"),
            _("What has proved itself is put to use, with its effect measured against the baseline."),
        ),
    ),
    nothing_open=(
        _("No need and no call for proposals has been published yet"),
        _(
            "Needs of the enterprises and calls for proposals will stand here, each with its "
            "deadline and the people who answer questions."
        ),
    ),
)
