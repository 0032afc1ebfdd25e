"""What this direction puts on the home page, in the calendar and on the front page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from internships import contract_todos, diary_home, finishing_home, home_placements, waiting
from internships.enums import ApplicationState as A
from internships.enums import InterviewState
from internships.models import Application, Interview, Programme, Vacancy
from internships.models.kept_apart import talks_kept_apart
from internships.numbers.home import number, published_seats, seats_of
from internships.talks import scheduled
from internships.waiting import MOST, waiting_for
from partnerships.calls.models import Deadline, Step
from partnerships.common.addresses import addresses, kept_address
from partnerships.common.among import Among
from partnerships.common.asked import Part
from partnerships.common.capped import Found, counted
from partnerships.common.clock import end_of_day, now, start_of_day
from partnerships.common.direction import Bar, Entry, OpenRow, Todo
from partnerships.common.piles import Chart, Daily, Dated, Pile
from partnerships.common.prepared import PreparedRows
from partnerships.common.sharing import sharing
from partnerships.common.wording import in_language
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization, Person

CSS = "d-internships"
ALONE = 8  # so many waiting applications are named one by one, more are one line
ALL = 200
BARS = 6  # enterprises of the chart
FULL_MONTH = 500  # talks that a calendar is told of at once
# With whom a talk is, and about what.
_OF_WHOM = (
    "application__uid",
    *(f"candidate__{name}" for name in Person.SHOWN),
    *("application__programme__title_az", "application__programme__title_en"),
)


def piles(user: Any) -> list[Pile]:
    """What waits for this person in practice and internship."""
    access = access_of(user)
    if access.person_id is None:
        return []
    found = [Pile(_own_moves(user), ALONE, _own_move)] if access.may_study else []
    if access.has(Role.COORDINATOR) or access.operates:
        found.append(_endorsements(user))
    if access.has(Role.HR):
        found += [_decisions(user), *contract_todos.piles(user)]
    if access.workplaces:
        found.append(Pile(_to_write_up(user), ALONE, _write_up, along=True))
    return [
        *found,
        *finishing_home.piles(user),
        *diary_home.piles(user),
        *home_placements.piles(user),
    ]


@asked
def _own_moves(user: Any) -> Any:
    mine = Application.objects.filter(
        person_id=access_of(user).person_id, state__in=[A.DRAFT, A.RETURNED, A.OFFERED]
    )
    return (
        mine.with_late()
        .select_related("programme__call", "offered_vacancy__position")
        .prefetch_related("programme__call__deadlines")
        .order_by("-pk")
    )


def _own_move(application: Application) -> Todo:
    titles = {
        A.DRAFT: _("Finish and send: %(programme)s"),
        A.RETURNED: _("Change and send again: %(programme)s"),
        A.OFFERED: _("Answer the offer: %(programme)s"),
    }

    place = application.offered_vacancy
    title = titles[A(application.state)] % {"programme": application.programme.title}
    detail = place.position.title if place else ""
    return Todo(title, detail, application.get_absolute_url(), application.due, CSS)


def _endorsements(user: Any) -> Pile:
    return _named_or_counted(
        user,
        Step.ENDORSE,
        _("Endorse: %(person)s"),
        lambda n: ngettext("Endorse %(count)s student", "Endorse %(count)s students", n),
        A.SUBMITTED,
    )


def _decisions(user: Any) -> Pile:
    return _named_or_counted(
        user,
        Step.DECIDE,
        _("Decide: %(person)s"),
        lambda n: ngettext("Decide on %(count)s candidate", "Decide on %(count)s candidates", n),
        A.IN_REVIEW,
    )


@asked
def _named(user: Any, step: str) -> Any:
    rows = sharing(waiting_for(user, step)).select_related("person", "university", "programme")
    return rows.annotate(by=_deadline("programme__call", step)).order_by("-pk")


def _deadline(call: str, step: str) -> Subquery:
    return Subquery(Deadline.objects.filter(call=OuterRef(call), step=step).values("at")[:1])


@cache
def _programmes(step: str) -> PreparedRows[Programme]:
    """Those of these keys, with the day of this step."""
    rows = Programme.objects.annotate(by=_deadline("call", step)).only("slug", "title_az", "title_en")
    return PreparedRows(lambda keys: rows.filter(pk__in=keys).order_by(), widths=(ALONE, MOST))


def _named_or_counted(user: Any, step: str, one: str, many: Any, state: str) -> Pile:
    """Each by name while they are few; one line for each programme when they are many."""

    def tell(row: Application) -> Todo:
        return Todo(
            one % {"person": row.person.name},
            f"{row.programme.title} · {row.university.short_name if row.university else ''}".rstrip(" ·"),
            row.get_absolute_url(),
            row.by,  # type: ignore[attr-defined]
            CSS,
        )

    def by_programme(counts: dict[int, Found]) -> list[Todo]:
        return [
            Todo(
                many(counts[programme.pk][0]) % {"count": counted(*counts[programme.pk])},
                programme.title,
                f"{kept_address('internships:worklist')}?programme={programme.slug}&state={state}",
                programme.by,  # type: ignore[attr-defined]
                CSS,
                counts[programme.pk][0],
            )
            for programme in _programmes(step)(list(counts))
        ]

    groups = waiting.programmes(user, step)
    return _Grouped(_named(user, step), ALONE, tell, groups=groups, by_group=by_programme)


@dataclass(frozen=True)
class _Grouped(Pile):
    """Counted first, by programme: where there is nothing, or much, no row is read for it.

    groups    asked with the parts of all piles: each programme and how many (`waiting.programmes`)
    by_group  key of a programme -> how many -> the lines, where they are many
    """

    groups: Part = None
    by_group: Callable[[dict[int, Found]], list[Todo]] | None = None

    @property
    def first(self) -> Part:
        return self.groups

    def told(self, first: Any, packed: str | None = None) -> list[Todo]:
        counts = waiting.most(first)
        if self.count(first) > self.most and self.by_group is not None:
            return self.by_group(counts)
        return [self.tell(row) for row in self.rows[: self.most]] if counts else []

    @property
    def many(self) -> Part:
        return self.groups

    def count(self, many: Any) -> int:
        return sum(n for n, _more in waiting.most(many).values())


@asked
def _to_write_up(user: Any) -> Any:
    access = access_of(user)
    mine = access.assigned("interviewer_id", "programme__host__root_id")
    held = Interview.objects.filter(mine, ~talks_kept_apart(access), state=InterviewState.SCHEDULED)
    over = held.filter(ends__lt=now())
    rows = sharing(over).select_related("candidate", "application__programme")
    shown = ("uid", "ends", *_OF_WHOM)
    return rows.only(*shown).order_by("starts")


def _write_up(talk: Interview) -> Todo:
    return Todo(
        _("Write up the interview: %(person)s") % {"person": talk.candidate.name},
        talk.application.programme.title,
        talk.get_absolute_url(),
        talk.ends + timedelta(days=1),
        CSS,
    )


def charts(user: Any) -> list[Chart]:
    """Taken seats by enterprise, for the company's people."""
    if not access_of(user).has(Role.HR):
        return []
    return [Chart(_("Seats by enterprise: taken of all"), (published_seats(user),), _bars)]


