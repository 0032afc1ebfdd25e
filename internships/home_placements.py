"""What practices put on the home page, in the calendar and in the search."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internships import placement_reports as reports
from internships import rules, worklists
from internships.enums import UNDERWAY_STATES, ConcernState
from internships.enums import PlacementState as P
from internships.models import Concern, Placement
from internships.placement_moves import lacking, move_of_placement
from partnerships.common.addresses import addresses
from partnerships.common.among import Among, AmongKnown
from partnerships.common.asked import AskedRows, Part, asked_rows
from partnerships.common.capped import SEEN
from partnerships.common.clock import end_of_day, start_of_day, today
from partnerships.common.direction import Entry, Hit, Stat, Todo, Underway
from partnerships.common.piles import Dated, Pile, Sifted, Sought, SoughtByKeys
from partnerships.common.query_words import Typed
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.called import Called, newest_of
from partnerships.directory.enums import Role

CSS = "d-internships"
ALONE = 8  # so many are named one by one, more are one line
ONE = timedelta(days=1)
AHEAD = timedelta(days=14)  # so long before the first day a practice is something to prepare
LOOKED_AT = 200
TOLD_STATES = (P.ACTIVE, P.PREPARING, P.FINISHED)


def piles(user: Any) -> list[Pile]:
    access = access_of(user)
    found = [Pile(_particulars(user), ALONE, _write)] if access.may_study else []
    if access.has(Role.COORDINATOR, Role.HR) or access.manages_partners:
        if access.manages_partners:
            # Where an answer is late the operator sees it too, and how many working days that are is in a
            # table: looked at only where any concern is open, as a rule none.
            found.append(
                Sifted(_any_concern(), 1, sift=lambda _rows: _answers(user, _concerns(user)[:ALONE]))
            )
        else:
            found.append(Sifted(asked(_concerns)(user), ALONE, sift=partial(_answers, user)))
    if access.has(Role.HR):
        found.append(Sifted(_starting(user), LOOKED_AT, sift=_to_prepare))
    return found


@asked
def _any_concern() -> Any:
    return Concern.objects.exclude(state=ConcernState.CLOSED)


def _concerns(user: Any) -> Any:
    rows = Concern.objects.visible_to(user).exclude(state=ConcernState.CLOSED).with_placement()
    return rows.order_by("raised_at")


def _answers(user: Any, rows: Iterable[Concern]) -> list[Todo]:
    """Concerns that this person answers."""
    return [_answer(row) for row in rows if rules.answers_concern(user, row)]


def _answer(row: Concern) -> Todo:
    """The line says no more than that there is one."""
    return Todo(
        _("Answer in confidence: %(number)s") % {"number": row.placement.application.number or ""},
        row.placement.programme.title,
        row.get_absolute_url(),
        row.answer_by,
        CSS,
    )


@asked
def _particulars(user: Any) -> Any:
    """The student's own lines of the onboarding list that are still empty."""
    rows = Placement.objects.filter(person_id=access_of(user).person_id, state=P.PREPARING)
    waiting = rows.filter(onboarding__kind="contact", onboarding__value="").select_related("programme")
    return waiting.order_by("starts", "pk")


def _write(row: Placement) -> Todo:
    return Todo(
        _("Write your particulars: %(programme)s") % {"programme": row.programme.title},
        _("Emergency contact, sizes, way to the site"),
        reverse("internships:particulars", args=[row.uid]),
        end_of_day(row.starts - ONE),
        CSS,
    )


@asked
def _starting(user: Any) -> Any:
    """Practices that begin soon, or should have begun."""
    rows = Placement.objects.visible_to(user).filter(access_of(user).q("host", Role.HR))
    soon = rows.filter(state=P.PREPARING, starts__lte=today() + AHEAD).with_rows()
    # What is missing is asked of hazard class, contract and admission alone: the rest is not read.
    return soon.select_related(None).select_related("hazard", "person").order_by("starts", "pk")


def _to_prepare(rows: list[Placement]) -> list[Todo]:
    """Those for which something is missing."""
    waiting = [row for row in rows if lacking(row, max(row.starts, today()))]
    if len(waiting) > ALONE:
        n = len(waiting)
        words = ngettext("Prepare %(count)d practice", "Prepare %(count)d practices", n) % {"count": n}
        url = f"{reverse('internships:placements')}?state={P.PREPARING}"
        return [Todo(words, _("Something is missing"), url, end_of_day(waiting[0].starts - ONE), CSS, n)]
    return [
        Todo(
            _("Prepare the practice: %(person)s") % {"person": row.person.name},
            ", ".join(lacking(row, max(row.starts, today()))),
            row.get_absolute_url(),
            end_of_day(row.starts - ONE),
            CSS,
        )
        for row in waiting
    ]


@asked
def _seen(user: Any, state: str) -> Any:
    rows = reports.placement_rows(user)
    return rows.filter(state=state) if state else rows


def parts(user: Any) -> tuple[Part, ...]:
    """Whether there is any, and how many of each state: what `stats` is given."""
    return (_seen(user, "").exists, *(_seen(user, state).counted() for state in TOLD_STATES))


