"""Long texts that people write: a small safe Markdown, drawn as HTML."""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Headings, lists, emphasis, line breaks: no links, pictures, HTML or code.
MARKDOWN = MarkdownIt("zero").enable(["heading", "list", "hr", "emphasis", "newline", "escape"])
_TAGS = {"h1", "h2", "h3", "h4", "p", "ol", "ul", "li", "strong", "em", "br", "hr"}
_MARKED = re.compile(r"(?:#{1,6}|[-*+]|\d+[.)])\s")
_LARGEST = re.compile(r"^#(?=\s)", re.MULTILINE)
_HEADING = 60  # letters of a line that stands alone


def to_html(text: str) -> SafeString:
    """The text as the page shows it; only headings, paragraphs, lists and emphasis can come out."""
    return mark_safe(nh3.clean(MARKDOWN.render(text or ""), tags=_TAGS, attributes={}))


def with_headings(text: str) -> str:
    """Markdown of a text whose title stands above it: a short line between empty ones is a heading without a
    mark too, and no heading is as large as the title."""
    # A browser ends the lines of what was typed with two signs.
    lines = _LARGEST.sub("##", text.replace("\r\n", "\n"))
    parts = [part.strip() for part in lines.split("\n\n") if part.strip()]
    return "\n\n".join(f"## {part}" if _heads(part) else part for part in parts)


def _heads(part: str) -> bool:
    alone = "\n" not in part and len(part) < _HEADING and part[-1] not in ".;:!?…"
    return alone and not _MARKED.match(part)
