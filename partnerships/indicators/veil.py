"""Which numbers about few people are not shown, and which others so that these cannot be worked out.

A *family* is a whole with the parts that add up to it: everything by university, a university by company. A
number from one to four is hidden, and where it is part of a greater whole (the hired of those who practised),
also one whose remainder is. A family in which one number is hidden, or whose hidden numbers add up to few,
would give them away by subtraction: its next smallest number is hidden as well, until it does not. A number
that stands in two families is hidden in both, so that this goes on until nothing changes. Last, a hidden
number whose value still follows from the families taken together is joined by one more.

No database here: keys are whatever the caller counts by.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Key = Hashable
# Of a key: people in it, and of a greater whole those who are not in it (0 where there is no such whole).
Counts = Mapping[Key, tuple[int, int]]


@dataclass(frozen=True)
class Family:
    """A whole and its parts, and how many people of it stand in no part that is shown."""

    whole: Key
    parts: tuple[Key, ...]
    rest: tuple[int, int] = (0, 0)


def few(count: int, least: int) -> bool:
    return 0 < count < least


def veiled(counts: Counts, families: Iterable[Family], least: int, also: Iterable[Key] = ()) -> set[Key]:
    """The keys whose numbers are hidden; `least` people are enough to be shown.

    also  keys that are hidden for another reason, and are not to follow from the rest either
    """
    families = list(families)
    secret = {key for key, found in counts.items() if any(few(n, least) for n in found)}
    secret |= {key for key in also if key in counts}
    hidden = set(secret)
    while True:
        found = (_betrayer(counts, family, hidden, least) for family in families)
        more = next((key for key in found if key is not None), None)
        if more is None:
            more = _derived(counts, families, hidden, secret)
        if more is None:
            return hidden
        hidden.add(more)


def _betrayer(counts: Counts, family: Family, hidden: set[Key], least: int) -> Key | None:
    """The next number to hide in this family, None when it gives nothing away by itself."""
    lost = [key for key in family.parts if key in hidden and any(counts[key])]
    shown = [key for key in family.parts if key not in hidden and any(counts[key])]
    next_one = min(shown, key=lambda key: (counts[key], str(key)), default=None)
    unknown = len(lost) + bool(any(family.rest))
    if family.whole in hidden:
        return next_one if not unknown else None  # all parts shown would add up to it
    sums = [sum(counts[key][i] for key in lost) + family.rest[i] for i in (0, 1)]
    gives_away = (unknown == 1 and bool(lost)) or any(few(n, least) for n in sums)
    if not unknown or not gives_away:
        return None
    return next_one if next_one is not None else family.whole


def _derived(counts: Counts, families: list[Family], hidden: set[Key], secret: set[Key]) -> Key | None:
    """A shown number to hide because a hidden one follows from all families together; None when none does."""
    solved = _solved(families, hidden)
    for key in sorted(secret, key=str):
        if key not in solved:
            continue
        touching = [family for family in families if key == family.whole or key in family.parts]
        for family in touching:
            shown = [k for k in (*family.parts, family.whole) if k not in hidden and any(counts[k])]
            if shown:
                return min(shown, key=lambda k: (counts[k], str(k)))
    return None


def _solved(families: list[Family], hidden: set[Key]) -> set[Key]:
    """The hidden numbers that the families' sums determine: Gauss over the equations whole = sum of parts."""
    unknown = {key: place for place, key in enumerate(sorted(hidden, key=str))}
    rests = len(unknown)
    rows: list[dict[int, Fraction]] = []
    for number, family in enumerate(families):
        row: dict[int, Fraction] = {}
        for key, sign in ((family.whole, -1), *((part, 1) for part in family.parts)):
            if key in unknown:
                row[unknown[key]] = row.get(unknown[key], Fraction(0)) + sign
        if any(family.rest):
            row[rests + number] = Fraction(1)
        if row:
            rows.append(row)
    reduced = _reduced(rows)
    alone = {next(iter(row)) for row in reduced if len(row) == 1}
    return {key for key, place in unknown.items() if place in alone}


def _reduced(rows: list[dict[int, Fraction]]) -> list[dict[int, Fraction]]:
    """Sparse reduced row echelon form."""
    done: dict[int, dict[int, Fraction]] = {}
    for row in rows:
        for column in [c for c in row if c in done]:
            _subtract(row, done[column], row[column])
        if not row:
            continue
        pivot = min(row)
        scaled = {c: v / row[pivot] for c, v in row.items()}
        for other in done.values():
            if pivot in other:
                _subtract(other, scaled, other[pivot])
        done[pivot] = scaled
    return list(done.values())


def _subtract(row: dict[int, Fraction], other: dict[int, Fraction], factor: Fraction) -> None:
    for column, value in other.items():
        left = row.get(column, Fraction(0)) - factor * value
        if left:
            row[column] = left
        else:
            row.pop(column, None)