def stats(running: int, preparing: int, over: int) -> list[Stat]:
    """Numbers of those who look after practices and have no others: mentors, supervisors, heads of units."""
    url = reverse("internships:placements")
    return [
        Stat(str(running), _("practices under way"), f"{url}?state={P.ACTIVE}"),
        Stat(str(preparing), _("practices in preparation"), f"{url}?state={P.PREPARING}"),
        Stat(str(over), _("practices wait for the mark"), f"{url}?state={P.FINISHED}"),
    ]


@asked
def own(user: Any) -> Any:
    """The own practices of this person that are not over."""
    rows = Placement.objects.filter(person_id=access_of(user).person_id, state__in=UNDERWAY_STATES)
    return rows.with_rows().prefetch_related("evaluations").order_by("-pk")


def line(user: Any, row: Placement) -> Underway:
    move = move_of_placement(row, user)
    kind = "move" if move.mine else "on" if row.state == P.ACTIVE else ""
    detail = " · ".join(filter(None, [row.application.number, row.host.short_name]))
    state = str(row.get_state_display())
    return Underway(row.programme.title, detail, row.get_absolute_url(), state, kind, move.text, move.due)


FOUND = (
    "uid",
    "state",
    "application__number",
    "person__given_name",
    "person__family_name",
    "person__erased_at",
)  # what a hit reads of its row


@asked
def _of_the_name(user: Any, words: str, indexed: bool) -> Any:
    """`indexed`: enough letters for an index of names."""
    rows = Placement.objects.visible_to(user).answering(words, short=not indexed)
    return rows.order_by("-pk").values_list("pk")


@asked
def _of_these(user: Any, people: str) -> Any:
    rows = Placement.objects.visible_to(user).filter(AmongKnown("person_id", people))
    return rows.order_by("-pk").values_list("pk")


@asked
def _of_few(user: Any, words: str) -> Any:
    """The same of who sees few: they are looked through."""
    rows = Placement.objects.visible_to(user).filter(person__folded__contains=words)
    return rows.order_by("-pk").values_list("pk")


@asked
def _visible(user: Any) -> Any:
    return Placement.objects.visible_to(user)


@asked
def _found() -> Any:
    rows = Placement.objects.filter(Among("pk", SEEN)).select_related("person", "application")
    return rows.only(*FOUND).order_by("-pk")


def _asked_for(user: Any, words: str, name: Called | None) -> AskedRows:
    if name is not None:
        if name.every:
            return _of_these(user, name.first(name.number))
        return _of_the_name(user, Typed(words), bool(name.keys))
    if any(letter.isdecimal() for letter in words):  # it may be a number: another question
        rows = Placement.objects.visible_to(user).answering(words)
        return asked_rows(rows.order_by("-pk").values_list("pk"))
    return _of_few(user, Typed(words))


def sought(user: Any, words: str, name: Called | None, limit: int) -> Sought:
    """Practices that this person may see, by the student's name or the number, the newest first. `name`:
    whoever has it, where they are looked up for this person."""
    every = lambda: _asked_for(user, words, name).first_rows(limit)  # noqa: E731
    if name is None or not name.often:
        return SoughtByKeys(_found(), limit, _hit, every())
    part = not worklists.sees_whole(user)
    newest = newest_of(name, _visible(user), "person", words, limit, part=part)
    return SoughtByKeys(_found(), limit, _hit, newest, every)


def _hit(row: Placement) -> Hit:
    detail = f"{row.application.number or ''} · {row.get_state_display()}"
    return Hit(row.person.name, detail, addresses("internships:placement")(row.uid), _("Practices"), 1)


def dated(user: Any, first: date, last: date) -> list[Dated]:
    """First and last days of the practices in which this person has a part."""
    # Each by its own day: only the nearest are read where home asks.
    return [
        Dated(_beginning(user, first, last), LOOKED_AT, _begins),
        Dated(_ending(user, first, last), LOOKED_AT, _ends),
    ]


def _underway(user: Any) -> Any:
    seen = Placement.objects.visible_to(user).filter(state__in=UNDERWAY_STATES)
    return seen.select_related("person", "unit")


@asked
def _beginning(user: Any, first: date, last: date) -> Any:
    return _underway(user).filter(starts__range=(first, last)).order_by("starts", "pk")


@asked
def _ending(user: Any, first: date, last: date) -> Any:
    return _underway(user).filter(ends__range=(first, last)).order_by("ends", "pk")


def _begins(row: Placement) -> list[Entry]:
    title = _("Practice begins: %(person)s") % {"person": row.person.name}
    return [_entry(row, "first", title, start_of_day(row.starts))]


def _ends(row: Placement) -> list[Entry]:
    title = _("Practice ends: %(person)s") % {"person": row.person.name}
    return [_entry(row, "last", title, end_of_day(row.ends))]


def _entry(row: Placement, part: str, title: str, moment: Any) -> Entry:
    return Entry(
        f"placement-{row.uid}-{part}", title, moment, None, str(row.unit), row.get_absolute_url(), CSS
    )
