"""The card of the history."""

from internships.history import history_of_placement
from internships.views.placing.parts import Card, Reader


def card(reader: Reader) -> Card:
    at_university = reader.student or reader.university or reader.supervisor
    history = history_of_placement(reader.placement, company=not at_university)
    return Card("internships/placement/_history.html", {"history": history}, side=True)
