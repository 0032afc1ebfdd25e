"""What this direction puts on the home page, in the calendar, in the search and on the front page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internships import contract_todos, diary_home, finishing_home, home_placements
from internships.enums import ApplicationState as A
from internships.enums import InterviewState, ProgrammeState
from internships.models import Application, Interview, Programme, Vacancy
from internships.models.interviews import talks_kept_apart
from internships.numbers.home import number
from partnerships.calls.models import Deadline, Step
from partnerships.common.clock import end_of_day, start_of_day
from partnerships.common.direction import Bar, Entry, Hit, OpenRow, Pile, Todo, counted, told
from partnerships.common.sharing import sharing
from partnerships.directory.access import Access, access_of
from partnerships.directory.enums import Role

CSS = "d-internships"
ALONE = 8  # so many waiting applications are named one by one, more are one line
MOST = 20  # so many programmes have a line


def todos(user: Any) -> list[Todo]:
    """What waits for this person in practice and internship."""
    access = access_of(user)
    if access.person_id is None:
        return []
    return told(piles(user, access)) + diary_home.todos(user, access) + home_placements.todos(user)


def waiting(user: Any) -> int:
    """How much that is: rows are counted, not read, but for what only Python can tell."""
    access = access_of(user)
    if access.person_id is None:
        return 0
    return counted(piles(user, access)) + diary_home.waiting(access) + home_placements.waiting(user, access)


def piles(user: Any, access: Access) -> list[Pile]:
    found = [_of_student(access)] if access.may_study else []
    if access.has(Role.COORDINATOR) or access.operates:
        found.append(_endorsements(user, access))
    if access.has(Role.HR):
        found += [_decisions(user, access), *contract_todos.piles(access)]
    if access.workplaces:
        found.append(_interviews_to_write_up(access))
    return found + finishing_home.piles(access)


def _of_student(access: Access) -> Pile:
    mine = (
        Application.objects.filter(person_id=access.person_id, state__in=[A.DRAFT, A.RETURNED, A.OFFERED])
        .with_late()
        .select_related("programme__call", "offered_vacancy__position")
        .prefetch_related("programme__call__deadlines")
    )
    titles = {
        A.DRAFT: _("Finish and send: %(programme)s"),
        A.RETURNED: _("Change and send again: %(programme)s"),
        A.OFFERED: _("Answer the offer: %(programme)s"),
    }

    def tell(application: Application) -> Todo:
        place = application.offered_vacancy
        title = titles[A(application.state)] % {"programme": application.programme.title}
        return Todo(
            title,
            place.position.title if place else "",
            application.get_absolute_url(),
            application.due,
            CSS,
        )

    return Pile(mine.order_by("-pk"), ALONE, tell)


def _endorsements(user: Any, access: Access) -> Pile:
    covered = access.q("unit", Role.COORDINATOR)
    if access.operates:
        covered |= Q(university__isnull=False) & ~Q(university_id__in=access.kept_universities)
    rows = Application.objects.visible_to(user).to_endorse().filter(covered)
    return _named_or_counted(
        rows,
        _("Endorse: %(person)s"),
        lambda n: ngettext("Endorse %(count)d student", "Endorse %(count)d students", n) % {"count": n},
        A.SUBMITTED,
    )


def _decisions(user: Any, access: Access) -> Pile:
    rows = Application.objects.visible_to(user).to_decide().filter(access.q("programme__host", Role.HR))
    return _named_or_counted(
        rows,
        _("Decide: %(person)s"),
        lambda n: (
            ngettext("Decide on %(count)d candidate", "Decide on %(count)d candidates", n) % {"count": n}
        ),
        A.IN_REVIEW,
    )


def _named_or_counted(waiting: Any, one: str, many: Any, state: str) -> Pile:
    """Each by name while they are few; one line for each programme when they are many."""
    step = Step.ENDORSE if state == A.SUBMITTED else Step.DECIDE

    def tell(row: Application) -> Todo:
        return Todo(
            one % {"person": row.person.name},
            f"{row.programme.title} · {row.university.short_name if row.university else ''}".rstrip(" ·"),
            row.get_absolute_url(),
            row.by,  # type: ignore[attr-defined]
            CSS,
        )

    def together(counts: dict[int, int]) -> list[Todo]:
        return [
            Todo(
                many(counts[programme.pk]),
                programme.title,
                f"{reverse('internships:worklist')}?programme={programme.slug}&state={state}",
                programme.by,  # type: ignore[attr-defined]
                CSS,
                counts[programme.pk],
            )
            for programme in Programme.objects.filter(pk__in=counts).annotate(by=deadline("call"))
        ]

    def deadline(call: str) -> Subquery:
        return Subquery(Deadline.objects.filter(call=OuterRef(call), step=step).values("at")[:1])

    rows = sharing(waiting).select_related("person", "university", "programme").order_by("-pk")
    rows = rows.annotate(by=deadline("programme__call"))
    by_programme = waiting.order_by().values_list("programme").annotate(n=Count("pk"))
    return _Grouped(rows, ALONE, tell, groups=by_programme.order_by("-n", "programme")[:MOST], all=together)


@dataclass(frozen=True)
class _Grouped(Pile):
    """Counted first, by programme: where there is nothing, or much, no row is read for it."""

    groups: Any = ()
    all: Callable[[dict[int, int]], list[Todo]] | None = None

    def todos(self) -> list[Todo]:
        counts = dict(self.groups)
        if sum(counts.values()) > self.most and self.all is not None:
            return self.all(counts)
        return [self.tell(row) for row in self.rows[: self.most]] if counts else []

    def count(self) -> int:
        return sum(n for _programme, n in self.groups)


def _interviews_to_write_up(access: Access) -> Pile:
    over = Interview.objects.filter(
        ~talks_kept_apart(access),
        access.assigned("interviewer_id", "application__programme__host__root_id"),
        state=InterviewState.SCHEDULED,
        ends__lt=timezone.now(),
    ).select_related("candidate", "application__programme")

    def tell(talk: Interview) -> Todo:
        return Todo(
            _("Write up the interview: %(person)s") % {"person": talk.candidate.name},
            talk.application.programme.title,
            talk.get_absolute_url(),
            talk.ends + timedelta(days=1),
            CSS,
        )

    return Pile(over.order_by("starts"), ALONE, tell)


def bars(user: Any) -> Any:
    """Taken seats by enterprise, for the company's people."""
    access = access_of(user)
    if not access.has(Role.HR):
        return []
    rows = (
        Vacancy.objects.filter(
            access.q("position__programme__host", Role.HR),
            position__programme__state=ProgrammeState.PUBLISHED,
        )
        .values("position__unit_id", "position__unit__name")
        .annotate(taken=Sum("pool__taken"), seats=Sum("pool__capacity"))
        .order_by("-seats")[:6]
    )
    shown = [Bar(row["position__unit__name"], row["taken"], row["seats"]) for row in rows]
    return (_("Seats by enterprise: taken of all"), shown) if shown else []


