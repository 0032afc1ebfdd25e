"""The cards of the page in their order. A card is a function (reader) -> Card, or None when there is none."""

from collections.abc import Callable

from internships.views import diary_card
from internships.views import finishing_cards as finishing
from internships.views.placing import concerns, contracts, facts, hours, onboarding, paper, past, safety
from internships.views.placing.parts import Card, Reader

CARDS: tuple[Callable[[Reader], Card | None], ...] = (
    facts.card,
    diary_card.card,
    contracts.card,
    hours.card,
    paper.card,
    safety.card,
    onboarding.card,
    finishing.evaluations,
    finishing.report,
    concerns.card,
    past.card,
    finishing.outcome,
    finishing.papers,
)


def cards_for(reader: Reader) -> list[Card]:
    return [shown for make in CARDS if (shown := make(reader)) is not None]
