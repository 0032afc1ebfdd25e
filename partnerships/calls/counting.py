"""What a character and a word are. static/js/portal.js counts by the same rules; a test holds both to it.

A **character** is a code point of the text as it is settled: composed (NFC: "ə" and "é" are one each), a line
break one character, nothing blank at either end. A **word** is a run without blanks that holds a letter or a
digit: "Bakı–Sumqayıt" is one, a dash between blanks none.
"""

import re
import unicodedata

# Python and browsers disagree on what is blank, so it is said here: the ends of lines, the spaces of Unicode
# and the mark of a byte order.
BLANK = (
    "\t\n\v\f\r \x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_RUN = re.compile(f"[^{re.escape(BLANK)}]+")


def settled(text: str) -> str:
    """The text as it is counted."""
    return unicodedata.normalize("NFC", lines(text)).strip(BLANK)


def lines(text: str) -> str:
    """Line breaks as one character each: browsers send two."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def characters(text: str) -> int:
    return len(settled(text))


def words(text: str) -> int:
    runs = _RUN.findall(settled(text))
    return sum(any(unicodedata.category(sign)[0] in "LN" for sign in run) for run in runs)
