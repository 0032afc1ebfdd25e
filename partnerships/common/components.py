"""Components that pages repeat line by line, drawn in Python: a template works each piece of a line out anew,
which for a history costs more than reading it. The tags stand in templatetags/ui.py."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from partnerships.common.addresses import kept_address
from partnerships.common.capped import counted
from partnerships.common.export import NAMES
from partnerships.common.markup import OPEN, kept_markup, markup, text
from partnerships.common.paging import SIZES

EMPTY = SafeString("")
# The token that Django asks a form for, as {% csrf_token %} writes it.
_TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'  # noqa: S105


@dataclass(frozen=True)
class Pill:
    """One way to narrow a list, with how many it leaves; `more` than were counted."""

    label: Any
    count: int
    more: bool
    url: str
    on: bool


def pills(shown: Iterable[Pill]) -> SafeString:
    way = '<a href="{}"{}>{} <span class="num">· {}</span></a>'
    return SafeString(
        "\n".join(
            markup(way, one.url, _CHOSEN if one.on else EMPTY, one.label, counted(one.count, one.more))
            for one in shown
        )
    )


def head(columns: Iterable[Any]) -> SafeString:
    """The head of a table that common/tables.py draws; a column of css "pick" has the tick for all rows."""
    found = []
    for column in columns:
        if column.css == "pick":
            found.append(markup(_PICK_ALL, _("Choose all on this page")))
        else:
            found.append(markup(_UNSAID if column.unsaid else _SAID, column.label))
    return SafeString(f"<tr>{''.join(found)}</tr>")


_CHOSEN = SafeString(' class="on" aria-current="true"')
_SAID = '<th scope="col">{}</th>'
_UNSAID = '<th scope="col"><span class="visually-hidden">{}</span></th>'
_PICK_ALL = (
    '<th class="pick" scope="col"><input type="checkbox" class="form-check-input needs-js" data-bulk-all'
    ' aria-label="{}"></th>'
)


def download(to: str, mine: str, icon: Callable[[str], SafeString]) -> SafeString:
    """The menu that takes a list away. `to`: its address as a table, to which the format is put; `mine`: that
    of what the reader took away."""
    return _download(icon)(to, to, mine)


@kept_markup
def _download(icon: Callable[[str], SafeString]) -> SafeString:
    return markup(
        '<details class="drop download"><summary class="btn btn-quiet">{} {} {}</summary>'
        '<div class="drop-menu">'
        '<a href="{}format=xlsx">{} {}</a><a href="{}format=csv">{} {}</a><hr>'
        '<a href="{}">{} {}</a></div></details>',
        *(icon("download"), _("Download"), icon("chevron-down")),
        *(OPEN, icon("file-earmark-spreadsheet"), NAMES["xlsx"]),
        *(OPEN, icon("file-earmark-text"), NAMES["csv"]),
        *(OPEN, icon("clock"), _("My exports")),
    )


def pager(page: Any, here: str, token: Any, arrow: Callable[[str], SafeString]) -> SafeString:
    """What stands below a list: how many there are, how many rows a page (`common.paging.page_links` says
    whether that can be chosen), the pages before and after.

    here   the path of the list, to which a choice leads back
    token  what the form of the choice proves itself by
    """
    before, after, size = page.get("previous_url"), page.get("next_url"), page.get("size")
    if not (before or after or size or page.get("summary")):
        return EMPTY
    sizes = (kept_address("set_page_size"), token, f"{here}{page['first_url']}") if size else ()
    draw = _pager(arrow, int(size or 0), bool(before), bool(after))
    return draw(page.get("summary") or "", *sizes, *(way for way in (before, after) if way))


@kept_markup
def _pager(arrow: Callable[[str], SafeString], size: int, before: bool, after: bool) -> SafeString:
    way = '\n<a class="btn btn-quiet btn-sm" rel="{}" href="{}">{}</a>'
    left = markup("{} {}", arrow("chevron-left"), _("Previous"))
    right = markup("{} {}", _("Next"), arrow("chevron-right"))
    return markup(
        '<nav class="pager" aria-label="{}"><span class="sum num">{}</span>{}{}{}</nav>',
        _("Pages"),
        OPEN,
        _sizes(size) if size else EMPTY,
        markup(way, "prev", OPEN, left) if before else EMPTY,
        markup(way, "next", OPEN, right) if after else EMPTY,
    )


def _sizes(chosen: int) -> SafeString:
    """Buttons of a form: it works without scripts, and reading a list changes nothing."""
    buttons = [
        markup(
            '<button name="size" value="{}"{}>{}</button>',
            size,
            SafeString(' aria-current="true"') if size == chosen else EMPTY,
            size,
        )
        for size in SIZES
    ]
    return markup(
        '\n<form class="sizes" method="post" action="{}" aria-label="{}">{}'
        '<input type="hidden" name="next" value="{}"><span aria-hidden="true">{}</span>{}</form>',
        OPEN,
        _("Rows a page"),
        markup(_TOKEN, OPEN),
        OPEN,
        pgettext("of a page", "Rows:"),
        SafeString("".join(buttons)),
    )


def steps(shown: Iterable[Any]) -> SafeString:
    """The way so far and ahead, a list that scrolls on a phone."""
    lines = []
    for step in shown:
        done = EMPTY
        if step.state == "done":
            done = markup('<span class="visually-hidden">{}</span>', _("(done)"))
        css = markup(' class="{}"', step.state) if step.state else EMPTY
        now = SafeString(' aria-current="step"') if step.state == "now" else EMPTY
        lines.append(markup("<li{}{}>{}{}</li>", css, now, step.label, done))
    return markup(
        '<ol class="steps" aria-label="{}" tabindex="0">{}</ol>',
        _("The way so far and ahead"),
        SafeString("\n".join(lines)),
    )


def timeline(entries: Iterable[Any], short: Any) -> SafeString:
    """A history; `short` writes a moment."""
    lines = SafeString("\n".join(_entry(one, short) for one in entries))
    return markup('<ol class="timeline">{}</ol>', lines)


def _entry(entry: Any, short: Any) -> SafeString:
    # Some are dictionaries, and what an entry lacks it does not name.
    told = entry.get if isinstance(entry, dict) else lambda name: getattr(entry, name, None)
    at, who, note, detail = told("at"), told("who") or "", told("note"), told("detail")
    when: list[str] = []
    if at:
        moment = timezone.localtime(at).isoformat()
        when.append(markup('<time datetime="{}">{}</time>', moment, short(at)))
    if who:
        when.append(text(who))
    return markup(
        "<li{}>{}{}{}{}</li>",
        SafeString(' class="now"') if told("now") else EMPTY,
        markup("<b>{}</b>" if told("now") else "{}", told("label")),
        markup(": <b>{}</b>", detail) if detail else EMPTY,
        markup(' <span class="when">{}</span>', SafeString(" · ".join(when))) if when else EMPTY,
        markup(" <blockquote>{}</blockquote>", note) if note else EMPTY,
    )
