"""The rules that check_house keeps."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from partnerships.common.management.commands.check_house import inline, overlooked, torn, unlisted


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<script src="{% static "a.js" %}" defer></script>', []),
        ("<script>alert(1)</script>", [(1, "an inline <script>")]),
        ("\n<style>p {}</style>", [(2, "a <style> element")]),
        ('<p class="x" style="color: red">', [(1, "a style attribute")]),
        ('<p {% if a > b %}style="x"{% endif %}>', [(1, "a style attribute")]),
        ('<button type="button" onclick="go()">', [(1, "an on... attribute")]),
        ('<a href="javascript:go()">', [(1, "a javascript: address")]),
        ('<img src="https://elsewhere.example/a.png">', [(1, "a file of another host")]),
        ('<script src="//elsewhere.example/a.js"></script>', [(1, "a file of another host")]),
        ('<div hx-on:click="go()">', [(1, "an hx-on attribute, which needs eval")]),
        ('<a href="https://elsewhere.example/">read</a>', []),
        ("{# <script>old</script> #}{% comment %}<style></style>{% endcomment %}", []),
        ('<p data-once="1" class="on">style=one</p>', []),
    ],
)
def test_what_the_policy_forbids_is_found_with_its_line(html: str, found: list[tuple[int, str]]) -> None:
    assert inline(html) == found


def test_a_vendored_file_must_be_listed_and_a_listed_licence_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("| `a.js` | A | 1 | MIT (`a.LICENSE.txt`) |")
    (tmp_path / "a.js").touch()
    (tmp_path / "b.js").touch()
    assert unlisted(tmp_path) == [
        "static/vendor/b.js: not listed in static/vendor/README.md with its version and licence",
        "static/vendor/README.md names a.LICENSE.txt, which is not there",
    ]


def test_the_house_keeps_its_rules() -> None:
    out = StringIO()
    call_command("check_house", stdout=out)
    assert out.getvalue() == "templates, vendored files and lists of directions keep the rules\n"


def test_a_direction_that_a_tool_overlooks_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[[tool.a]]\nb = ["events", "training", "library"]\nc = ["events"]'
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = events training")
    (tmp_path / "Makefile").write_text("check:\n\tlint events training library # all of them")
    assert overlooked(tmp_path, ["events", "training", "library"]) == [
        "pytest.ini: a list names events and training, but not library"
    ]


def test_a_kept_piece_closes_what_it_opens_and_nothing_else():
    whole = '<p>{% kept %}<b class="x">{% translate "Yes" %}</b><br><use href="#a" />{% endkept %}</p>'
    open_one = "<p>\n{% kept %}<b><i>{% endkept %}</i></b></p>"
    closes = "{% kept %}<b>a</b></p>{% endkept %}"
    assert [torn(html) for html in (whole, open_one, closes)] == [[], [(2, "i")], [(1, "p")]]
