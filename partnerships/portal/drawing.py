"""What calendar and home draw many times over: the fields of a month, what waits, what is on."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.direction import Direction, Entry, Source, Stat, Todo
from partnerships.common.markup import markup, text
from partnerships.common.paging import narrowed
from partnerships.common.templatetags.figures import (
    baku_date,
    baku_hour,
    baku_time,
    baku_when,
    due_kind,
    until,
)
from partnerships.common.templatetags.ui import chip, icon
from partnerships.portal.gathering import name_of
from partnerships.portal.searching import Group


def found_groups(groups: Iterable[Group]) -> SafeString:
    """What a search has found, a card for each group."""
    drawn = []
    for group in groups:
        many = f"{len(group.hits)}{'+' if group.more else ''}"
        drawn.append(
            f'<section class="card-x"><header><h2>{text(group.title)}</h2>'
            f'<span class="small muted num">{many}</span></header>'
        )
        for hit in group.hits:
            detail = f"<small>{text(hit.detail)}</small>" if hit.detail else ""
            drawn.append(
                f'<a class="todo" href="{text(hit.url)}">'
                f'<span class="what"><b>{text(hit.title)}</b>{detail}</span></a>\n'
            )
        drawn.append("</section>\n")
    return SafeString("".join(drawn))


def month_head() -> SafeString:
    """The days of the week, from Monday."""
    return SafeString(
        "".join(
            markup('<th scope="col"><abbr title="{}">{}</abbr></th>', WEEKDAYS[n], WEEKDAYS_ABBR[n])
            for n in range(7)
        )
    )


def month_way(params: QueryDict, to: date, rel: str, arrow: str) -> SafeString:
    """The button that leads to the month before ("prev") or to the next."""
    name, sign = date_format(to, "F"), icon(arrow)
    return markup(
        '<a class="btn btn-quiet" rel="{}" href="{}">{} {}</a>',
        rel,
        narrowed(params, month=f"{to:%Y-%m}"),
        *((sign, name) if rel == "prev" else (name, sign)),
    )


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


# Home ---------------------------------------------------------------------------------------------------
def stats(shown: Iterable[Stat]) -> SafeString:
    """The numbers of the role, each a card; one that leads somewhere is a link."""
    drawn = []
    for one in shown:
        delta = markup(" <em>{}</em>", one.delta) if one.delta else ""
        inside = f'<b class="num">{text(one.value)}</b><span>{text(one.label)}</span>{delta}'
        if one.url:
            drawn.append(f'<a class="card-x stat" href="{text(one.url)}">{inside}</a>\n')
        else:
            drawn.append(f'<div class="card-x stat">{inside}</div>\n')
    return SafeString("".join(drawn))


def todos(shown: Iterable[Todo], uncounted: Iterable[Source] = ()) -> SafeString:
    """What waits: what it is, in whose place, and by when, marked where that is near or past. The apps whose
    own could not be counted stand below, each in a line that says so."""
    place_of = _("In place of: %(name)s")
    drawn = []
    for item in shown:
        place = f" · {text(place_of % {'name': item.place_of})}" if item.place_of else ""
        drawn.append(
            f'<a class="todo {item.css}" href="{text(item.url)}"><i class="dot" aria-hidden="true"></i>'
            f'<span class="what"><b>{text(item.title)}</b><small>{text(item.detail)}{place}</small></span>'
            f"{_due(item.due)}</a>\n"
        )
    drawn += [_not_counted(source) for source in uncounted]
    return SafeString("".join(drawn))


def _not_counted(source: Source) -> str:
    return markup(
        '<div class="todo {}" role="status"><i class="dot" aria-hidden="true"></i>'
        '<span class="what"><b>{}</b><small>{}</small></span></div>\n',
        source.css if isinstance(source, Direction) else "",
        name_of(source),
        _("What waits for you here could not be counted just now. Please look again in a few minutes."),
    )


def _due(due: date | datetime | None) -> str:
    if not due:
        return ""
    kind = due_kind(due)
    said = chip(until(due), kind) if kind else markup('<span class="muted">{}</span>', baku_date(due))
    return f'<span class="due">{said}</span>'


def happens_today(entries: Iterable[Entry]) -> SafeString:
    """What is on today, by its hour."""
    return SafeString(
        "".join(
            f'<li><b class="num">{baku_hour(entry.starts)}</b> {_led(entry)}{_when(entry.place)}</li>\n'
            for entry in entries
        )
    )


def happens_soon(entries: Iterable[Entry]) -> SafeString:
    """What comes next, with its day."""
    return SafeString(
        "".join(
            f'<li>{_led(entry)} <span class="when">{text(baku_when(entry.starts))}'
            f"{f' · {text(entry.place)}' if entry.place else ''}</span></li>\n"
            for entry in entries
        )
    )


def _when(place: str) -> str:
    return markup(' <span class="when">{}</span>', place) if place else ""


def _led(entry: Entry) -> str:
    """The title, leading to the thing where it has a page."""
    return markup('<a href="{}">{}</a>', entry.url, entry.title) if entry.url else text(entry.title)
