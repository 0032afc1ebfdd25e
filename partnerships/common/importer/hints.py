"""The rows that people's forms have between headings and data: column numbers, how to fill in, an example."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import override

from partnerships.common.importer.sheet import Column, Sheet, plain_heading
from partnerships.common.text import fold

MOST = 3  # such rows that are passed over

# "GG.AA.İİİİ", "dd/mm/yyyy", "1-8", "0 – 100": what a value looks like.
_PATTERN = re.compile(
    r"[gd]{1,2}[./-][am]{1,2}[./-][iy]{2,4}|\d{1,3} ?[-–] ?\d{1,3}|\+?[\dx() -]*xx[\dx() -]*"
)
_BRACKETS = {"(": ")", "[": "]", "<": ">"}
_BEGINS = ("mes", "meselen", "mesela", "misal", "misal ucun", "numune", "example", "for example", "e g", "eg")
_ALONE = frozenset(
    {"metn", "reqem", "eded", "tarix", "text", "number", "date", "vacib", "mutleq", "konullu", "isteye bagli"}
)
_SAYS = frozenset(
    {
        *("mecburi", "mecburidir", "vacibdir", "doldurulur", "doldurulmalidir", "yazilir", "yazilmalidir"),
        *("yazin", "gosterin", "secin", "formatda", "formatinda", "required", "optional", "mandatory"),
    }
)


def is_numbering(cells: list[str]) -> bool:
    """The row "1 2 3 4" that official forms have under their headings, also "(1)", "1." and "A B C"."""
    filled = [cell.strip(" ().") for cell in cells if cell]
    numbers = [str(n) for n in range(1, len(filled) + 1)]
    return len(filled) >= 2 and (filled == numbers or filled == [letter(n) for n in range(len(filled))])


def letter(place: int) -> str:
    """A column as a spreadsheet calls it."""
    return (letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def is_hint(cells: list[str], places: Mapping[str, int], sheet: Sheet) -> bool:
    """Whether a row right below the headings says how to fill in: at least two of its cells, and half of
    them, read so; or it stands alone, in brackets."""
    columns = {place: sheet[key] for key, place in places.items()}
    filled = [(cell, columns.get(place)) for place, cell in enumerate(cells) if cell]
    said = sum(_explains(cell, column) for cell, column in filled)
    alone = len(filled) == 1 and len(places) > 1 and _is_bracketed(filled[0][0])
    return alone or (said >= 2 and said * 2 >= len(filled))


def _explains(cell: str, column: Column | None) -> bool:
    text, words = fold(cell), plain_heading(cell)
    return (
        _is_bracketed(cell)
        or _PATTERN.fullmatch(text) is not None
        or words in _ALONE
        or any(f"{words} ".startswith(f"{begin} ") for begin in _BEGINS)
        or not _SAYS.isdisjoint(words.split())
        or (column is not None and text in _helps(column))
    )


def _is_bracketed(cell: str) -> bool:
    return _BRACKETS.get(cell[0]) == cell[-1]


def _helps(column: Column) -> set[str]:
    """What the template says of it, in every language."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {fold(str(column.help)), fold(column.explained)}
    return found - {""}
