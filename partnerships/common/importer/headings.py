"""Which row of a table holds its headings, and which column each of them means.

People send tables with a title above, headings on two rows with merged cells, a row of column numbers below
them, words of their own for what we call otherwise. What is certain is taken; for the rest the person says
once what each column is, and that is remembered by what the headings read.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain

from partnerships.common.importer.hints import MOST, is_hint, is_numbering, letter
from partnerships.common.importer.sheet import Sheet, plain_heading

WITHIN = 30  # rows from the top in which the headings are looked for
SAMPLES = 3  # values shown of each column
NONE = 0  # the number of the row of headings where there is none
UNNAMED = "#"  # the slot of a column without a heading is this, its letter and first value
LANGUAGES = {"az", "aze", "en", "eng"}  # what is put behind a heading that stands twice
LIKE = 0.8  # how alike a word must be to be proposed

Line = tuple[int, list[str]]


@dataclass
class Headings:
    """The headings of a table as they were found.

    labels     by place; of two rows that of the upper one stands before that of the lower: "Telebe / Ad"
    slots      by place: what is remembered of the heading: its own words, with those of the group above where
               others have the same, numbered where even that occurs twice; "" for no heading
    places     column key -> place, of what is certain
    twice      labels that mean the same column
    last       the number of the row in which they end
    samples    the first values below, by place
    hints      the numbers of the rows below them that say how to fill in, or give an example
    """

    labels: list[str]
    slots: list[str]
    places: dict[str, int]
    twice: list[tuple[str, str]]
    last: int
    two_rows: bool = False
    samples: list[list[str]] = field(default_factory=list)
    hints: list[int] = field(default_factory=list)
    top: list[tuple[int, str]] = field(default_factory=list)  # (number, words) of rows that could be headings

    @property
    def signature(self) -> str:
        """By which a table of the same headings is known again, whatever their order; where two read alike
        their order tells them apart, so that it counts."""
        named = [slot for slot in self.slots if slot]
        if not any(slot.endswith("#2") for slot in named):
            named.sort()
        return hashlib.sha256("\n".join(named).encode()).hexdigest()

    def missing(self, sheet: Sheet) -> list[str]:
        """Keys of required columns that were not found."""
        found = sheet.covered(self.places)
        return [column.key for column in sheet.columns if column.required and column.key not in found]

    def fits(self, sheet: Sheet) -> bool:
        return not self.missing(sheet) and not self.twice

    def chosen(self, choices: dict[str, str], sheet: Sheet) -> dict[str, int]:
        """The place of each column by what somebody has said of the slots; "" leaves a column out."""
        keys = {column.key for column in sheet.accepted}
        return {
            choices[slot]: place
            for place, slot in enumerate(self.slots)
            if slot and choices.get(slot) in keys
        }

    def proposed(self, sheet: Sheet, earlier: dict[str, str]) -> dict[str, str]:
        """slot -> key for the page that asks: what is certain, what the person said of the same words before,
        what reads much alike. Each column once."""
        found = {self.slots[place]: key for key, place in self.places.items()}
        meaning = sheet.meanings()
        for place, slot in enumerate(self.slots):
            if not slot or slot in found:
                continue
            label = plain_heading(self.labels[place].split(" / ")[-1])
            unnamed = slot.startswith(UNNAMED)
            alike = _within(label, meaning) or get_close_matches(label, meaning, 1, LIKE)
            key = earlier.get(slot, meaning[alike[0]] if alike and not unnamed else "")
            if key and key not in found.values():
                found[slot] = key
        return found


def _within(label: str, meaning: Iterable[str]) -> list[str]:
    """The longest heading that stands in a longer one: "Telebenin soyadi", "Ixtisasin sifri", "Ad (az)"."""
    words = label.split()
    found = []
    for known in meaning:
        rest = f" {label} ".replace(f" {known} ", " ").split()
        if len(rest) < len(words):
            if len(known) > 2 or set(rest) <= LANGUAGES:
                found.append(known)
        elif len(known) > 4 and any(word.startswith(known) for word in words):
            found.append(known)
    return sorted(found, key=len)[-1:]


def find(
    lines: Iterator[Line], sheet: Sheet, heading: int | None = None
) -> tuple[Headings | None, Iterator[Line]]:
    """The headings in the first rows, and the rows below them. None where no row holds anything.

    heading  the number of the row in which they begin, where somebody has said it; NONE: there are none

    The first row that names every required column is taken; else the row or pair of rows that names most, the
    first on a tie; else the first row of words that is as wide as the table. Where even that is not there, in
    a table that has words, the file has no headings: its columns are called by their letters, and every row
    is one of data.
    """
    top = [line for _n, line in zip(range(WITHIN + SAMPLES + 2), lines, strict=False)]
    at = _said(top, sheet, heading) if heading is not None else _best(top, sheet)
    if at is None:
        return None, iter(())
    index, pair = at
    found = _read(top, index, pair, sheet) if index >= 0 else _unnamed(top)
    below = index + (2 if pair else 1)
    passed = 0
    while 0 < below < len(top) and passed < MOST:
        number, cells = top[below]
        if any(cells) and not is_numbering(cells):
            if not is_hint(cells, found.places, sheet):
                break
            found.hints.append(number)
        below, passed = below + 1, passed + 1
    found.samples = _samples(top[below:], len(found.labels))
    found.top = [(number, _in_words(cells)) for number, cells in top[:WITHIN] if any(cells)]
    return found, chain(top[below:], lines)


def _unnamed(top: Sequence[Line]) -> Headings:
    """Columns by their letters, as a spreadsheet calls them. Their first values are part of what is
    remembered: another table without headings may have its columns in another order."""
    rows = [cells for _n, cells in top]
    firsts = [
        next((cells[place] for cells in rows if place < len(cells) and cells[place]), "")
        for place in range(max(map(len, rows)))
    ]
    while not firsts[-1]:
        firsts.pop()
    labels = [letter(place) if first else "" for place, first in enumerate(firsts)]
    slots = [
        f"{UNNAMED}{label} {first[:40]}" if label else "" for label, first in zip(labels, firsts, strict=True)
    ]
    return Headings(labels, slots, {}, [], NONE)


def _in_words(cells: Sequence[str]) -> str:
    """A row as somebody knows it again: its first cells."""
    return " · ".join(cell[:40] for cell in cells if cell)[:160]


def _said(top: Sequence[Line], sheet: Sheet, heading: int) -> tuple[int, bool] | None:
    """That row; with the one below where both together name more than it does alone."""
    if heading == NONE:
        return (-1, False) if any(any(cells) for _n, cells in top) else None
    index = next((n for n, (number, cells) in enumerate(top) if number == heading and any(cells)), None)
    if index is None:
        return None
    return index, _is_pair(top, index, sheet)


def _is_pair(top: Sequence[Line], index: int, sheet: Sheet) -> bool:
    """Whether the row below belongs to the headings: both name more, or its words fill the gaps."""
    if index + 1 >= len(top) or not _may_be_lower(top[index], top[index + 1]):
        return False
    if any(_is_caption(cells) for _n, cells in top[index : index + 2]):
        return False
    single, both = _read(top, index, False, sheet), _read(top, index, True, sheet)
    if len(both.places) != len(single.places):
        return len(both.places) > len(single.places)
    return bool(single.missing(sheet)) and _fills_gaps(top[index][1], top[index + 1][1])


def _best(top: Sequence[Line], sheet: Sheet) -> tuple[int, bool] | None:
    best: tuple[int, bool] | None = None
    most = 0
    for index in range(min(WITHIN, len(top))):
        cells = top[index][1]
        if not any(cells):
            continue
        pair = _is_pair(top, index, sheet)
        found = _read(top, index, pair, sheet)
        known, whole = len(found.places), not found.missing(sheet)
        if known > most and (whole or _reads_like_headings(cells, known)):
            best, most = (index, pair), known
        if whole and best == (index, pair):
            # The row below may be the real one: under a title, or groups, named like columns.
            below = index + 1 < len(top) and _is_pair(top, index + 1, sheet)
            lower = _read(top, index + 1, below, sheet) if index + 1 < len(top) else None
            if lower is not None and len(lower.places) >= most + (not pair) and not lower.missing(sheet):
                best, most = (index + 1, below), len(lower.places)
            break
    if best is not None:
        return best
    width = max((len(list(filter(None, cells))) for _n, cells in top), default=0)
    for pair in (False, True):
        for index, (_n, cells) in enumerate(top[:WITHIN]):
            if pair and not _is_pair(top, index, sheet):
                continue
            wide = len([1 for label in _read(top, index, pair, sheet).labels if label]) * 4 >= width * 3
            if wide and _words(cells) >= 2 and not _holds_data(cells) and not _is_caption(cells):
                return index, pair
    return (-1, False) if width >= 2 and any(_words(cells) for _n, cells in top) else None


def _reads_like_headings(cells: list[str], known: int) -> bool:
    """Whether a row that names so many columns, but not all that are needed, is one of headings: people have
    names and notes that read like a heading, too."""
    filled = len([cell for cell in cells if cell])
    return not _holds_data(cells) and not _is_caption(cells) and (known >= 2 or known * 2 >= filled)


def _holds_data(cells: list[str]) -> bool:
    """An address, or a cell of figures alone: what stands in rows, not above. A mark ("№") may head one."""
    return any("@" in cell or (_has_figures(cell) and not _words([cell])) for cell in cells[1:])


def _has_figures(cell: str) -> bool:
    return any(letter.isdigit() for letter in cell)


def _is_caption(cells: list[str]) -> bool:
    """What stands above a table of itself: "Fakültə:" and its name beside it, "Tarix: 26.11.2026"."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    closed = [cell.endswith(":") for cell in filled]
    return (any(closed) and not all(closed)) or any(":" in cell[:-1] for cell in filled)


