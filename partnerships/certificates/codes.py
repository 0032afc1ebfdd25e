"""Check codes: short enough to type from paper, too many to guess.

Twelve characters of an alphabet of 21: 7 * 10^15 codes, so that with a million certificates one guess in
seven thousand million hits. Letters that look like another or like a digit are left out (0 O Q, 1 I L, 2 Z,
5 S, 8 B, U V), and vowels with them, so that no code spells a word.
"""

import secrets

ALPHABET = "CDFGHJKMNPRTVWXY34679"
LENGTH = 12
GROUP = 4
# Keyboards that were left in Cyrillic; letters that look the same are read as what was meant.
_ALIKE = str.maketrans("СНКМРТХУ", "CHKMPTXY")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(LENGTH))


def grouped(code: str) -> str:
    """As it is printed: K7MH-3XPD-9DFT."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise(typed: str) -> str:
    """The code that somebody meant, whatever stands between the characters; "" when it cannot be one."""
    bare = "".join(c for c in typed[:80] if c.isalnum()).upper().translate(_ALIKE)
    return bare if len(bare) == LENGTH and set(bare) <= set(ALPHABET) else ""
