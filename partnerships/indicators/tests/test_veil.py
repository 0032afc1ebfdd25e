"""What is hidden, and that nobody works it out from what is shown."""

from random import Random

import pytest

from partnerships.indicators.veil import Family, few, veiled

LEAST = 5


def by_university(**parts):
    """Everything by university: no second side."""
    counts = {name: (n, 0) for name, n in parts.items()}
    counts["all"] = (sum(parts.values()), 0)
    return counts, [Family("all", tuple(parts))]


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ({"aztu": 20, "adnsu": 5}, set()),
        ({"aztu": 20, "adnsu": 0}, set()),
        (
            {"aztu": 20, "adnsu": 9, "sdu": 3},
            {"sdu", "adnsu"},
        ),  # one alone would be the total less the others
        ({"aztu": 20, "adnsu": 2, "sdu": 2}, {"adnsu", "sdu", "aztu"}),  # the two together are few as well
        ({"aztu": 20, "adnsu": 4, "sdu": 1}, {"adnsu", "sdu"}),
        ({"aztu": 3}, {"aztu", "all"}),
        ({"aztu": 7, "adnsu": 1}, {"adnsu", "aztu"}),
        ({"aztu": 2, "adnsu": 1}, {"adnsu", "aztu", "all"}),
    ],
)
def test_few_people_are_hidden_and_so_is_what_would_give_them_away(parts, hidden):
    counts, families = by_university(**parts)
    assert veiled(counts, families, LEAST) == hidden


def test_few_who_are_left_over_are_as_few_as_those_who_are_counted():
    # Nine of ten finished: the one who did not is told by the number of those who did.
    counts = {"all": (19, 11), "aztu": (9, 1), "adnsu": (10, 10)}
    assert veiled(counts, [Family("all", ("aztu", "adnsu"))], LEAST) == {"aztu", "adnsu"}


def test_people_without_a_line_of_their_own_are_not_the_rest():
    counts = {"all": (22, 0), "aztu": (20, 0)}
    assert veiled(counts, [Family("all", ("aztu",), (2, 0))], LEAST) == {"aztu"}
    large = {"all": (30, 0), "aztu": (20, 0)}
    assert veiled(large, [Family("all", ("aztu",), (10, 0))], LEAST) == set()


def table(random, wide, high):
    """Universities by companies: both margins and every cell are published."""
    cells = {
        (f"c{i}", f"u{j}"): random.choice([0, 0, 1, 2, 4, 5, 6, 9, 14])
        for i in range(high)
        for j in range(wide)
    }
    counts = {key: (n, 0) for key, n in cells.items() if n}
    companies = {f"c{i}": sum(n for (c, _u), n in cells.items() if c == f"c{i}") for i in range(high)}
    universities = {f"u{j}": sum(n for (_c, u), n in cells.items() if u == f"u{j}") for j in range(wide)}
    counts.update({key: (n, 0) for key, n in (companies | universities).items() if n})
    counts["all"] = (sum(cells.values()), 0)
    families = [
        Family("all", tuple(key for key in companies if key in counts)),
        Family("all", tuple(key for key in universities if key in counts)),
    ]
    for side, names in ((0, companies), (1, universities)):
        families += [
            Family(name, tuple(key for key in cells if key[side] == name and key in counts))
            for name in names
            if name in counts
        ]
    return counts, families


def follows(counts, families, hidden, key):
    """Whether `key` has the same value in every table that agrees with what is shown: a row space test, by
    plain Gauss over fractions of whole matrices, written apart from the code under test."""
    from fractions import Fraction

    names = sorted(hidden, key=str)
    matrix = []
    for family in families:
        row = [Fraction((name in family.parts) - (name == family.whole)) for name in names]
        if any(row):
            matrix.append(row)
    wanted = [Fraction(name == key) for name in names]
    return rank([*matrix, wanted]) == rank(matrix)


def rank(rows):
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for r in range(found + 1, len(rows)):
            factor = rows[r][column] / rows[found][column]
            if factor:
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found


def test_no_hidden_number_about_few_follows_from_all_that_is_shown():
    """In sixty tables of universities by companies, margins published with the cells."""
    random, looked_at = Random(20261126), 0
    for _turn in range(60):
        counts, families = table(random, random.randint(2, 4), random.randint(2, 4))
        hidden = veiled(counts, families, LEAST)
        assert {key for key, (n, _rest) in counts.items() if few(n, LEAST)} <= hidden
        for key in hidden:
            if few(counts[key][0], LEAST):
                looked_at += 1
                assert not follows(counts, families, hidden, key), (key, counts, hidden)
        for family in families:  # nor do the hidden ones of a shown whole add up to few
            lost = [counts[key][0] for key in family.parts if key in hidden]
            assert family.whole in hidden or not few(sum(lost), LEAST)
    assert looked_at > 200