def search(user: Any, words: str, limit: int) -> list[Hit]:
    """Applications that this person may see, by the candidate's name or the number; open places for all."""
    found = []
    access = access_of(user)
    if access.person_id is not None:
        seen = Application.objects.visible_to(user).answering(words)
        found = [
            Hit(
                row.person.name,
                f"{row.number or _('Draft')} · {row.programme.title}",
                row.get_absolute_url(),
                _("Applications"),
                1,
            )
            for row in seen.select_related("person", "programme").order_by("-pk")[:limit]
        ]
    return found + home_placements.search(user, words, limit) + _places_found(words, limit)


def _places_found(words: str, limit: int) -> list[Hit]:
    from partnerships.common.text import fold

    # Open places are some hundreds at most, so folding them here needs no column of their own.
    rows = Vacancy.objects.open().select_related("position__unit", "position__programme", "period")
    hits = [
        Hit(
            row.position.title,
            f"{row.position.unit} · {row.period.name}",
            row.get_absolute_url(),
            _("Open places"),
            2,
        )
        for row in rows[:500]
        if words in fold(f"{row.position.title} {row.position.unit} {row.position.programme.title}")
    ]
    return hits[:limit]


def calendar(user: Any, first: date, last: date) -> list[Entry]:
    """Interviews of this person, deadlines of their applications, and when open programmes close."""
    start, end = start_of_day(first), end_of_day(last)
    return [
        *_talks(user, start, end),
        *_own_deadlines(user, start, end),
        *home_placements.calendar(user, first, last),
        *_closing(start, end),
    ]


