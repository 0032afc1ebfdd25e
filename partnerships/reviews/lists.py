"""The list of rounds: what one is to mark, and what one leads."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, Q, When
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from partnerships.common.compiled import compiled
from partnerships.common.lists import Button, ListPage, Order, Pill, state_pills
from partnerships.common.markup import markup
from partnerships.common.tables import Column, page_column, twofold
from partnerships.common.templatetags.figures import baku_short, due_kind, grouped, until
from partnerships.common.templatetags.ui import chip
from partnerships.directory.access import access_of
from partnerships.reviews import reports, rules
from partnerships.reviews.enums import Phase
from partnerships.reviews.models import Review, ReviewRound
from partnerships.reviews.source import leads_somewhere


@dataclass(frozen=True)
class Line:
    """A round as its reader sees it: what they mark in it, and, where they lead it, how far all are."""

    round: ReviewRound
    waiting: int
    done: int
    progress: reports.Progress | None
    first: bool

    def get_absolute_url(self) -> str:
        """Where its reader goes on: nowhere while a reviewer has nothing to do and nothing to see."""
        if self.progress is not None or self.round.switches.others:
            return self.round.get_absolute_url()
        return self.next_url if self.waiting else ""

    @property
    def next_url(self) -> str:
        return reverse("reviews:next", args=[self.round.uid])


def _own(user: Any) -> tuple[Any, Any]:
    """(reviews that wait for this person, those that they handed in): conditions put into words once."""
    access = access_of(user)

    def words() -> tuple[Any, Any]:
        own = Review.objects.own(user).order_by()
        return compiled(own.to_mark().values("pk")), compiled(own.counted().values("pk"))

    return access.once("own reviews", words)  # type: ignore[no-any-return]


def _of(reviews: Any) -> Any:
    """The rounds of these reviews."""
    return Review.objects.filter(pk__in=reviews).order_by().values("round_id")


def rounds(user: Any) -> Any:
    """Those that one leads and those in which one has something to mark or has marked it; `waits_by` is when
    it is due, where something waits."""
    waiting, done = _own(user)
    led = ReviewRound.objects.led_by(user).order_by().values("pk")
    mine = Q(pk__in=_of(waiting)) | Q(pk__in=_of(done))
    waits = Case(When(pk__in=_of(waiting), then=F("due")), default=None, output_field=DateTimeField())
    return ReviewRound.objects.visible_to(user).filter(mine | Q(pk__in=led)).annotate(waits_by=waits)


def to_mark(rows: Any, user: Any) -> Any:
    return rows.filter(pk__in=_of(_own(user)[0]))


def lines(rows: Iterable[ReviewRound], user: Any) -> list[Line]:
    rows = list(rows)
    waiting, done = ({} if not rows else _by_round(reviews, rows) for reviews in _own(user))
    led = [row for row in rows if rules.leads(user, row)]
    far = reports.progresses(led, user)
    keys = {row.pk for row in led}
    first = next((row.pk for row in rows if waiting.get(row.pk)), None)
    nothing = reports.Progress(0, 0)
    return [
        Line(
            row,
            waiting.get(row.pk, 0),
            done.get(row.pk, 0),
            far.get(row.pk, nothing) if row.pk in keys else None,
            row.pk == first,
        )
        for row in rows
    ]


def _by_round(reviews: Any, rows: Iterable[ReviewRound]) -> dict[int, int]:
    found = Review.objects.filter(pk__in=reviews, round_id__in=[row.pk for row in rows]).order_by()
    return dict(found.values_list("round_id").annotate(n=Count("pk")).values_list("round_id", "n"))


# Columns ------------------------------------------------------------------------------------------------
def columns() -> list[Column]:
    return [
        Column(_("Round"), lambda line: line.round.title, width=50),
        Column(_("Organisation"), lambda line: line.round.organization.display_name, width=36, only="table"),
        Column(_("Marked by"), lambda line: line.round.scale_name, width=24, only="table"),
        Column(_("Marks due by"), lambda line: line.round.due, _due, width=18),
        Column(_("State"), lambda line: line.round.get_state_display(), _state, width=18),
        page_column(_("Marks"), _handed_in, "num"),
        Column(_("I have to mark"), lambda line: line.waiting, width=14, only="table"),
        Column(_("I handed in"), lambda line: line.done, width=14, only="table"),
        Column(_("All asked for"), _asked, width=14, only="table"),
        Column(_("All handed in"), _given, width=14, only="table"),
        page_column(_("Action"), _act, unsaid=True),
    ]


def _due(line: Line) -> Any:
    """How long is left is told to whom something waits for."""
    due = line.round.due
    if not line.waiting:
        return due
    return twofold(
        markup('<span class="num nowrap">{}</span>', baku_short(due)), chip(until(due), due_kind(due))
    )


def _state(line: Line) -> SafeString:
    return chip(line.round.get_state_display(), "" if line.round.state == Phase.CLOSED else "on")


def _handed_in(line: Line) -> Any:
    """Of all that were asked for, to who leads; and what one marks oneself."""
    own = ""
    if line.waiting or line.done:
        words = _("handed in: %(done)s · to mark: %(waiting)s")
        own = words % {"done": grouped(line.done), "waiting": grouped(line.waiting)}
    if line.progress is None:
        return own
    return twofold(f"{grouped(line.progress.done)} / {grouped(line.progress.asked)}", own)


def _asked(line: Line) -> Any:
    return line.progress.asked if line.progress else None


def _given(line: Line) -> Any:
    return line.progress.done if line.progress else None


def _act(line: Line) -> SafeString:
    if line.waiting:
        css, to, words = "btn-primary" if line.first else "btn-quiet", line.next_url, pgettext("verb", "Mark")
    elif line.progress is None and line.round.switches.others:
        css, to, words = "btn-quiet", line.round.get_absolute_url(), _("Table")
    else:
        return SafeString()
    aloud = f"{words}: {line.round.title}"
    return markup('<a class="btn btn-sm {}" href="{}" aria-label="{}">{}</a>', css, to, aloud, words)


# The page -----------------------------------------------------------------------------------------------
def _empty(user: Any) -> tuple[Any, Any]:
    if leads_somewhere(user):
        text = _("A round is opened from what it is for, for example from the page of a programme.")
    else:
        text = _("When a commission asks you to mark, it stands here and a letter tells you.")
    return _("Nothing to mark"), text


def _buttons(user: Any) -> list[Button]:
    if not leads_somewhere(user):
        return []
    return [Button(pgettext("of a review", "Rubrics"), reverse("reviews:rubrics"))]


ROUNDS = ListPage(
    title=gettext_lazy("Reviews"),
    about=gettext_lazy("What you mark, and what you have others mark."),
    rows=rounds,
    fill=lambda rows: rows.select_related("organization", "rubric__rubric"),
    lines=lines,
    columns=columns,
    under=lambda line: f"{line.round.organization.short_name} · {line.round.scale_name}",
    counted=lambda n: ngettext("%(count)s review round", "%(count)s review rounds", n),
    empty=_empty,
    icon="list-check",
    pills=(
        Pill("mark", gettext_lazy("Wait for my mark"), to_mark),
        Pill("led", gettext_lazy("I lead"), lambda rows, user: rows.led_by(user)),
        *state_pills(Phase),
    ),
    orders=(
        Order("work", gettext_lazy("What waits for me first"), ("waits_by", "-pk")),
        Order("new", gettext_lazy("Newest first"), ("-pk",)),
        Order("due", gettext_lazy("Due soonest first"), ("due", "pk")),
    ),
    search=gettext_lazy("Search by title"),
    few=True,
    buttons=_buttons,
    download="reviews.rounds",
)
