"""The cards of the board: where each can go, and how the page draws it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from internships import board as boards
from internships import rules
from internships.enums import ApplicationState as A
from internships.models import Application
from internships.workflow import APPLICATION, INTERVIEW
from partnerships.common.addresses import addresses
from partnerships.common.markup import markup, saying, text
from partnerships.common.sharing import attached
from partnerships.common.templatetags.figures import (
    baku_date,
    baku_short,
    due_kind,
    grouped,
    until,
    year_of_study,
)
from partnerships.common.templatetags.ui import chip, icon
from partnerships.common.wording import in_language

# States in which nothing that has a date is awaited, and which the column says already.
_RESTING = (A.ACCEPTED, A.WAITLISTED)


@dataclass(frozen=True)
class Step:
    """Where a card can go: the column, the verb that leads there ("hold": of the talk), why it cannot now."""

    to: str
    label: str
    why: str = ""
    verb: str = ""

    @property
    def asks(self) -> bool:
        """It is done on a page of its own."""
        return self.verb not in boards.AT_ONCE


@cache
def _ways(state: str) -> list[tuple[str, str]]:
    """(column, the verb that leads there) of a state."""
    ways = ((lane.key, boards.verb_to(state, lane)) for lane in boards.LANES.values())
    return [(lane, verb) for lane, verb in ways if verb]


# What each verb of the company asks of its doer: of a board, whose rows are of one programme, asked once
# (`Desk.decides`).
Decides = Callable[[Any], bool]


def steps_of(
    application: Any, user: Any, decides: Decides | None = None, known: dict[Any, list[Step]] | None = None
) -> list[Step]:
    """Every column that the company can bring this card to, in the order of the board. `application` is of
    `board.read`.

    decides  `rules.decides_application` as the board knows it already
    known    what was said of cards before, of which those alike are said once
    """
    may = decides or partial(rules.decides_application, user)
    offered = {
        found.name: str(found.refusal.reason) if found.refusal else ""
        for found in APPLICATION.available(
            application, user, boards.VERBS, known={rules.decides_application: may}
        )
    }
    held = application.state == A.INTERVIEW and bool(application.talk_uid) and may(application)
    alike = application.state, held, tuple(offered.items())
    if known is None or alike not in known:
        made = _steps(application.state, offered, held=held)
        if known is None:
            return made
        known[alike] = made
    return known[alike]


def _steps(state: str, offered: dict[str, str], *, held: bool) -> list[Step]:
    """`offered`: verb -> why it cannot be done now, or nothing."""
    # An interview leads back to the decision by being written up.
    first = [Step(A.IN_REVIEW.value, str(INTERVIEW["hold"].label), verb="hold")] if held else []
    ways = [(lane, name) for lane, name in _ways(state) if name in offered]
    return first + [Step(lane, str(APPLICATION[name].label), offered[name], name) for lane, name in ways]


def page_of_step(application: Any, step: Step) -> str:
    """The address of the page on which a step is done, from where one comes back to the board."""
    if step.verb == "hold":
        return reverse("internships:interview", args=[application.talk_uid, "hold"])
    name = "internships:interview_invite" if step.verb == "invite" else "internships:decision"
    arguments = [application.uid] if step.verb == "invite" else [application.uid, step.verb]
    back = f"{reverse('internships:board')}?{urlencode({'programme': application.programme.slug})}"
    return f"{reverse(name, args=arguments)}?{urlencode({'back': back, 'seen': application.version})}"


@dataclass
class Card:
    """An application as whoever decides on it reads it on the board."""

    application: Any
    steps: list[Step]

    @property
    def position(self) -> Any:
        """Of the place that was offered, else of the first that was chosen."""
        row = self.application
        choices = () if row.offered_vacancy_id else attached(row, "choices")
        vacancy = row.offered_vacancy or (choices[0].vacancy if choices else None)
        return vacancy.position if vacancy else None

    @property
    def mine(self) -> bool:
        return _mine(self.application)


def _mine(application: Any) -> bool:
    """It is the company's move."""
    return bool(application.state == A.IN_REVIEW)


def _studies(study: Any) -> tuple[Any, ...]:
    """What a card says of them, by keys."""
    return () if study is None else (study.specialty_id, study.year)


def cards_of(rows: Iterable[Application], user: Any, decides: Decides) -> list[Card]:
    known: dict[Any, list[Step]] = {}
    return [Card(row, steps_of(row, user, decides, known)) for row in rows]


# Drawing ------------------------------------------------------------------------------------------------
_CARD = (
    '<li class="b-card{}{}" data-card="{}" data-name="{}"><div class="b-head">'
    '<a class="name" href="{}" dir="auto">{}</a>{}</div><div class="small muted">{}</div>{}'
    '<div class="b-foot">{}{}</div>{}</li>\n'
)
_MORE = '<a class="btn btn-quiet btn-sm lane-more" href="{}" aria-label="{}">{}</a>'
_GRIP = (
    '<button class="grip needs-js" type="button" id="grip-{}" data-grip aria-pressed="false"'
    ' aria-describedby="board-help" aria-label="{}">{}</button>'
)
_FORM = (
    '<form method="post" action="{0}" hx-post="{0}" hx-target="#board" hx-select="#board"'
    ' hx-select-oob="#board-said:innerHTML" hx-swap="outerHTML">'
    '<input type="hidden" name="csrfmiddlewaretoken" value="{1}">'
    '<input type="hidden" name="seen" value="{2}"><input type="hidden" name="query" value="{3}">'
    '<details class="drop"><summary class="small"'
    ' aria-label="{4}">{5} {6}</summary><div class="drop-menu">{7}</div></details></form>'
)


