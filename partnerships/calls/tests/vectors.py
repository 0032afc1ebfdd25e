"""Texts with their characters and words: what server and browser both have to count."""

VECTORS = [
    ("", 0, 0),
    ("  \n ", 0, 0),
    ("Salam", 5, 1),
    ("Bakı şəhəri", 11, 2),
    ("iki\r\nsətir", 9, 2),
    ("  ucları boş  ", 10, 2),
    ("Bakı–Sumqayıt xətti", 19, 2),
    ("bir – iki", 9, 2),
    ("… — !", 5, 0),
    ("110/10 kV, 2×25 MVA", 19, 4),
    ("e\u0301te\u0301", 3, 1),
    ("ə\u00a0ı\u2003ü", 5, 3),
    ("\ufeffbaş", 3, 1),
    ("👍🏽 əla", 6, 1),
    ("𝒜bc", 3, 1),
    ("a\x1fb", 3, 1),
    ("ⅳ № 5", 5, 2),
    ("中文 字", 4, 2),
]