def _talks(user: Any, start: datetime, end: datetime) -> list[Entry]:
    talks = sharing(Interview.objects.visible_to(user).filter(active=True, starts__range=(start, end)))
    talks = talks.select_related("candidate", "application__programme")
    access = access_of(user)
    return [
        Entry(
            f"interview-{talk.uid}",
            _("Interview: %(programme)s") % {"programme": talk.application.programme.title}
            if talk.candidate_id == access.person_id
            else _("Interview: %(person)s") % {"person": talk.candidate.name},
            talk.starts,
            talk.ends,
            talk.place or talk.link,
            talk.get_absolute_url(),
            CSS,
            talk.version,
        )
        for talk in talks[:200]
    ]


def _own_deadlines(user: Any, start: datetime, end: datetime) -> list[Entry]:
    access = access_of(user)
    if access.person_id is None or not access.may_study:
        return []
    mine = Application.objects.filter(person_id=access.person_id, state__in=[A.OFFERED, A.DRAFT, A.RETURNED])
    rows = mine.with_late().select_related("programme__call").prefetch_related("programme__call__deadlines")
    labels = {A.OFFERED: _("Answer the offer: %(programme)s")}
    draft = _("Send by: %(programme)s")
    return [
        Entry(
            f"application-{row.uid}",
            labels.get(A(row.state), draft) % {"programme": row.programme.title},
            row.due,
            None,
            "",
            row.get_absolute_url(),
            CSS,
        )
        for row in rows
        if row.due and start <= row.due <= end
    ]


def _closing(start: datetime, end: datetime) -> list[Entry]:
    closing = (
        Programme.objects.open()
        .filter(call__deadlines__step=Step.APPLY, call__deadlines__at__range=(start, end))
        .annotate(closes=F("call__deadlines__at"))
        .select_related("host")
    )
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
        for programme in closing[:100]
    ]


def open_count() -> tuple[int, str]:
    """Free seats that can be applied for now."""
    rows = Vacancy.objects.open().aggregate(all=Sum("pool__capacity"), taken=Sum("pool__taken"))
    free = max(0, (rows["all"] or 0) - (rows["taken"] or 0))
    return free, ngettext("%(count)s free place", "%(count)s free places", free) % {"count": number(free)}


def open_rows(limit: int) -> list[OpenRow]:
    """Open positions, the nearest deadline first; those that are full come last."""
    vacancies = (
        Vacancy.objects.open()
        .select_related("pool", "period", "position__unit", "position__programme")
        .annotate(
            closes=Min(
                "position__programme__call__deadlines__at",
                filter=Q(position__programme__call__deadlines__step=Step.APPLY),
            ),
            full=Q(pool__taken__gte=F("pool__capacity")),
        )
        .order_by("full", "closes", "pk")[:limit]
    )
    return [
        OpenRow(
            row.position.title,
            f"{row.position.programme.get_kind_display()} · {row.period.name}",
            str(row.position.unit),
            max(0, row.pool.left),
            row.closes,
            row.get_absolute_url(),
        )
        for row in vacancies
    ]
