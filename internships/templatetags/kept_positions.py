"""The rows of positions on the page of a programme for who keeps it, drawn in Python."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.addresses import addresses
from partnerships.common.markup import markup
from partnerships.common.tables import drawn, page_column
from partnerships.common.templatetags.figures import grouped, year_of_study
from partnerships.common.templatetags.ui import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def kept_positions(context: template.Context, programme: Any, positions: Any, periods: Any) -> SafeString:
    """What students do, what is asked of them, the seats of each period, and the way to change each."""
    opens = None if programme.has_ended else addresses("internships:manage_position")
    columns = [
        page_column(gettext_lazy("Position"), lambda one: _name(one, opens), bare=True),
        page_column(gettext_lazy("Requirements"), _asked, css="small"),
        page_column(gettext_lazy("Seats taken"), _seats_of(programme, list(periods)), css="small"),
        page_column("", _removal(context) if opens else lambda _one: SafeString(), bare=True),
    ]
    return drawn(positions, columns)


def _name(position: Any, opens: Any) -> SafeString:
    if opens is None:
        title = markup("<b>{}</b>", position.title)
    else:
        title = markup('<a class="name" href="{}">{}</a>', opens(position.uid), position.title)
    mentors = ", ".join(mentor.name for mentor in position.people)
    where = f"{position.unit} · {mentors}" if mentors else str(position.unit)
    return markup('<span>{}<br><span class="small muted">{}</span></span>', title, where)


def _asked(position: Any) -> SafeString:
    lines = []
    if position.min_year > 1:
        lines.append(_("from year %(year)s") % {"year": year_of_study(position.min_year)})
    if position.min_gpa:
        lines.append(_("GPA from %(gpa)s") % {"gpa": grouped(position.min_gpa.normalize())})
    if position.citizens_only:
        lines.append(_("citizens only"))
    names = ", ".join(str(specialty) for specialty in position.asked)
    return markup("<span>{}{}</span>", names, _blocks(lines))


def _blocks(lines: Iterable[Any]) -> SafeString:
    return SafeString("".join(markup('<span class="d-block">{}</span>', line) for line in lines))


def _seats_of(programme: Any, periods: list[Any]) -> Any:
    if not periods:
        none = markup('<span><span class="muted">{}</span></span>', _("no period yet"))
        return lambda _position: none
    told = markup('{}<span class="visually-hidden">{}</span>', icon("pencil"), _("Change the seats"))

    def line(position: Any, period: Any) -> SafeString:
        seats = SafeString("".join(_taken(one) for one in position.places if one.period_id == period.pk))
        if programme.has_ended:
            return markup('<span class="d-block">{}: {}</span>', period.name, seats)
        url = reverse("internships:manage_seats", args=[position.uid, period.pk])
        return markup('<a class="d-block" href="{}">{}: {} {}</a>', url, period.name, seats, told)

    def seats(position: Any) -> SafeString:
        lines = SafeString("".join(line(position, period) for period in periods))
        return markup("<span>{}</span>", lines)

    return seats


def _taken(vacancy: Any) -> str:
    quotas = (
        markup(' · {} <span class="num">{}/{}</span>', one.organization.short_name, one.taken, one.places)
        for one in vacancy.shares
    )
    pool = vacancy.pool
    return markup('<span class="num">{}/{}</span>', pool.taken, pool.capacity) + "".join(quotas)


def _removal(context: template.Context) -> Any:
    token = markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context["csrf_token"])
    address, bin_ = addresses("internships:manage_position_remove"), icon("trash")

    def button(position: Any) -> SafeString:
        return markup(
            '<form method="post" action="{}">{}'
            '<button class="btn btn-quiet btn-sm" aria-label="{}">{}</button></form>',
            address(position.uid),
            token,
            _("Take out: %(name)s") % {"name": position.title},
            bin_,
        )

    return button
