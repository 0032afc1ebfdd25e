"""What the calendar draws many times over: the fields of a month, and its days as a list for a phone."""

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString

from partnerships.common.direction import Entry
from partnerships.common.markup import markup, text
from partnerships.common.templatetags.figures import baku_hour, baku_time


def month_rows(weeks: Iterable[Iterable[Any]]) -> SafeString:
    """The weeks of a month, a `tr` each (`calendar.Day` as its fields)."""
    drawn = []
    for week in weeks:
        drawn.append("<tr>")
        for day in week:
            css = f"{'' if day.inside else 'outside'}{' today' if day.today else ''}"
            now = ' aria-current="date"' if day.today else ""
            drawn.append(f'<td class="{css}"><span class="day num"{now}>{day.date.day}</span>')
            drawn += [_happening(entry) for entry in day.shown]
            if more := day.more:
                to, words = f"?day={day.date.isoformat()}", text(more)
                drawn.append(
                    f'<a class="happening" href="{to}" aria-label="{text(day.label)}: {words}">{words}</a>'
                )
            drawn.append("</td>")
        drawn.append("</tr>\n")
    return SafeString("".join(drawn))


def _happening(entry: Entry) -> str:
    inside = f'<span class="num">{baku_hour(entry.starts)}</span> {text(entry.title)}'
    if entry.url:
        return f'<a class="happening {entry.css}" href="{text(entry.url)}">{inside}</a>'
    return f'<span class="happening {entry.css}">{inside}</span>'


def month_days(days: Iterable[Any]) -> SafeString:
    """The days on which something happens."""
    drawn = []
    for day in days:
        lines = [_line(entry) for entry in day.shown]
        if more := day.more:
            lines.append(
                markup(
                    '<a class="todo" href="?day={}"><i class="dot" aria-hidden="true"></i>'
                    '<span class="what">{}</span></a>',
                    day.date.isoformat(),
                    more,
                )
            )
        drawn.append(markup("<section><h2>{}</h2>{}</section>\n", day.label, SafeString("".join(lines))))
    return SafeString("".join(drawn))


def _line(entry: Entry) -> str:
    place = markup("<small>{}</small>", entry.place) if entry.place else ""
    to = markup(' href="{}"', entry.url) if entry.url else ""
    ends = f"–{baku_time(entry.ends)}" if entry.ends else ""
    return (
        f'<a class="todo {entry.css}"{to}><i class="dot" aria-hidden="true"></i>'
        f'<span class="what"><b>{text(entry.title)}</b>{place}</span>'
        f'<span class="due num">{baku_hour(entry.starts)}{ends}</span></a>'
    )
