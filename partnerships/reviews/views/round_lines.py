"""The page of a round: what a row of its table and a line of its members say, and how they are drawn."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from partnerships.common.addresses import kept_address
from partnerships.common.markup import markup, text
from partnerships.common.narrow_form import options_chosen
from partnerships.common.tables import NOTHING, Column, alike, page_column
from partnerships.common.templatetags.figures import grouped
from partnerships.common.templatetags.ui import chip
from partnerships.reviews import reports
from partnerships.reviews.enums import Phase
from partnerships.reviews.models import ReviewRound
from partnerships.reviews.whole_round import Load, Row

NOBODY = "00000000-0000-0000-0000-000000000000"
# A round that stands in where addresses are worked out: as `addresses`, for those with more than one uid.
_SOME = "00000000-0000-0000-0000-000000000001"


def _to(name: str, uid: Any, *more: str) -> str:
    """An address of this round."""
    return kept_address(f"reviews:{name}", _SOME, *more).replace(_SOME, str(uid))


def ways_of(found: ReviewRound) -> dict[str, str]:
    """Where the page of a round leads."""
    return {name: _to(name, found.uid) for name in ("import", "change", "assign_all", "members")}


def way_of_act(found: ReviewRound, verb: str) -> str:
    """To the page of a phase verb."""
    return _to("round_act", found.uid, verb)


def columns(found: ReviewRound, user: Any, *, chair: bool, scores: bool) -> list[Column]:
    """The columns of the table as this reader may read them: without `scores` nobody's marks, and where items
    have no names for them, their codes."""
    kind, named = found.reviewed, reports.names_items(user, found)
    before, after = _to("item", found.uid, NOBODY).split(NOBODY)
    gone, lacking, dropped = (
        _("no longer up for review"),
        _("%(n)s lacking"),
        _("said no or in conflict: %(n)s"),
    )
    language = get_language() or ""

    def item(row: Row) -> SafeString:
        name, detail = (kind.name(row.item), kind.detail(row.item)) if named else (kind.code(row.item), "")
        return markup(
            '<span><a class="name" href="{}" dir="auto">{}</a>{}{}</span>',
            f"{before}{row.item.uid}{after}",
            name,
            markup('<span class="small muted d-block of-whom">{}</span>', detail) if detail else "",
            "" if row.standing else markup('<span class="small muted d-block">{}</span>', gone),
        )

    def mean(row: Row) -> SafeString:
        return _marks(row.result, language)[0]

    def spread(row: Row) -> SafeString:
        return _marks(row.result, language)[1]

    def handed_in(row: Row) -> SafeString:
        result, refused = row.result, ""
        if chair and row.dropped:
            refused = markup('<span class="small muted d-block">{}</span>', dropped % {"n": row.dropped})
        return markup(
            "<span>{}{}{}{}</span>",
            f"{result.given} / " if scores else "",
            result.asked,
            markup(" {}", chip(lacking % {"n": row.lacking}, "move")) if row.lacking else "",
            refused,
        )

    marks = [page_column(_("Mean"), mean, "num"), page_column(_("Spread"), spread)] if scores else []
    return [
        *([page_column(_("Rank"), lambda row: markup("{}", row.rank or "–"), "num")] if scores else []),
        page_column(_("Candidate"), item, bare=True),
        *marks,
        page_column(_("Handed in"), alike(_handed_in_of, handed_in), "num"),
    ]


def _handed_in_of(row: Row) -> tuple[int, ...]:
    """What its cell says."""
    return row.result.given, row.result.asked, row.lacking, row.dropped


@lru_cache(4096)
def _marks(result: reports.Result, _language: str) -> tuple[SafeString, SafeString]:
    """The mean and the spread of marks, as their columns draw them. Tables have the same few marks on a short
    scale again and again."""
    deviation = result.spread
    mean = spread = NOTHING
    if result.given:
        middle = _("median %(median)s") % {"median": grouped(result.median, 2)}
        form = '<span><b>{}</b><span class="small muted d-block nowrap">{}</span></span>'
        mean = markup(form, grouped(result.mean, 2), middle)
    if deviation is not None:
        differ = markup(" {}", chip(_("differ"), "bad")) if result.differ else ""
        form = '{} <span class="num">±{}</span>{}'
        spread = markup(form, _dots(result), grouped(deviation, 2), differ)
    return mean, markup('<span class="spread">{}</span>', spread)


def order_drawn(offered: list[tuple[str, str]], order: str) -> SafeString:
    """The drop-down of the orders."""
    inside = options_chosen(offered, order)
    return markup('<select id="list-sort" name="sort" aria-label="{}">{}</select>', _("Order"), inside)


def _dots(result: reports.Result) -> SafeString:
    """Each mark on the scale."""
    places = (round(float(score) / result.top * 100) for score in result.scores)
    dots = "".join(f'<circle cx="{place}" cy="6" r="3.5"/>' for place in places)
    form = (
        '<svg class="dots" viewBox="-4 0 108 12" aria-hidden="true"><line x1="0" y1="6" x2="100" y2="6"/>{}'
        "</svg>"
    )
    return markup(form, SafeString(dots))


def members(found: ReviewRound, loads: Iterable[Load]) -> SafeString:
    """Who reviews, how much of it is done, and what the chair can change while the round is open."""
    words = {
        "out": pgettext("of a round", "out"),
        "most": _("at most %(most)s"),
        "dropped": _("said no or in conflict: %(n)s"),
    }
    to = _to("member", found.uid, NOBODY, "verb").removesuffix("verb/")

    def links(*verbs: tuple[str, str]) -> str:
        """Of whoever takes the place of nobody."""
        return " · ".join(markup('<a href="{}{}/">{}</a>', to, verb, label) for verb, label in verbs)

    inside = links(("cap", _("Limit")), ("leave", _("Let out")))
    outside = links(("join", _("Let in again")))

    def line(load: Load) -> str:
        member, said = load.member, []
        if member.most is not None:
            said.append(text(words["most"] % {"most": member.most}))
        if load.declined:
            said.append(text(words["dropped"] % {"n": load.declined}))
        if found.state != Phase.CLOSED:
            said.append((inside if member.active else outside).replace(NOBODY, str(member.uid)))
        name = text(member.person.name)
        first = _bar(load, name) if member.active else _OUT.format(name, text(words["out"]))
        return (
            f'<div>{first}<span class="small muted d-block num under-bar">{" · ".join(said)}</span></div>\n'
        )

    return SafeString("".join(map(line, loads)))


_OUT = '<span class="muted" dir="auto">{} · {}</span>'


def _bar(load: Load, name: str) -> str:
    """As the component of this name; `name` is escaped."""
    numbers = f"{grouped(load.done)}/{grouped(load.asked)}"
    return (
        f'<div class="bar-item d-internships"><div class="bar-row"><span>{name}</span>'
        f'<span class="num muted">{numbers}</span></div><progress class="bar" max="{max(load.asked, 1)}"'
        f' value="{load.done}" aria-label="{name}">{numbers}</progress></div>'
    )
