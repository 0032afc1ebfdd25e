"""The talks of a day as their page draws them, and what the whole day is made of."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from internships import talks
from internships.enums import InterviewState, Recommendation
from internships.models import Interview
from internships.workflow import INTERVIEW
from partnerships.common.addresses import addresses
from partnerships.common.markup import markup, saying
from partnerships.common.paging import narrowing
from partnerships.common.tables import Column, page_column, somebody
from partnerships.common.templatetags.figures import baku_date, baku_time
from partnerships.common.templatetags.ui import chip, icon
from partnerships.directory.access import is_system
from partnerships.directory.models import Person
from partnerships.workflow.engine import Available

KINDS = {InterviewState.SCHEDULED: "on", InterviewState.HELD: "good"}
# The page of a talk is that of its application.
TO_THE_APPLICATION = "internships:application"


def columns(user: Any) -> list[Column]:
    """What a line says; what is the same in every one (words, addresses, chips) is made once for all."""
    return [
        page_column(_("Time"), _hours, "num nowrap", bare=True),
        page_column(_("Candidate"), _candidate(), bare=True),
        page_column(_("Where"), _where()),
        page_column(_("Interviewer"), lambda talk: talk.interviewer.name),
        page_column(_("State"), _state()),
        page_column(_("Action"), _verbs(user), unsaid=True),
    ]


def _hours(talk: Interview) -> SafeString:
    return markup("{}–{}", baku_time(talk.starts), baku_time(talk.ends))


def _candidate() -> Callable[[Interview], SafeString]:
    address = addresses(TO_THE_APPLICATION)

    def draw(talk: Interview) -> SafeString:
        university = talk.application.university
        return somebody(
            address(talk.application.uid), talk.candidate.name, university.short_name if university else ""
        )

    return draw


def _where() -> Callable[[Interview], SafeString]:
    english, online = (get_language() or "az").startswith("en"), _("Online meeting")

    def draw(talk: Interview) -> SafeString:
        place = talk.place_en if english and talk.place_en else talk.place
        if not talk.link:
            return markup("<span>{}</span>", place)
        line = SafeString("<br>") if place else ""
        return markup('<span>{}{}<a href="{}" rel="noopener">{}</a></span>', place, line, talk.link, online)

    return draw


def _state() -> Callable[[Interview], SafeString]:
    known: dict[tuple[str, str], SafeString] = {}

    def draw(talk: Interview) -> SafeString:
        key = talk.state, talk.recommendation
        if key not in known:
            state = InterviewState(talk.state)
            advice = ""
            if talk.recommendation:
                words = Recommendation(talk.recommendation).label
                advice = markup('<br><span class="small muted">{}</span>', words)
            known[key] = markup("<span>{}{}</span>", chip(state.label, KINDS.get(state, "")), advice)
        return known[key]

    return draw


def _verbs(user: Any) -> Callable[[Interview], SafeString]:
    """What can be done with a talk. Those with which the same can be done have one menu, drawn once with
    nobody's key in its addresses."""
    menus: dict[Any, tuple[list[Available], str]] = {}
    aloud = saying(_("What to do: %(name)s"))
    form = '<details class="drop"><summary class="btn btn-quiet btn-sm" aria-label="{}">{}'
    summary = markup('{} {}</summary><div class="drop-menu">', _("What to do"), icon("chevron-down"))

    def draw(talk: Interview) -> SafeString:
        verbs = INTERVIEW.available(talk, user, _OFFERED)
        if not verbs:
            return SafeString("")
        # By the refusals themselves, which are kept beside: to compare their words is to translate them.
        key = tuple([(one.name, id(one.refusal)) for one in verbs])
        if key not in menus:
            menus[key] = verbs, f"{summary}{''.join(map(_verb, verbs))}</div></details>"
        menu = menus[key][1].replace(_NOBODY, str(talk.uid))
        return SafeString(form.format(aloud(talk.candidate.name), menu))

    return draw


_NOBODY = str(UUID(int=0))
# Without what the clock alone does, of which nobody need be asked.
_OFFERED = tuple(name for name, one in INTERVIEW.transitions.items() if one.allowed is not is_system)


def _verb(found: Available) -> SafeString:
    """A line of the menu of a talk that has nobody's key."""
    if found.refusal:
        form = '<span class="small muted d-block px-2 py-1">{}: {}</span>'
        return markup(form, found.label, found.refusal)
    return markup('<a href="{}">{}</a>', addresses("internships:interview", found.name)(_NOBODY), found.label)


# The day as a whole ---------------------------------------------------------------------------------
_ON = SafeString(' class="on" aria-current="true"')


def to_day(params: QueryDict) -> Callable[[str], str]:
    """day -> its address. Hour and interviewer narrow one day; whatever else was asked for stays."""
    kept = params.copy()
    for name in ("hour", "who"):
        kept.pop(name, None)
    return narrowing(kept, "day")


def days(found: Iterable[tuple[date, int]], shown: date, params: QueryDict) -> SafeString:
    """The days on which there are talks, each leading there."""
    to = to_day(params)
    return SafeString(
        "".join(
            markup(
                '<a href="{}"{}>{} <span class="num">· {}{}</span></a>\n',
                to(day.isoformat()),
                _ON if day == shown else "",
                baku_date(day),
                min(count, talks.MANY),
                "+" if count > talks.MANY else "",
            )
            for day, count in found
        )
    )


def hours(found: talks.Talks, params: QueryDict, narrowed: talks.Narrowed) -> SafeString:
    """The hours of the day with how many begin in each, which narrow the list, and all of them."""
    to = narrowing(params, "hour")
    offered = [("", _("All hours"), found.total), *((str(h), f"{h:02}:00", n) for h, n in found.hours)]
    chosen = "" if narrowed.hour is None else str(narrowed.hour)
    return SafeString(
        "".join(
            markup(
                '<a href="{}"{}><span class="num">{} · {}</span></a>\n',
                to(value),
                _ON if value == chosen else "",
                label,
                count,
            )
            for value, label, count in offered
        )
    )


def people(found: Iterable[Person], narrowed: talks.Narrowed) -> SafeString:
    """Those who hold the talks, as the choices of a drop-down."""
    chosen = SafeString(" selected")
    return SafeString(
        "".join(
            markup(
                '<option value="{}"{}>{}</option>',
                person.uid,
                chosen if person.uid == narrowed.who else "",
                person.name,
            )
            for person in found
        )
    )
