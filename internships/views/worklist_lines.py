"""The rows of the working list: what a line says to its reader, and how the page draws it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.utils.functional import cached_property  # Python's own takes a lock each time
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from internships import reports, rules
from internships.enums import ApplicationState as A
from internships.models import Application
from internships.worklist_rows import wishes
from partnerships.common.addresses import addresses, kept_address
from partnerships.common.markup import markup, saying, text
from partnerships.common.tables import NOTHING, Column, alike, page_column, somebody, twofold
from partnerships.common.templatetags.figures import (
    baku_date,
    baku_short,
    due_kind,
    grouped,
    until,
    year_of_study,
)
from partnerships.common.templatetags.ui import chip
from partnerships.reviews import reports as reviews

KINDS = {A.INTERVIEW: "on", A.OFFERED: "on", A.ACCEPTED: "good"}
# The first sending writes both moments, one just after the other.
JUST_SENT = timedelta(seconds=2)


@dataclass
class Line:
    """One row as its reader sees it."""

    application: Application
    mine: bool
    chip: str
    place: Any
    unit: Any
    more_places: int
    score: Any
    late: bool
    action: str  # decide | endorse | look
    name_of: Callable[[Any], str]  # of an organisation or a specialty
    company: bool = False  # its reader is of the company
    marked: Any = None  # what the commission gave, to whoever may see it
    again: bool = False  # sent a second time, after the university had returned it
    answers: dict[int, Any] = field(default_factory=dict)  # to the questions of the company, where asked for
    # What a row says several times.
    uid: str = field(init=False)
    name: str = field(init=False)
    name_drawn: SafeString = field(init=False)
    study: Any = field(init=False)

    def __post_init__(self) -> None:
        row = self.application
        self.uid, self.name, self.study = str(row.uid), row.person.name, row.study
        self.name_drawn = SafeString(text(self.name))

    @property
    def next_at(self) -> Any:
        """The talk that is set, else the day by which somebody moves."""
        row = self.application
        return (row.interview_at if row.state == A.INTERVIEW else None) or row.due_at

    # As the page writes it. A table of fifty is drawn from words: what a template works out, it works out
    # fifty times, and slowly.
    @property
    def comes_from(self) -> str:
        """University (to the company) or faculty, and what is studied there."""
        row, study = self.application, self.study
        if self.company:
            of = (row.university.acronym or self.name_of(row.university)) if row.university else ""
        else:
            of = self.name_of(row.unit) if row.unit else ""
        specialty = self.name_of(study.specialty) if study and study.specialty_id else ""
        return f"{of} · {specialty}" if specialty else of

    @cached_property
    def year(self) -> str:
        return _("year %(year)s") % {"year": year_of_study(self.study.year)} if self.study else ""

    @property
    def where(self) -> str:
        unit = self.name_of(self.unit) if self.unit else ""
        if not self.more_places:
            return unit
        words = ngettext("%(counter)s more choice", "%(counter)s more choices", self.more_places)
        return f"{unit} · {words % {'counter': self.more_places}}"

    @property
    def next_words(self) -> str:
        row = self.application
        if row.state == A.INTERVIEW and row.interview_at:
            return baku_short(row.interview_at)
        if not row.due_at:
            return "–"
        if self.next_kind:
            return until(row.due_at)
        if row.state == A.OFFERED:
            return _("answer: %(date)s") % {"date": baku_date(row.due_at)}
        return baku_date(row.due_at)

    @cached_property
    def next_kind(self) -> str:
        """The chip's, where the date is one to look at."""
        row = self.application
        if not row.due_at or (row.state == A.INTERVIEW and row.interview_at):
            return ""
        return "bad" if self.late else due_kind(row.due_at) if self.mine else ""


def line_of(row: Any, desk: Any) -> Line:
    company = desk.decides(row)
    # The state first: who stands in for universities without a coordinator is asked which those are.
    mine = (company and row.state == A.IN_REVIEW) or (
        row.state == A.SUBMITTED and rules.coordinates_applicant(desk.user, row)
    )
    offered, (position, named) = row.offered_vacancy_id is not None, wishes(row)
    if offered:
        position = row.offered_vacancy.position
    action = "decide" if mine and row.state == A.IN_REVIEW else "endorse" if mine else "look"
    return Line(
        row,
        mine,
        "move" if mine else KINDS.get(row.state, ""),
        desk.title_of(position) if position else "",
        position.unit if position else "",
        0 if offered else max(0, named - 1),
        row.score if company else None,
        row.due_at is not None and row.due_at < desk.now,
        action,
        desk.name_of,
        desk.company,
    )


def with_marks(lines: list[Line], commission: Any, desk: Any) -> list[Line]:
    """With the mean and spread of the commission: a query where the rows were not told (`listed_marks`)."""
    if commission is None or not lines:
        return lines
    rows = [line.application for line in lines]
    if not all(hasattr(row, "marked") for row in rows):
        found = reviews.results(commission, desk.user, [row.pk for row in rows])
        for row in rows:
            row.marked = found.get(row.pk)
    for line in lines:
        line.marked = line.application.marked
    return lines


