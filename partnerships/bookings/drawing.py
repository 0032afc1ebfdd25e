"""What pages of bookings draw many times over: rows of the list, the grid of rooms, the month."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.bookings.grids import FREE, Cell, Grid, Row
from partnerships.bookings.models import Thing
from partnerships.bookings.months import Mark
from partnerships.common.addresses import addresses
from partnerships.common.markup import kept_markup, markup, text
from partnerships.common.templatetags.figures import baku_date, baku_time, weekday
from partnerships.common.wording import names_in_language

NARROW = 3  # quarters: a piece of fewer has no room for words
MARKS = 4  # of a day of the month


# Rooms by time ------------------------------------------------------------------------------------------
def grid_rows(grid: Grid, *, week: bool) -> SafeString:
    """The rows of the grid: a thing on a day each, in pieces of quarters that are alike."""
    book, things = text(_("Book: %(what)s, %(time)s")), addresses("bookings:thing")
    drawn = []
    for row in grid.rows:
        drawn.append(f'<tr><th scope="row">{_heading(row, things, week=week)}</th>')
        # Said once for the row: only the hour differs.
        before, after = (book % {"what": text(row.name), "time": "\0"}).split("\0")
        drawn += [_free(cell, before, after) if cell.kind == FREE else _piece(cell) for cell in row.cells]
        drawn.append("</tr>\n")
    return SafeString("".join(drawn))


def _heading(row: Row, things: Callable[[Any], str], *, week: bool) -> str:
    if week:
        return markup("{}<small>{}</small>", baku_date(row.day), weekday(row.day))
    under = " · ".join(part for part in (_seats(row.thing), row.detail) if part)
    return markup('<a href="{}">{}</a><small>{}</small>', things(row.thing.uid), row.name, under)


def _seats(thing: Thing) -> str:
    if not thing.capacity:
        return ""
    return ngettext("%(n)s person", "%(n)s people", thing.capacity) % {"n": thing.capacity}


def _free(cell: Cell, before: str, after: str) -> str:
    """One free piece, the way to the form; what is said of it before its hour and after, escaped."""
    cols = cell.cols
    return (
        f'<td colspan="{cols}" class="{FREE}{" narrow" if cols < NARROW else ""}">'
        f'<a href="{text(cell.url)}" aria-label="{before}{cell.begins}{after}">'
        '<span aria-hidden="true">+</span></a></td>'
    )


def _piece(cell: Cell) -> str:
    """One that cannot be had."""
    cols = cell.cols
    css = f"{cell.kind}{' asked' if cell.asked else ''}{' narrow' if cols < NARROW else ''}"
    inside = ""
    if cell.title:
        title, hours = text(cell.title), cell.hours
        if cell.url:
            inside = (
                f'<a href="{text(cell.url)}" title="{hours} {title}">'
                f'<span class="visually-hidden">{hours} </span>{title}</a>'
            )
        else:
            inside = f'<span title="{hours} {title}">{title}</span>'
    return f'<td colspan="{cols}" class="{css}">{inside}</td>'


def options(things: Iterable[Thing], chosen: Thing | None) -> SafeString:
    """The choice of a thing, for a drop-down."""
    name_of, on = names_in_language(), None if chosen is None else chosen.pk
    drawn = (
        f'<option value="{thing.uid}"{" selected" if thing.pk == on else ""}>{text(name_of(thing))}</option>'
        for thing in things
    )
    return SafeString("".join(drawn))


def grid_cards(grid: Grid, *, week: bool) -> SafeString:
    """The same for a phone: for each row what is taken and what is free, as a list; a day on which nothing
    can be had, for one reason, is a sentence."""
    things, free = addresses("bookings:thing"), _("Free:")
    reasons = {row.shut for row in grid.rows}
    if not week and len(grid.rows) > 1 and len(reasons) == 1 and "" not in reasons:
        words = _("%(reason)s: nothing can be booked here on this day.") % {"reason": reasons.pop()}
        return markup(
            '<section class="card-x"><div class="body"><p class="mb-0">{}</p></div></section>', words
        )
    late = _("It is too late to book for this day.")
    drawn = []
    for row in grid.rows:
        if week:
            head = markup("<h2>{}, {}</h2>", baku_date(row.day), weekday(row.day))
        else:
            head = markup('<h2><a href="{}">{}</a></h2>', things(row.thing.uid), row.name)
            if seats := _seats(row.thing):
                head += markup('<span class="small muted">{}</span>', seats)
        body = markup('<p class="muted mb-0">{}</p>', row.shut) if row.shut else _spans(row, free, late)
        drawn.append(
            f'<section class="card-x"><header>{head}</header><div class="body">{body}</div></section>\n'
        )
    return SafeString("".join(drawn))


def _spans(row: Row, free: str, late: str) -> str:
    drawn = [_span(cell) for cell in row.taken]
    if pieces := row.free:
        links = "".join(
            f'<a class="btn btn-quiet btn-sm num" href="{text(cell.url)}">{cell.hours}</a>' for cell in pieces
        )
        drawn.append(f'<div class="free-spans"><span class="small muted">{text(free)}</span>{links}</div>')
    elif not drawn:  # what is shut says so itself
        drawn.append(markup('<p class="muted mb-0">{}</p>', late))
    return "".join(drawn)


def _span(cell: Cell) -> str:
    """What is taken, as a line."""
    title = text(cell.title)
    inside = (
        f'<a href="{text(cell.url)}" dir="auto">{title}</a>'
        if cell.url
        else f'<span class="muted">{title}</span>'
    )
    return f'<p class="span-line"><span class="num">{cell.hours}</span> {inside}</p>'


# A month ------------------------------------------------------------------------------------------------
@kept_markup
def month_head() -> SafeString:
    """The days of the week above a month."""
    days = (
        markup('<th scope="col"><abbr title="{}">{}</abbr></th>', WEEKDAYS[n], WEEKDAYS_ABBR[n])
        for n in range(7)
    )
    return markup("<tr>{}</tr>", SafeString("".join(days)))


def month_rows(weeks: Iterable[Iterable[Any]], *, where: bool) -> SafeString:
    """The weeks of a month; `where` says the room of each booking, too."""
    everything = _("all %(n)s")
    drawn = []
    for week in weeks:
        drawn.append("<tr>")
        for square in week:
            css = f"{'' if square.inside else 'outside'}{' today' if square.today else ''}"
            now = ' aria-current="date"' if square.today else ""
            url, day = text(square.url), text(baku_date(square.date))
            drawn.append(f'<td class="{css}"><a class="day num" href="{url}" aria-label="{day}"{now}>')
            drawn.append(f"{square.date.day}</a>")
            drawn += [_happening(mark, where=where) for mark in square.marks[:MARKS]]
            if square.count > MARKS:
                drawn.append(f'<a class="small" href="{url}">{text(everything % {"n": square.count})}</a>')
            drawn.append("</td>")
        drawn.append("</tr>\n")
    return SafeString("".join(drawn))


def _happening(mark: Mark, *, where: bool) -> str:
    room = text(mark.where)
    inside = (
        f' class="happening" title="{room}"><span class="num">{baku_time(mark.starts)}</span>'
        f" {text(mark.title)}{f'<small>{room}</small>' if where else ''}"
    )
    return f'<a href="{text(mark.url)}"{inside}</a>' if mark.url else f"<span{inside}</span>"


def month_days(days: Iterable[Any]) -> SafeString:
    """The days on which something is booked, for a phone."""
    everything, drawn = _("all %(n)s"), []
    for square in days:
        day = f"{baku_date(square.date)}, {weekday(square.date)}"
        marks = [_todo(mark) for mark in square.marks]
        if square.count > len(marks):
            words = everything % {"n": square.count}
            marks.append(
                markup('<a class="todo" href="{}"><span class="what">{}</span></a>', square.url, words)
            )
        drawn.append(
            markup(
                '<section><h2><a href="{}">{}</a></h2>{}</section>\n',
                square.url,
                day,
                SafeString("".join(marks)),
            )
        )
    return SafeString("".join(drawn))


def _todo(mark: Mark) -> str:
    to = markup(' href="{}"', mark.url) if mark.url else ""
    return markup(
        '<a class="todo"{}><i class="dot" aria-hidden="true"></i><span class="what"><b dir="auto">{}</b>'
        '<small>{}</small></span><span class="due num">{}–{}</span></a>',
        to,
        mark.title,
        mark.where,
        baku_time(mark.starts),
        baku_time(mark.ends),
    )