def _fills_gaps(upper: list[str], lower: list[str]) -> bool:
    """Words below where nothing stands above, and nothing below some word above: merged cells."""
    if any(cell and not any(letter.isalpha() for letter in cell) for cell in lower) or _holds_data(lower):
        return False
    above = [cell for cell, _place in zip(upper, lower, strict=False)]
    gaps = any(below and not (upper[i] if i < len(upper) else "") for i, below in enumerate(lower))
    return gaps and any(cell and not lower[i] for i, cell in enumerate(above))


def _words(cells: list[str]) -> int:
    return sum(any(letter.isalpha() for letter in cell) for cell in cells)


def _may_be_lower(upper: Line, lower: Line) -> bool:
    """Whether the next row can be the second one of headings: right below, words, and filled only partly or
    under groups, so that at least one heading of the upper row stands alone or above several."""
    if lower[0] != upper[0] + 1 or not _words(lower[1]):
        return False
    cells = upper[1]
    return any(below and not (cells[i] if i < len(cells) else "") for i, below in enumerate(lower[1])) or any(
        above and not (lower[1][i] if i < len(lower[1]) else "") for i, above in enumerate(cells)
    )


def _read(top: Sequence[Line], index: int, pair: bool, sheet: Sheet) -> Headings:
    number, upper = top[index]
    lower = top[index + 1][1] if pair else []
    width = max((n for cells in (upper, lower) for n, cell in enumerate(cells, start=1) if cell), default=0)
    meaning = sheet.meanings()
    labels, keys, own = [], [], []
    group = ""
    for place in range(width):
        above = upper[place] if place < len(upper) else ""
        below = lower[place] if place < len(lower) else ""
        group = above or (group if below else "")
        label = f"{group} / {below}" if group and below else above or below
        labels.append(label[:80])
        own.append((below or above)[:80])
        known = [f"{group} {below}", below] if below else [above]
        if not below:
            group = ""  # a heading that reaches over both rows stands above nothing else
        keys.append(next((meaning[word] for text in known if (word := plain_heading(text)) in meaning), ""))
    places: dict[str, int] = {}
    twice = []
    for place, key in enumerate(keys):
        if key and key in places:
            twice.append((labels[places[key]], labels[place]))
        elif key:
            places[key] = place
    return Headings(labels, _slots(labels, own), places, twice, number + (1 if pair else 0), pair)


def _slots(labels: Sequence[str], own: Sequence[str]) -> list[str]:
    """The group above is left out where it is not needed: which one a column without any seems to stand under
    hangs on the order of the columns."""
    often = Counter(map(plain_heading, own))
    seen: Counter[str] = Counter()
    slots = []
    for label, words in zip(labels, own, strict=True):
        plain = plain_heading(words)
        if often[plain] > 1:
            plain = plain_heading(label)
        seen[plain] += 1
        slots.append(f"{plain}#{seen[plain]}" if plain and seen[plain] > 1 else plain)
    return slots


def _samples(below: Sequence[Line], width: int) -> list[list[str]]:
    rows = [cells for _n, cells in below if any(cells)]
    found = []
    for place in range(width):
        values = [cells[place][:60] for cells in rows if place < len(cells) and cells[place]]
        found.append(list(dict.fromkeys(values))[:SAMPLES])
    return found
