"""What a direction has by itself, and what it says."""

from partnerships.common.direction import Direction


def test_a_direction_has_colour_page_and_short_name_by_its_key_unless_it_says_otherwise():
    plain = Direction(key="library", name="Library")
    assert (plain.css, plain.url_name, plain.short_name) == ("d-library", "library:index", "Library")
    own = Direction(
        key="library", name="Library", short_name="Books", css="d-books", url_name="library:front"
    )
    assert (own.css, own.url_name, own.short_name) == ("d-books", "library:front", "Books")
