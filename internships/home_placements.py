"""What practices put on the home page, in the calendar and in the search."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internships import placement_reports as reports
from internships import rules
from internships.enums import UNDERWAY_STATES, ConcernState
from internships.enums import PlacementState as P
from internships.models import Concern, Placement
from internships.placement_moves import lacking, move_of_placement
from partnerships.common.clock import end_of_day, start_of_day, today
from partnerships.common.direction import Entry, Hit, Pile, Stat, Todo, Underway
from partnerships.directory.access import Access, access_of
from partnerships.directory.enums import Role

CSS = "d-internships"
ALONE = 8  # so many are named one by one, more are one line
ONE = timedelta(days=1)
AHEAD = timedelta(days=14)  # so long before the first day a practice is something to prepare
LOOKED_AT = 200


def todos(user: Any) -> list[Todo]:
    access = access_of(user)
    if access.person_id is None:
        return []
    found = _particulars(access).todos() if access.may_study else []
    found += [_answer(row) for row in _concerns(user, access)]
    return found + (_to_prepare(user, access) if access.has(Role.HR) else [])


def waiting(user: Any, access: Access) -> int:
    """How many that are."""
    found = _particulars(access).count() if access.may_study else 0
    found += len(_concerns(user, access))
    return found + (len(_lacking(user, access)) if access.has(Role.HR) else 0)


def _concerns(user: Any, access: Access) -> list[Concern]:
    """Concerns that this person answers."""
    if not (access.has(Role.COORDINATOR, Role.HR) or access.manages_partners):
        return []
    rows = Concern.objects.visible_to(user).exclude(state=ConcernState.CLOSED).with_placement()
    return [row for row in rows.order_by("raised_at")[:ALONE] if rules.answers_concern(user, row)]


def _answer(row: Concern) -> Todo:
    """The line says no more than that there is one."""
    return Todo(
        _("Answer in confidence: %(number)s") % {"number": row.placement.application.number or ""},
        row.placement.programme.title,
        row.get_absolute_url(),
        row.answer_by,
        CSS,
    )


def _particulars(access: Access) -> Pile:
    """The student's own lines of the onboarding list that are still empty."""
    rows = Placement.objects.filter(person_id=access.person_id, state=P.PREPARING)
    waiting = rows.filter(onboarding__kind="contact", onboarding__value="").select_related("programme")
    return Pile(waiting.order_by("starts", "pk"), ALONE, _write)


def _write(row: Placement) -> Todo:
    return Todo(
        _("Write your particulars: %(programme)s") % {"programme": row.programme.title},
        _("Emergency contact, sizes, way to the site"),
        reverse("internships:particulars", args=[row.uid]),
        end_of_day(row.starts - ONE),
        CSS,
    )


def _lacking(user: Any, access: Access) -> list[Placement]:
    """Practices that begin soon, or should have begun, for which something is missing."""
    rows = Placement.objects.visible_to(user).filter(access.q("host", Role.HR))
    soon = rows.filter(state=P.PREPARING, starts__lte=today() + AHEAD).with_rows()
    # What is missing is asked of hazard class, contract and admission alone: the rest is not read.
    soon = soon.select_related(None).select_related("hazard", "person")
    return [
        row for row in soon.order_by("starts", "pk")[:LOOKED_AT] if lacking(row, max(row.starts, today()))
    ]


def _to_prepare(user: Any, access: Access) -> list[Todo]:
    waiting = _lacking(user, access)
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


def stats(user: Any) -> list[Stat]:
    """Numbers of those who look after practices and have no others: mentors, supervisors, heads of units."""
    if not reports.works_with_placements(user):
        return []
    counts = reports.state_counts(reports.placement_rows(user))
    if not counts:
        return []
    url = reverse("internships:placements")
    return [
        Stat(str(counts.get(P.ACTIVE, 0)), _("practices under way"), f"{url}?state={P.ACTIVE}"),
        Stat(str(counts.get(P.PREPARING, 0)), _("practices in preparation"), f"{url}?state={P.PREPARING}"),
        Stat(str(counts.get(P.FINISHED, 0)), _("practices wait for the mark"), f"{url}?state={P.FINISHED}"),
    ]


def underway(user: Any, limit: int) -> list[Underway]:
    """The own practices of this person that are not over."""
    access = access_of(user)
    if access.person_id is None or not access.may_study:
        return []
    rows = Placement.objects.filter(person_id=access.person_id, state__in=UNDERWAY_STATES)
    return [
        _line(row, user) for row in rows.with_rows().prefetch_related("evaluations").order_by("-pk")[:limit]
    ]


def _line(row: Placement, user: Any) -> Underway:
    move = move_of_placement(row, user)
    kind = "move" if move.mine else "on" if row.state == P.ACTIVE else ""
    detail = " · ".join(filter(None, [row.application.number, row.host.short_name]))
    state = str(row.get_state_display())
    return Underway(row.programme.title, detail, row.get_absolute_url(), state, kind, move.text, move.due)


def search(user: Any, words: str, limit: int) -> list[Hit]:
    """Practices that this person may see, by the student's name or the number."""
    if access_of(user).person_id is None:
        return []
    seen = Placement.objects.visible_to(user).answering(words)
    return [
        Hit(
            row.person.name,
            f"{row.application.number or ''} · {row.get_state_display()}",
            row.get_absolute_url(),
            _("Practices"),
            1,
        )
        for row in seen.select_related("person", "application").order_by("-pk")[:limit]
    ]


def calendar(user: Any, first: date, last: date) -> list[Entry]:
    """First and last days of the practices in which this person has a part."""
    if access_of(user).person_id is None:
        return []
    seen = Placement.objects.visible_to(user).filter(state__in=UNDERWAY_STATES)
    rows = seen.filter(Q(starts__range=(first, last)) | Q(ends__range=(first, last)))
    found = []
    for row in rows.select_related("person", "unit").order_by("starts", "pk")[:LOOKED_AT]:
        words = {"person": row.person.name}
        if first <= row.starts <= last:
            title = _("Practice begins: %(person)s") % words
            found.append(_entry(row, "first", title, start_of_day(row.starts)))
        if first <= row.ends <= last:
            found.append(_entry(row, "last", _("Practice ends: %(person)s") % words, end_of_day(row.ends)))
    return found


def _entry(row: Placement, part: str, title: str, moment: Any) -> Entry:
    return Entry(
        f"placement-{row.uid}-{part}", title, moment, None, str(row.unit), row.get_absolute_url(), CSS
    )
