"""Tables of lists: what a column is, and the rows of a page drawn in one go.

A list of fifty rows is some two thousand pieces of template, of which each costs as much as a whole cell does
here; so what stands in a cell is worked out and drawn in Python, and the template draws what stands around
the rows. Everything is escaped that is not a `SafeString` already. Docs: docs/pages.md.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from partnerships.common.markup import markup
from partnerships.common.templatetags.ui import cell
from partnerships.common.text import initials


@dataclass(frozen=True)
class Column:
    """A column, on the page and in the table that is taken away.

    value  row -> text, day, moment or number; `show`: the same as the page draws it, a chip for instance
    only   "page" or "table" for what stands on one of them alone
    css    classes of its cells
    bare   without its label on a phone, where a row is a card: what says by itself what it is
    unsaid its heading is for readers of the screen alone: a column of buttons
    """

    label: Any
    value: Callable[[Any], Any]
    show: Callable[[Any], Any] | None = None
    width: int = 24
    only: str = ""
    css: str = ""
    bare: bool = False
    unsaid: bool = False


def page_column(
    label: Any, show: Callable[[Any], Any], css: str = "", *, bare: bool = False, unsaid: bool = False
) -> Column:
    """A column that stands on the page alone."""
    return Column(label, show, show, only="page", css=css, bare=bare or unsaid, unsaid=unsaid)


def drawn(rows: Iterable[Any], columns: Sequence[Column]) -> SafeString:
    """The rows of a `table.list`, one `tr` for each; cards on a phone."""
    cells = [(_opening(column), column.show or column.value) for column in columns]
    found: list[str] = []
    for row in rows:
        found.append("<tr>")
        for opening, show in cells:
            value = show(row)
            # Joined as they are: to put a `SafeString` into a form calls it once more.
            found += opening, value if type(value) is SafeString else cell(value), "</td>"
        found.append("</tr>\n")
    return SafeString("".join(found))


def _opening(column: Column) -> SafeString:
    label = SafeString() if column.bare else markup(' data-label="{}"', column.label)
    css = markup(' class="{}"', column.css) if column.css else SafeString()
    return markup("<td{}{}>", css, label)


def alike(key: Callable[[Any], Any], show: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`show` of a row, drawn once for all rows of a page that have the same key: made anew for each page."""
    known: dict[Any, Any] = {}

    def drawn_once(row: Any) -> Any:
        found = key(row)
        if found not in known:
            known[found] = show(row)
        return known[found]

    return drawn_once


# What stands in a cell ----------------------------------------------------------------------------------
NOTHING = SafeString('<span class="muted">–</span>')


def named(url: str, name: Any, under: Any = "") -> SafeString:
    """The name that leads to the row, and a small line below it; plain where nothing stands behind it."""
    below = markup('<span class="small muted d-block" dir="auto">{}</span>', under) if under else ""
    if not url:
        return markup('<span><b dir="auto">{}</b>{}</span>', name, below)
    return markup('<span><a class="name" href="{}" dir="auto">{}</a>{}</span>', url, name, below)


def somebody(url: str, name: str, under: Any = "") -> SafeString:
    """A person: face, the name that leads to the row, a small line below it."""
    return markup(
        '<span class="who"><span class="face" aria-hidden="true">{}</span><span><a class="name" href="{}"'
        ' dir="auto">{}</a><span class="small muted d-block" dir="auto">{}</span></span></span>',
        initials(name),
        url,
        name,
        under,
    )


def twofold(first: Any, under: Any = "") -> SafeString:
    """A line and a small one below it."""
    if not under:
        return markup("<span>{}</span>", first)
    return markup('<span>{}<span class="small muted d-block">{}</span></span>', first, under)
