"""The card of the history."""

from internships.history import history_of_placement
from internships.views.placing.parts import Card, Reader


def card(reader: Reader) -> Card:
    return Card(
        "internships/placement/_history.html", {"history": history_of_placement(reader.placement)}, side=True
    )