def _bars(listed: str | None) -> list[Bar]:
    """The largest."""
    english = (get_language() or "az").startswith("en")
    rows = sorted(seats_of(listed), key=lambda row: -row.seats)[:BARS]
    return [Bar(row.name_en if english and row.name_en else row.name, row.taken, row.seats) for row in rows]


def dated(user: Any, first: date, last: date) -> list[Dated]:
    """Interviews of this person, deadlines of their applications, and when open programmes close."""
    found = [Dated(_closing(first, last), 100, _close, along=True)]
    access = access_of(user)
    if access.person_id is None and not access.administers:
        return found
    daily = Daily(scheduled(user), _TALKS)
    talks, tell = partial(_talks, user), _talk(access.person_id)
    found.append(Dated(talks(first, last), FULL_MONTH, tell, daily=daily, beginning=talks, along=True))
    if access.may_study:
        found.append(Dated(_own_moves(user), ALL, _own_deadline))
    return [*found, *home_placements.dated(user, first, last)]


_OF_A_TALK = ("uid", "version", "starts", "ends", "place", "place_en", "link", *_OF_WHOM)


@asked
def _talks(user: Any, first: date, last: date) -> Any:
    between = (start_of_day(first), end_of_day(last))
    talks = sharing(Interview.objects.visible_to(user).filter(active=True, starts__range=between))
    return talks.select_related("candidate", "application__programme").only(*_OF_A_TALK)


