"""The list of rounds: what one is to mark, and what one leads."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, DateTimeField, Exists, F, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from partnerships.common.lists import Button, ListPage, Order, Pill, state_pills
from partnerships.common.markup import markup
from partnerships.common.tables import Column, page_column, twofold
from partnerships.common.templatetags.figures import baku_short, due_kind, grouped, until
from partnerships.common.templatetags.ui import chip
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.reviews import conflicts, reports, rules
from partnerships.reviews.enums import MARKED, Phase
from partnerships.reviews.kinds import types
from partnerships.reviews.models import Review, ReviewMember, ReviewRound
from partnerships.reviews.models.rounds import reviewing
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
        """Where its reader goes on: a reviewer who has handed all in, to their own marks."""
        if self.progress is not None or self.round.switches.others:
            return self.round.get_absolute_url()
        return self.next_url if self.waiting else self.given_url

    @property
    def given_url(self) -> str:
        """One's own marks, while nobody reads those of others; nothing where none is given."""
        return f"{self.next_url}?given" if self.done and self.round.switches.mark else ""

    @property
    def next_url(self) -> str:
        return reverse("reviews:next", args=[self.round.uid])


def _has(user: Any, narrow: Callable[[Any], Any], **phase: Any) -> Q:
    """Rounds in which this person has reviews like these: `Review.objects.own`, asked of the rounds."""
    access, found = access_of(user), Q(pk__in=[])
    if access.person_id is None:
        return found
    sits = ReviewMember.objects.filter(round=OuterRef(OuterRef("pk")), person_id=access.person_id)
    member = Subquery(sits.filter(active=True).order_by().values("pk")[:1])
    for kind in types().values():
        own = narrow(Review.objects.filter(member=member)).order_by()
        own = own.exclude(object_id__in=conflicts.hidden_keys(kind, access.narrowed(None)))
        found |= reviewing(kind, access) & Q(**phase) & Q(Exists(own))
    return found


def _waits(user: Any) -> Q:
    """Rounds in which something waits for this person's mark. The phase spares most of the looking."""
    return _has(user, lambda own: own.to_mark(), state__in=MARKED)


def rounds(user: Any) -> Any:
    """Those that one leads and those in which one has something to mark or has marked it; `waits_by` is when
    it is due, where something waits."""
    done = _has(user, lambda own: own.counted())
    led = ReviewRound.objects.led_by(user).order_by().values("pk")
    waits = Case(When(_waits(user), then=F("due")), default=None, output_field=DateTimeField())
    rows = ReviewRound.objects.visible_to(user).filter(Q(pk__in=led) | done | _waits(user))
    return rows.annotate(waits_by=waits)


def to_mark(rows: Any, user: Any) -> Any:
    return rows.filter(_waits(user))


@asked
def _waiting(user: Any) -> Any:
    """(round, how many wait for this person's mark)"""
    return _by_round(Review.objects.own(user).to_mark())


@asked
def _done(user: Any) -> Any:
    """(round, how many they have handed in)"""
    return _by_round(Review.objects.own(user).counted())


def _by_round(reviews: Any) -> Any:
    return reviews.order_by().values_list("round_id").annotate(n=Count("*")).values_list("round_id", "n")


def lines(rows: Iterable[ReviewRound], user: Any) -> list[Line]:
    rows = list(rows)
    waiting, done = ({}, {}) if not rows else (dict(_waiting(user)), dict(_done(user)))
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


# Columns ------------------------------------------------------------------------------------------------
def columns() -> list[Column]:
    return [
        Column(_("Round"), lambda line: line.round.display_title, width=50),
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
    elif line.progress is None and line.given_url:
        css, to, words = "btn-quiet", line.given_url, _("My marks")
    else:
        return SafeString()
    aloud = f"{words}: {line.round.display_title}"
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
    keep=asked,
    buttons=_buttons,
    download="reviews.rounds",
)
