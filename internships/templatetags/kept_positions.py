"""What the page of a programme shows to who keeps it, drawn in Python: its positions, its settings."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.addresses import addresses
from partnerships.common.markup import markup
from partnerships.common.tables import drawn, page_column
from partnerships.common.templatetags.figures import exact, year_of_study
from partnerships.common.templatetags.ui import icon
from partnerships.common.wording import in_language

register = template.Library()


@register.simple_tag(takes_context=True)
def kept_positions(context: template.Context, programme: Any, positions: Any, periods: Any) -> SafeString:
    """What students do, what is asked of them, the seats of each period, and the way to change each."""
    opens = None if programme.has_ended else addresses("internships:manage_position")
    columns = [
        page_column(gettext_lazy("Position"), _name(opens), bare=True),
        page_column(gettext_lazy("Requirements"), _asked, css="small"),
        page_column(gettext_lazy("Seats taken"), _seats_of(programme, list(periods)), css="small"),
        page_column("", _removal(context) if opens else lambda _one: SafeString(), bare=True),
    ]
    return drawn(positions, columns)


def _name(opens: Any) -> Any:
    title_of = in_language("title")

    def name(position: Any) -> SafeString:
        if opens is None:
            title = markup("<b>{}</b>", title_of(position))
        else:
            title = markup('<a class="name" href="{}">{}</a>', opens(position.uid), title_of(position))
        mentors = ", ".join(mentor.name for mentor in position.people)
        where = f"{position.unit} · {mentors}" if mentors else str(position.unit)
        return markup('<span>{}<br><span class="small muted">{}</span></span>', title, where)

    return name


def _asked(position: Any) -> SafeString:
    lines = []
    if position.min_year > 1:
        lines.append(_("from year %(year)s") % {"year": year_of_study(position.min_year)})
    if position.min_gpa:
        lines.append(_("GPA from %(gpa)s") % {"gpa": exact(position.min_gpa)})
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
    ended = programme.has_ended
    to = {} if ended else {one.pk: addresses("internships:manage_seats", one.pk) for one in periods}
    told = markup('{}<span class="visually-hidden">{}</span>', icon("pencil"), _("Change the seats"))

    names = {one.pk: escape(one.name) for one in periods}

    def line(position: Any, period: Any) -> str:
        seats = "".join(_taken(one) for one in position.places if one.period_id == period.pk)
        name = names[period.pk]
        if ended:
            return f'<span class="d-block">{name}: {seats}</span>'
        return f'<a class="d-block" href="{to[period.pk](position.uid)}">{name}: {seats} {told}</a>'

    def seats(position: Any) -> SafeString:
        lines = SafeString("".join(line(position, period) for period in periods))
        return markup("<span>{}</span>", lines)

    return seats


def _taken(vacancy: Any) -> str:
    pool = vacancy.pool
    numbers = f'<span class="num">{pool.taken}/{pool.capacity}</span>'
    if not vacancy.shares:
        return numbers
    quotas = (
        markup(' · {} <span class="num">{}/{}</span>', one.organization.short_name, one.taken, one.places)
        for one in vacancy.shares
    )
    return numbers + "".join(quotas)


def _removal(context: template.Context) -> Any:
    token = markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context["csrf_token"])
    address, bin_ = addresses("internships:manage_position_remove"), icon("trash")
    words, title_of = _("Take out: %(name)s"), in_language("title")

    def button(position: Any) -> SafeString:
        return markup(
            '<form method="post" action="{}">{}'
            '<button class="btn btn-quiet btn-sm" aria-label="{}">{}</button></form>',
            address(position.uid),
            token,
            words % {"name": title_of(position)},
            bin_,
        )

    return button


@register.simple_tag
def kept_settings(programme: Any) -> SafeString:
    """The facts of a programme that its form sets."""
    papers = [
        words
        for asked, words in (
            (programme.cv_required, _("CV")),
            (programme.transcript_required, _("transcript")),
        )
        if asked
    ]
    endorsed = _("the university endorses first"), _("students apply to the company directly")
    open_to = _("citizens of all countries"), _("citizens of Azerbaijan")
    facts = [
        (_("Endorsement"), endorsed[not programme.endorsement_required]),
        (_("Open to"), open_to[not programme.open_to_foreigners]),
        (_("Pay"), _pay(programme) if programme.paid else _("unpaid")),
        (_("Documents"), ", ".join(papers) or _("none")),
    ]
    numbers = [
        (_("Choices"), programme.max_choices),
        (_("Days to answer an offer"), programme.offer_days),
    ]
    lines = [markup("<dt>{}</dt><dd>{}</dd>", *fact) for fact in facts]
    lines += [markup('<dt>{}</dt><dd class="num">{}</dd>', *fact) for fact in numbers]
    return SafeString("\n".join(lines))


def _pay(programme: Any) -> SafeString:
    """What is paid, in each language in which it is written."""
    paid = markup('<span lang="az">{}</span>', programme.stipend_az)
    return (
        markup('{} · <span lang="en">{}</span>', paid, programme.stipend_en) if programme.stipend_en else paid
    )
