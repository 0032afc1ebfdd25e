"""Azerbaijani text: folding for search, keys for sorting, slugs, initials.

Python's own lower() and upper() know nothing of İ/i and I/ı, and SQLite's LIKE tells Ə from ə;
everything that compares people's words goes through this module.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from itertools import cycle
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

# The order of the Azerbaijani alphabet; w stands after v, as dictionaries place it.
ALPHABET = "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz"
_FOLD = str.maketrans(
    {
        **dict.fromkeys("əƏ", "e"),
        **dict.fromkeys("ıIİ", "i"),
        **dict.fromkeys("öÖ", "o"),
        **dict.fromkeys("üÜ", "u"),
        **dict.fromkeys("çÇ", "c"),
        **dict.fromkeys("şŞ", "s"),
        **dict.fromkeys("ğĞ", "g"),
        **dict.fromkeys("‘’ʼ`´", "'"),
        **dict.fromkeys('"“”„‟«»＂', ""),  # typed in many ways, or left out: “Azərişıq” ASC
    }
)
_LOWER = str.maketrans({"I": "ı", "İ": "i"})
_UPPER = str.maketrans({"ı": "I", "i": "İ"})
# Characters between which dictionaries sort; spaces come before letters.
_WEIGHT = {letter: chr(0x100 + i) for i, letter in enumerate(ALPHABET)}


class _Weights(dict[int, str]):
    """For `translate`: letters of other alphabets stand with the one that they are made of, other characters
    as they are."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFKD", chr(code))[:1]
        self[code] = _WEIGHT.get(base, chr(code))
        return self[code]


_WEIGHTS = _Weights(str.maketrans(_WEIGHT))
_SPACES = re.compile(r"\s+")
_QUOTES = re.compile('["“”„«»]')
_INVISIBLE = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


WORDS = 6  # of a search that are looked at


def fold(text: str) -> str:
    """The form under which text is searched: "Azərişıq" and "AZERISIQ" both become "azerisiq"."""
    # PostgreSQL takes no NUL, and nobody searches for one.
    decomposed = unicodedata.normalize("NFKD", (text or "").replace("\x00", "").translate(_FOLD))
    if not decomposed.isascii():  # as most is by now
        decomposed = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACES.sub(" ", decomposed.casefold()).strip()


def folded_words(typed: str) -> list[str]:
    """The words of a search as `fold` leaves them; no more of them are looked at."""
    return fold(typed).split()[:WORDS]


def az_lower(text: str) -> str:
    """Small letters by the Azerbaijani rule: I becomes ı, İ becomes i."""
    return text.translate(_LOWER).lower()


def az_upper(text: str) -> str:
    """Capital letters by the Azerbaijani rule: i becomes İ, ı becomes I."""
    return text.translate(_UPPER).upper()


def sort_key(text: str) -> str:
    """A key that a byte-wise comparison puts in the order of the Azerbaijani alphabet."""
    return az_lower(unicodedata.normalize("NFC", text or "")).translate(_WEIGHTS)


def choices_of(named: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """Choices of a drop-down from values and their words, by the alphabet; what lacks either is left out."""
    pairs = [(str(value), str(words)) for value, words in named.items() if value is not None and words]
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))


def slug(text: str) -> str:
    """A slug that keeps Azerbaijani words legible: "Şəki şəbəkəsi" becomes "seki-sebekesi"."""
    return slugify(fold(text))


def key_of(text: str) -> int:
    """The key that somebody sent as text; 0, which is nobody's, for what is none: other signs than digits,
    digits of other scripts, more of them than a key has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def clean_line(text: str) -> str:
    """One line of people's words: no control or direction marks, single spaces, NFC."""
    plain = unicodedata.normalize("NFC", text or "").translate(_INVISIBLE)
    plain = "".join(c for c in plain if c in "\t\n" or unicodedata.category(c) != "Cc")
    return _SPACES.sub(" ", plain).strip()


def at_most(field: str, text: str, most: int) -> str:
    """The text, which is never cut: where more characters were typed than are kept, ValidationError for its
    field says how many too many, and the form keeps them."""
    if len(text) > most:
        words = _("At most %(most)s characters can be kept here; you wrote %(written)s. Shorten the text.")
        raise ValidationError({field: words % {"most": most, "written": len(text)}})
    return text


def in_quotes(text: str) -> str:
    """Text as it stands between “ and ”: a pair around the whole of it falls away, quotes within it are
    single ones, so that none are doubled."""
    text = text.strip()
    if len(_QUOTES.findall(text)) == 2 and _QUOTES.match(text) and _QUOTES.match(text[-1]):
        return text[1:-1]
    marks = cycle("‘’")
    return _QUOTES.sub(lambda _mark: next(marks), text)


def within(label: str, language: str) -> str:
    """A label as it reads within a sentence: its first letter small, by the rule of the language."""
    first = az_lower(label[:1]) if language == "az" else label[:1].lower()
    return first + label[1:]


def initials(name: str) -> str:
    """The first letters of the first two words, for the round face."""
    return "".join([_capital(word[0]) for word in name.split(None, 2)[:2]])


@lru_cache(512)
def _capital(letter: str) -> str:
    """A list of fifty people has a hundred of them, of thirty letters."""
    return az_upper(letter)
