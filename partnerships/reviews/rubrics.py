"""What is marked: weighted criteria with labelled values, or one five-point scale.

The criteria of a version are JSON as `clean` leaves it; a version never changes once it is written.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

MOST_CRITERIA = 10
MOST_VALUES = 10
MOST_WEIGHT = 100
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Criterion:
    """One thing to mark: the value is the place of its label, counted from one."""

    key: str
    title: str
    weight: int
    labels: tuple[str, ...]

    @property
    def top(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Scale:
    """The criteria in the reader's language, and how marks become one number."""

    criteria: tuple[Criterion, ...]

    @property
    def top(self) -> int:
        """The highest score: the highest value where all criteria share it, else 100."""
        tops = {criterion.top for criterion in self.criteria}
        return tops.pop() if len(tops) == 1 else 100

    def check(self, marks: dict[str, Any], *, whole: bool) -> dict[str, int]:
        """The marks as numbers. Raises ValidationError by criterion for a value that is not on the scale and,
        with `whole`, for one that is missing."""
        found: dict[str, int] = {}
        errors: dict[str, Any] = {}
        for criterion in self.criteria:
            given = marks.get(criterion.key)
            if given in (None, ""):
                if whole:
                    errors[criterion.key] = _("Choose a mark.")
                continue
            text = str(given)
            if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= criterion.top:
                errors[criterion.key] = _("There is no such mark. Choose one from 1 to %(top)s.") % {
                    "top": criterion.top
                }
                continue
            found[criterion.key] = int(text)
        if errors:
            raise ValidationError(errors)
        return found

    def told(self, marks: dict[str, int]) -> list[tuple[Criterion, int | None, str]]:
        """Each criterion with its mark and what that mark means; None and nothing where it is not marked."""
        given = [(criterion, marks.get(criterion.key)) for criterion in self.criteria]
        return [(criterion, mark, criterion.labels[mark - 1] if mark else "") for criterion, mark in given]

    def score(self, marks: dict[str, int]) -> Decimal:
        """The weighted mean, out of `top`, to two places. The marks are whole (see `check`)."""
        weights = sum(criterion.weight for criterion in self.criteria)
        shares = sum(
            Decimal(criterion.weight * marks[criterion.key]) / criterion.top for criterion in self.criteria
        )
        return (shares * self.top / weights).quantize(CENT, ROUND_HALF_UP)


FIVE_LABELS = (
    pgettext_lazy("mark", "Weak"),
    pgettext_lazy("mark", "Below expectation"),
    pgettext_lazy("mark", "Sufficient"),
    pgettext_lazy("mark", "Good"),
    pgettext_lazy("mark", "Excellent"),
)


def five_points() -> Scale:
    return Scale((Criterion("overall", _("Overall"), 1, tuple(str(label) for label in FIVE_LABELS)),))


def scale_of(version: Any) -> Scale:
    """The scale of a RubricVersion in the reader's language; five points where there is none."""
    if version is None:
        return five_points()
    english = (get_language() or "az").startswith("en")

    def words(row: dict[str, Any]) -> str:
        return (row["en"] if english else "") or row["az"]

    return Scale(
        tuple(
            Criterion(row["key"], words(row), row["weight"], tuple(words(label) for label in row["labels"]))
            for row in version.criteria
        )
    )


TOO_FEW = gettext_lazy("Write at least two values, one a line, from the weakest to the strongest.")


def clean(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Criteria as they are kept: {key, az, en, weight, labels: [{az, en}]}. Raises ValidationError.

    `rows` have az, en, weight and the labels as lists labels_az, labels_en (empty, or as many).
    """
    found = []
    for number, row in enumerate(rows, 1):
        labels, english = row["labels_az"], row["labels_en"]
        if not 2 <= len(labels) <= MOST_VALUES:
            raise ValidationError(TOO_FEW)
        if english and len(english) != len(labels):
            raise ValidationError(
                _("There are %(az)s values in Azerbaijani and %(en)s in English: write as many.")
                % {"az": len(labels), "en": len(english)}
            )
        if not 1 <= row["weight"] <= MOST_WEIGHT:
            raise ValidationError(_("A weight lies between 1 and %(most)s.") % {"most": MOST_WEIGHT})
        pairs = zip(labels, english or [""] * len(labels), strict=True)
        found.append(
            {
                "key": f"c{number}",
                "az": row["az"],
                "en": row["en"],
                "weight": row["weight"],
                "labels": [{"az": az, "en": en} for az, en in pairs],
            }
        )
    if not 1 <= len(found) <= MOST_CRITERIA:
        raise ValidationError(_("Write between one and %(most)s criteria.") % {"most": MOST_CRITERIA})
    return found


def as_typed(criteria: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Kept criteria as `clean` takes them."""
    return [
        {
            "az": row["az"],
            "en": row["en"],
            "weight": row["weight"],
            "labels_az": [label["az"] for label in row["labels"]],
            "labels_en": [label["en"] for label in row["labels"] if label["en"]],
        }
        for row in criteria
    ]


def in_words(row: dict[str, Any]) -> str:
    """A criterion as `clean` takes it, on one line."""
    names = " / ".join(name for name in (row["az"], row["en"]) if name)
    values = " / ".join(", ".join(labels) for labels in (row["labels_az"], row["labels_en"]) if labels)
    return f"{names} ({row['weight']}): {values}"
