"""manage.py check_house: rules of the house that no other tool knows."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# Letters are read in mail programs, which know no style sheets and obey no policy of ours.
LETTERS = re.compile(r"(?:^|/)(?:mail|letters?|emails?)(?:/|[^/]*\.html$)")
FORBIDDEN = [
    (re.compile(r"<style\b", re.IGNORECASE), "a <style> element"),
    (re.compile(r"<script\b(?![^>]*\bsrc\s*=)[^>]*>(?!\s*</script>)", re.IGNORECASE), "an inline <script>"),
    (re.compile(r"<[a-z][^<>]*[\s\x01]style\s*=", re.IGNORECASE), "a style attribute"),
    (re.compile(r"<[a-z][^<>]*[\s\x01]on[a-z]+\s*=", re.IGNORECASE), "an on... attribute"),
    (
        re.compile(r"<[a-z][^<>]*\s(?:href|src|action)\s*=\s*[\"']\s*javascript:", re.IGNORECASE),
        "a javascript: address",
    ),
    (
        re.compile(
            r"<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
        ),
        "a file of another host",
    ),
    (re.compile(r"hx-on[:-]", re.IGNORECASE), "an hx-on attribute, which needs eval"),
]
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
KEPT = re.compile(r"{%\s*kept\s*%}(.*?){%\s*endkept\s*%}", re.DOTALL)
ELEMENTS = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*?(/?)>")
VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "use"))
COMMENTS = re.compile(r"{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)


class Command(BaseCommand):
    help = (
        "Refuse templates that the content security policy would break or whose kept pieces are torn, "
        "vendored files without a licence and tools that do not look at every direction."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        base = Path(settings.BASE_DIR)
        problems = []
        for path in templates(base):
            html, name = path.read_text(encoding="utf-8"), path.relative_to(base)
            problems += [
                f"{name}:{line}: {what}, which the content security policy forbids"
                for line, what in inline(html)
            ]
            problems += [
                f"{name}:{line}: a kept piece leaves <{element}> open or closes another's"
                for line, element in torn(html)
            ]
        problems += unlisted(base / "static" / "vendor")
        problems += overlooked(base, settings.DIRECTIONS)
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write("templates, vendored files and lists of directions keep the rules")


def templates(base: Path) -> Iterator[Path]:
    """The portal's own pages, letters left out."""
    roots = [base / name for name in ("templates", "partnerships", *settings.DIRECTIONS)]
    for root in roots:
        for path in sorted(root.rglob("*.html")):
            inside = path.relative_to(base).as_posix()
            if ("templates/" in inside or root.name == "templates") and not LETTERS.search(inside):
                yield path


def inline(html: str) -> list[tuple[int, str]]:
    """Line and name of everything in a template that the policy forbids."""
    # Template tags may hold > and quotes; blanks of the same length keep the line numbers.
    bare = TAGS.sub(_blank, COMMENTS.sub(_blank, html))
    return sorted(
        (bare.count("\n", 0, match.start()) + 1, what)
        for pattern, what in FORBIDDEN
        for match in pattern.finditer(bare)
    )


def torn(html: str) -> list[tuple[int, str]]:
    """Line and element of every kept piece that does not close what it opens, and nothing else: who reads a
    template could not see where an element ends."""
    found = []
    for piece in KEPT.finditer(html):
        opened: list[str] = []
        for closing, element, itself in ELEMENTS.findall(TAGS.sub(_blank, piece[1])):
            if closing and (not opened or opened.pop() != element):
                opened = [element]
                break
            if not closing and not itself and element not in VOID:
                opened.append(element)
        found += [(html.count("\n", 0, piece.start()) + 1, element) for element in opened[-1:]]
    return found


def _blank(match: re.Match[str]) -> str:
    # A tag stands for a word inside quotes (src="{% static … %}") and for a space between attributes.
    return re.sub(r"[^\n]", "\x01", match[0]) if match[0].startswith("{") else re.sub(r"[^\n]", " ", match[0])


def unlisted(vendor: Path) -> list[str]:
    """Vendored files that the list of versions and licences does not name."""
    listed = (vendor / "README.md").read_text(encoding="utf-8")
    names = sorted(p.relative_to(vendor).as_posix() for p in vendor.rglob("*") if p.is_file())
    missing = [n for n in names if n != "README.md" and f"`{n}`" not in listed]
    named = re.findall(r"`([^`/ ]+\.LICENSE\.txt)`", listed)
    gone = sorted(set(named) - set(names))
    return [
        f"static/vendor/{n}: not listed in static/vendor/README.md with its version and licence"
        for n in missing
    ] + [f"static/vendor/README.md names {n}, which is not there" for n in gone]


def overlooked(base: Path, directions: list[str]) -> list[str]:
    """Directions that a tool's list leaves out: where some are named, all have to be."""
    named = [
        ("pyproject.toml", found) for found in _lists(tomllib.loads((base / "pyproject.toml").read_text()))
    ]
    for name in ("pytest.ini", "Makefile"):
        lines = (base / name).read_text(encoding="utf-8").splitlines()
        named += [(name, re.findall(r"[\w.]+", line)) for line in lines]
    return [
        f"{name}: a list names {' and '.join(there)}, but not {', '.join(missing)}"
        for name, words in named
        if len(there := [one for one in directions if one in words]) > 1
        and (missing := [one for one in directions if one not in words])
    ]


def _lists(value: Any) -> Iterator[list[Any]]:
    """Every list in a TOML file, however deep."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, list):
        yield value
    for item in inner:
        yield from _lists(item)