class Drawing:
    """Draws the cards of one board: what they have in common is worked out once."""

    def __init__(self, request: Any, query: str) -> None:
        self.token, self.query = get_token(request), query
        self.own = addresses("internships:application")
        self.move = addresses("internships:board_move")
        self.dots, self.down = icon("three-dots"), icon("chevron-down")
        self.words = {
            "year": _("year %(year)s"),
            "score": _("Score"),
        }
        # Of what each card says, escaped: its name, and what is the same on all.
        self._take, self._aloud = saying(_("Take up: %(name)s")), saying(_("Move: %(name)s"))
        self._verb, self._asked_for = text(_("Move")), text(query)
        self._further = saying(_("Show more: %(stage)s"), "stage")
        self._shorter = SafeString(escape(_("Show more")))
        self.title, self.now = in_language("title"), timezone.now()
        self._menus: dict[int, tuple[list[Step], SafeString]] = {}
        self._named: dict[tuple[Any, ...], Any] = {}

    def more(self, url: str, stage: str) -> SafeString:
        """The link to more of a column."""
        return markup(_MORE, url, self._further(stage), self._shorter)

    def cards(self, cards: Iterable[Card]) -> SafeString:
        return SafeString("".join(map(self._card, cards)))

    def _card(self, card: Card) -> str:
        """Of pieces that are escaped, each once."""
        row, position = card.application, card.position
        name, uid = SafeString(text(str(row.person.name))), str(row.uid)
        grip = form = ""
        if card.steps:
            grip = _GRIP.format(uid, self._take(name), self.dots)
            form = self._form(card, name)
        return _CARD.format(
            " mine" if card.mine else "",
            "" if card.steps else " fixed",
            uid,
            name,
            self.own(uid),
            name,
            grip,
            self._once(("study", row.university_id, *_studies(row.study)), self._study, row),
            self._once(("place", position.pk), self._place, position) if position else "",
            self._score(row),
            self._once(("next", row.state, row.interview_at, row.due_at), self._next, row),
            form,
        )

    def _form(self, card: Card, name: SafeString) -> str:
        row = card.application
        return _FORM.format(
            *(self.move(row.uid), self.token, row.version, self._asked_for),
            *(self._aloud(name), self._verb, self.down, self._menu(card.steps)),
        )

    def _menu(self, steps: list[Step]) -> SafeString:
        """The same for all cards that share their steps."""
        if id(steps) not in self._menus:
            self._menus[id(steps)] = steps, SafeString("".join(map(_button, steps)))
        return self._menus[id(steps)][1]

    def _once(self, key: tuple[Any, ...], say: Callable[[Any], Any], row: Any) -> Any:
        """What many cards say alike, said once for each key."""
        found = self._named.get(key)
        if found is None:
            found = self._named[key] = say(row)
        return found

    def _study(self, row: Any) -> SafeString:
        """University, specialty and year."""
        study, of = row.study, row.university
        line = str(of.short_name) if of else ""
        if study is None:
            return markup("{}", line)
        if study.specialty:
            line = f"{line} · {study.specialty}"
        year = self.words["year"] % {"year": year_of_study(study.year)}
        return markup('{}, <span class="nowrap">{}</span>', line, year)

    def _place(self, position: Any) -> SafeString:
        title = self.title(position)
        return markup('<div class="small b-place">{}</div>', title) if title else SafeString()

    def _score(self, row: Any) -> SafeString:
        if row.score is None:
            return SafeString()
        form = '<span class="small"><span class="visually-hidden">{}: </span><b class="num">{}</b></span>'
        return markup(form, self.words["score"], grouped(row.score, 0))

    def _next(self, row: Any) -> SafeString:
        """The talk that is set, or by when somebody moves; else how it ended."""
        if row.state == A.INTERVIEW and row.interview_at:
            return _quiet(baku_short(row.interview_at))
        if row.due_at:
            kind = "bad" if row.due_at < self.now else due_kind(row.due_at) if _mine(row) else ""
            return chip(until(row.due_at), kind) if kind else _quiet(baku_date(row.due_at))
        return SafeString() if row.state in _RESTING else chip(A(row.state).label)


def _quiet(words: str) -> SafeString:
    return markup('<span class="small muted nowrap">{}</span>', words)


def _button(step: Step) -> SafeString:
    if not step.why:
        return markup('<button name="to" value="{}">{}</button>', step.to, step.label)
    form = '<button name="to" value="{}" disabled data-why="{}">{}</button><span class="small why">{}</span>'
    return markup(form, step.to, step.why, step.label, step.why)