_TALKS = PreparedRows(
    lambda keys: (
        Interview.objects.filter(pk__in=keys)
        .select_related("candidate", "application__programme")
        .only(*_OF_A_TALK)
    )
)


def _talk(reader: int | None) -> Callable[[Interview], list[Entry]]:
    """Of one's own talk the programme, of others' the candidate; a company may have many in a month."""
    to, own, other = (
        addresses("internships:application"),
        _("Interview: %(programme)s"),
        _("Interview: %(person)s"),
    )
    title_of = in_language("title")

    def entries(talk: Interview) -> list[Entry]:
        mine = talk.candidate_id == reader
        title = (
            own % {"programme": title_of(talk.application.programme)}
            if mine
            else other % {"person": talk.candidate.name}
        )
        url = to(talk.application.uid)
        return [
            Entry(f"interview-{talk.uid}", title, talk.starts, talk.ends, talk.where, url, CSS, talk.version)
        ]

    return entries


def _own_deadline(row: Application) -> list[Entry]:
    if not row.due:
        return []
    words = _("Answer the offer: %(programme)s") if row.state == A.OFFERED else _("Send by: %(programme)s")
    title = words % {"programme": row.programme.title}
    return [Entry(f"application-{row.uid}", title, row.due, None, "", row.get_absolute_url(), CSS)]


@asked
def _closing(first: date, last: date) -> Any:
    closing = Programme.objects.open().filter(
        call__deadlines__step=Step.APPLY,
        call__deadlines__at__range=(start_of_day(first), end_of_day(last)),
    )
    closing = closing.annotate(closes=F("call__deadlines__at")).select_related("host")
    host = (f"host__{name}" for name in Organization.SHOWN)
    return closing.only("uid", "slug", "title_az", "title_en", *host).order_by("closes", "pk")


def _close(programme: Programme) -> list[Entry]:
    return [
        Entry(
            f"programme-{programme.uid}-apply",
            _("Applications close: %(programme)s") % {"programme": programme.title},
            programme.closes,
            None,
            programme.host.short_name,
            programme.get_absolute_url(),
            CSS,
        )
    ]


def open_count() -> tuple[int, str]:
    """Free seats that can be applied for now."""
    rows = Vacancy.objects.open().aggregate(all=Sum("pool__capacity"), taken=Sum("pool__taken"))
    free = max(0, (rows["all"] or 0) - (rows["taken"] or 0))
    return free, ngettext("%(count)s free place", "%(count)s free places", free) % {"count": number(free)}


def open_rows(limit: int) -> list[OpenRow]:
    """Open positions, the nearest deadline first; those that are full come last."""
    return [
        OpenRow(
            row.position.title,
            f"{row.position.programme.get_kind_display()} · {row.period.name}",
            str(row.position.unit),
            max(0, row.pool.left),
            row.closes,
            row.get_absolute_url(),
        )
        for row in _closing_first()[:limit]
    ]


_OF_A_PLACE = (
    *("uid", "period__name_az", "period__name_en", "pool__capacity", "pool__taken"),
    *("position__title_az", "position__title_en", "position__programme__kind"),
    *(f"position__unit__{name}" for name in Organization.SHOWN),
)


@asked
def _closing_first() -> Any:
    """The few open programmes are found first: else all places there ever were go through the joins."""
    taking = Programme.objects.open().values("pk")
    rows = sharing(Vacancy.objects.filter(Among("position__programme_id", taking)))
    rows = rows.annotate(
        closes=_deadline("position__programme__call", Step.APPLY),
        full=Q(pool__taken__gte=F("pool__capacity")),
    )
    rows = rows.select_related("pool", "period", "position__unit", "position__programme").only(*_OF_A_PLACE)
    return rows.order_by("full", "closes", "pk")
