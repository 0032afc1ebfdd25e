"""The columns of the board, drawn in Python: as a template they cost what half of the cards do."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from internships import board as boards
from internships.views.board_cards import Card
from partnerships.common.capped import counted
from partnerships.common.markup import OPEN, kept_markup, markup
from partnerships.common.templatetags.figures import grouped
from partnerships.common.templatetags.ui import icon

EMPTY = SafeString()


@dataclass
class Column:
    """A column as it is drawn: `more` leads to more of it, `before` and `after` to its other pages."""

    lane: boards.Lane
    part: boards.Part
    cards: list[Card]
    drawn: SafeString
    more: str = ""
    further: SafeString = field(default_factory=SafeString)  # the same as it is drawn
    before: str = ""
    after: str = ""

    @property
    def first(self) -> int:
        return (self.part.page - 1) * boards.SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.cards) - 1

    @property
    def counted(self) -> str:
        return counted(self.part.count, self.part.more)


def lanes(columns: Iterable[Column]) -> SafeString:
    """All of them, side by side."""
    return _lanes()(SafeString("\n".join(map(_lane, columns))))


@kept_markup
def _lanes() -> SafeString:
    form = '<div class="lanes" role="region" tabindex="0" aria-label="{}">\n{}\n</div>'
    return markup(form, _("Applications by stage"), OPEN)


def _lane(column: Column) -> SafeString:
    none = EMPTY if column.cards else _nobody()()
    pages = _pages(column) if column.before or column.after else EMPTY
    return _around(column.lane.key)(column.counted, none, column.drawn, column.further or pages)


@kept_markup
def _around(key: str) -> SafeString:
    """A column but for its number, its cards and the way to more of them."""
    return markup(
        '<section class="lane" data-lane="{0}" aria-labelledby="lane-{0}">\n'
        '<h2 id="lane-{0}"><span data-lane-label>{1}</span> <span class="num">{2}</span></h2>\n'
        "{2}\n<ul data-cards>\n{2}</ul>\n{2}\n</section>",
        *(key, boards.LANES[key].label, OPEN),
    )


@kept_markup
def _nobody() -> SafeString:
    return markup('<p class="small muted lane-empty">{}</p>', _("Nobody stands here."))


def _pages(column: Column) -> SafeString:
    """To the pages before and after, with what this one shows."""
    turn = '<a class="btn btn-quiet btn-sm" href="{}" aria-label="{}">{}</a>'
    back = markup(turn, column.before, _("Previous page"), icon("chevron-left")) if column.before else EMPTY
    on = markup(turn, column.after, _("Next page"), icon("chevron-right")) if column.after else EMPTY
    return markup(
        '<nav class="lane-pages" aria-label="{}">\n{}\n'
        '<span class="small muted num">{}–{} / {}</span>\n{}\n</nav>',
        _("Pages: %(stage)s") % {"stage": column.lane.label},
        *(back, grouped(column.first), grouped(column.last), column.counted, on),
    )
