"""What the cards of the page share."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from internships import rules
from internships.enums import PlacementState
from internships.hours import Days, days_of
from internships.models import Placement
from internships.placement_moves import Move, move_of_placement, signing_move
from internships.whole_practice import contracts_of
from partnerships.agreements.enums import SIGNING_STATES
from partnerships.agreements.models import Agreement
from partnerships.agreements.rules import has_turn


@dataclass(frozen=True)
class Card:
    """One card of the page: its template, which reads `card`, and what that shows.

    side    stands in the narrow column beside the others
    """

    template: str
    card: dict[str, Any] = field(default_factory=dict)
    side: bool = False


@dataclass
class Reader:
    """Who looks at the page, as the cards ask: worked out once."""

    user: Any
    placement: Placement
    move: Move = field(init=False)

    def __post_init__(self) -> None:
        ask = lambda rule: bool(rule(self.user, self.placement))  # noqa: E731
        self.student = ask(rules.is_placed)
        self.company = ask(rules.runs_placement)
        self.university = ask(rules.coordinates_placement)
        self.mentor = ask(rules.mentors_placement)
        self.supervisor = ask(rules.supervises_placement)
        self.admits = ask(rules.admits_placement)
        self.to_sign = self._to_sign() if self.placement.state == PlacementState.PREPARING else None
        self.move = (
            signing_move(self.placement) if self.to_sign else move_of_placement(self.placement, self.user)
        )

    @cached_property
    def contracts(self) -> list[Agreement]:
        """The contract and its amendments, oldest first."""
        return contracts_of(self.placement)

    def _to_sign(self) -> Agreement | None:
        """What waits for this reader's signature now."""
        for row in self.contracts:
            if row.state in SIGNING_STATES and has_turn(self.user, row):
                return row
        return None

    @cached_property
    def days(self) -> Days:
        """Diary and absences, read once for all the cards that tell of them."""
        return days_of(self.placement)
