"""What the page of a year draws: its years, a line for each university or enterprise, how long steps took."""

from operator import attrgetter
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from internships.numbers import pace, yearly
from partnerships.common.markup import markup
from partnerships.common.paging import narrowing
from partnerships.common.tables import NOTHING, Column, drawn, page_column
from partnerships.common.templatetags.figures import grouped

NONE = SafeString('<span class="muted">0</span>')


def year_links(params: QueryDict, years: list[int], year: int) -> SafeString:
    """A link for each year, the one that is shown marked."""
    url, here = narrowing(params, "year"), SafeString(' aria-current="true"')
    return SafeString(
        "".join(
            markup(
                '<a href="{}" class="{}"{}>{}</a>',
                url(str(one)),
                "num on" if one == year else "num",
                here if one == year else "",
                one,
            )
            for one in years
        )
    )


def table(title: str, head: str, lines: list[yearly.Line], students: str) -> dict[str, Any]:
    """A line for each university or enterprise; its numbers lead to the students behind them, for who may see
    them: with the key of a line at its end, `students` is their address."""

    def number(label: str, name: str) -> Column:
        count, form = attrgetter(name), f'<a href="{{}}&amp;group={name}">{{}}</a>'

        def show(row: tuple[yearly.Line, SafeString]) -> SafeString:
            if not (value := count(row[0])):
                return NONE
            words = grouped(value)  # figures alone: nothing to escape
            return SafeString(form.format(row[1], words) if row[1] else words)

        return page_column(label, show, "num")

    def called(row: tuple[yearly.Line, SafeString]) -> SafeString:
        line, url = row
        return (
            markup('<a class="name" href="{}">{}</a>', url, line.label) if url else markup("{}", line.label)
        )

    def mean(row: tuple[yearly.Line, SafeString]) -> SafeString:
        found = row[0].mean
        return NOTHING if found is None else SafeString(grouped(found, 1))

    columns = [
        page_column(head, called, bare=True),
        page_column(_("Practices"), lambda row: SafeString(f"<b>{grouped(row[0].opened)}</b>"), "num"),
        number(_("Under way"), "underway"),
        number(_("Assessed"), "assessed"),
        number(_("Broken off"), "broken_off"),
        page_column(_("Mean mark"), mean, "num"),
        number(_("Talent pool"), "pool"),
        number(_("Hired"), "hired"),
    ]
    rows = [(line, markup("{}{}", students, line.key) if students and line.key else "") for line in lines]
    return {"title": title, "columns": columns, "body": drawn(rows, columns)} if lines else {}


def paces(steps: list[pace.Step]) -> SafeString:
    """The rows of the table of steps."""

    def days(label: str, name: str, form: str = "{}") -> Column:
        """A number of days, or none."""
        of = attrgetter(name)

        def show(step: pace.Step) -> SafeString:
            value = of(step.pace)
            return NOTHING if value is None else markup(form, grouped(value, 1))

        return page_column(label, show, "num")

    def waiting(step: pace.Step) -> SafeString:
        words = grouped(step.pace.waiting)
        return markup('<a href="{}">{}</a>', step.url, words) if step.url else markup("{}", words)

    columns = [
        page_column("", lambda step: markup("{}", step.label), bare=True),
        page_column(_("Finished"), lambda step: markup("{}", grouped(step.pace.left)), "num"),
        days(_("Half took at most"), "median", "<b>{}</b>"),
        days(_("Nine of ten took at most"), "slow"),
        page_column(_("Waiting now"), waiting, "num"),
        days(_("Waits longest"), "longest"),
    ]
    return drawn(steps, columns)
