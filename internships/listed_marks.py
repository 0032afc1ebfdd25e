"""What the commission of a round gave, told by the query that finds the first page of the round."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from internships.models import Application
from partnerships.reviews import reports as reviews
from partnerships.reviews.models import ReviewRound


class Marks:
    """What was given of the first so many rows, for `groups_of`, less what their reader must not meet: the
    lines of the page need not ask for it (`views.worklist_lines.with_marks`).

    found  the commission, one whose marks this reader may see, if there is one
    """

    def __init__(self, user: Any, found: ReviewRound | None, most: int) -> None:
        self.texts: dict[int, str] = {}
        self._means: dict[int, Decimal | None] | None = None
        self._user, self._found, self._most = user, found, most

    def asked_with(self) -> dict[str, Any]:
        """What `groups_of` takes."""
        if self._found is None:
            return {}
        return {"told": (self.texts, reviews.told_of(self._user, self._found), self._most)}

    def of_means(self, found: Iterable[tuple[int, Decimal | None]]) -> list[int]:
        """The keys of these; where nothing else was told of them."""
        self._means = dict(found)
        return list(self._means)

    def told(self, rows: Iterable[Application]) -> None:
        """Tells each row what it was given: its mean, by which a page may end, and the rest as `marked`."""
        if self._found is None:
            return
        top = self._found.scale.top if self.texts else 0
        for row in rows:
            if self._means is not None:
                row.commission_mean = self._means[row.pk]  # type: ignore[attr-defined]
                continue
            text = self.texts.get(row.pk)
            given = None if text is None else reviews.result_of(text, top)
            row.marked, row.commission_mean = given, given and given.mean  # type: ignore[attr-defined]
