"""What happened to a round of reviews, in words."""

from django.utils.translation import gettext_lazy

from partnerships.reviews.workflow import ROUND

DONE = {
    **ROUND.told,
    "open": gettext_lazy("Opened"),
    "change": gettext_lazy("Changed"),
    "override": gettext_lazy("A conflict of interest was overridden"),
    "end_override": gettext_lazy("An override was ended"),
    "note_conflict": gettext_lazy("A conflict of interest was written down"),
}
TOLD = {"reviewround": DONE}  # for other pages (`workflow.words`)