def with_returns(lines: list[Line]) -> list[Line]:
    """With those marked that came back changed; a query only where something was sent a second time."""
    later = {
        line.application.pk: line
        for line in lines
        if line.action == "endorse"
        and line.application.state_since - line.application.submitted_at > JUST_SENT
    }
    for key in reports.returned_before(later) if later else ():
        later[key].again = True
    return lines


# As the page draws it -----------------------------------------------------------------------------------
def columns(desk: Any, commission: Any) -> list[Column]:
    """What this desk's list shows of a line; the score and the commission's marks to the company alone."""
    address = addresses("internships:application")
    found = [page_column("", _pick(), "pick", bare=True)] if desk.verbs else []
    found += [
        page_column(_("Candidate"), _candidate(address), bare=True),
        page_column(_("Place"), alike(_place_key, lambda line: twofold(line.place, line.where))),
    ]
    if desk.company:
        found.append(page_column(_("Score"), alike(lambda line: line.score, _score), "num"))
    if commission is not None:
        language = get_language()
        found.append(page_column(_("Commission"), lambda line: _given(line.marked, language), "num"))
    return [
        *found,
        page_column(_("State"), _states()),
        page_column(_("Next date"), alike(_next_key, _next), "small"),
        page_column(_("Action"), _actions(desk, address), unsaid=True),
    ]


# What many rows of a page say alike (places, years, chips, dates) is drawn once for all of them.
def _pick() -> Callable[[Line], SafeString]:
    choosing = saying(_("Choose: %(name)s"))
    return lambda line: SafeString(
        f'<input type="checkbox" class="form-check-input" name="pick" value="{line.uid}" data-bulk-one'
        f' aria-label="{choosing(line.name_drawn)}">'
    )


def _candidate(address: Callable[[Any], str]) -> Callable[[Line], SafeString]:
    def year(line: Line) -> SafeString:
        return markup(', <span class="nowrap">{}</span>', line.year) if line.year else SafeString()

    year_of = alike(lambda line: line.study.year if line.study else None, year)

    def draw(line: Line) -> SafeString:
        under = markup("{}{}", line.comes_from, year_of(line))
        return somebody(address(line.uid), line.name, under)

    return draw


def _place_key(line: Line) -> Any:
    return line.place, line.unit.pk if line.unit else None, line.more_places


def _score(line: Line) -> Any:
    return NOTHING if line.score is None else markup("{}", grouped(line.score, 0))


@lru_cache(4096)
def _given(marked: reviews.Result | None, _language: str | None) -> SafeString:
    """What the commission gave: mean, spread, how many of those asked, whether they differ much. Of few marks
    on a short scale, which lists have again and again."""
    if not marked or not marked.asked:
        return NOTHING
    if not marked.given:
        return markup('<span class="small muted">0 / {}</span>', marked.asked)
    spread = marked.spread
    of = f"{marked.given} / {marked.asked}"
    return markup(
        '<span><b>{}</b>{}<span class="small muted d-block">{}</span></span>',
        grouped(marked.mean, 1),
        "" if spread is None else f" ±{grouped(spread, 1)}",
        f"{of} · {_('differ')}" if marked.differ else of,
    )


def _states() -> Callable[[Line], SafeString]:
    language = get_language()
    return lambda line: _state(line.application.state, line.chip, line.again, language)


@lru_cache(256)
def _state(state: str, kind: str, again: bool, _language: str | None) -> SafeString:
    under = _("sent again after changes") if again else ""
    return twofold(chip(str(A(state).label), kind), under)


def _next_key(line: Line) -> Any:
    row = line.application
    return row.state, row.due_at, row.interview_at, line.mine, line.late


def _next(line: Line) -> SafeString:
    if line.next_kind:
        return chip(line.next_words, line.next_kind)
    return markup('<span class="muted nowrap">{}</span>', line.next_words)


@lru_cache(8)
def _said_of_actions(_language: str | None) -> tuple[dict[str, str], dict[str, Callable[[Any], SafeString]]]:
    """What the buttons say, and what they say to those who do not see the row around them."""
    aloud = {
        "decide": saying(_("Decide: %(name)s")),
        "endorse": saying(_("Endorse: %(name)s")),
        "look": saying(_("View: %(name)s")),
    }
    return {"decide": _("Decide"), "endorse": _("Endorse"), "look": _("View")}, aloud


def _actions(desk: Any, address: Callable[[Any], str]) -> Callable[[Line], SafeString]:
    """The one thing to do about a line; words and addresses are looked up once for all of them."""
    programme = f"programme={desk.programme.slug}&" if desk.programme else ""
    deciding = f"{kept_address('internships:decide')}?{programme}application="
    words, aloud = _said_of_actions(get_language())

    def draw(line: Line) -> SafeString:
        uid, said = line.uid, aloud[line.action](line.name_drawn)
        if line.action == "endorse":
            return markup(
                '<button class="btn btn-quiet btn-sm" name="endorse_one" value="{}"'
                ' aria-label="{}">{}</button>',
                uid,
                said,
                words["endorse"],
            )
        return markup(
            '<a class="btn btn-quiet btn-sm" href="{}" aria-label="{}">{}</a>',
            f"{deciding}{uid}" if line.action == "decide" else address(uid),
            said,
            words[line.action],
        )

    return draw
