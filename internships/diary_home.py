"""What the diary puts on the home page: days to write, days to confirm."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internships.enums import RUNNING_STATES, DiaryState, PlacementState
from internships.models import DiaryEntry, Placement
from internships.placement_conditions import day_counts
from internships.weeks import missing_by_placement
from partnerships.common.clock import today
from partnerships.common.direction import Todo
from partnerships.common.piles import Pile, Sifted
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked

CSS = "d-internships"
NAMED = 8


def piles(user: Any) -> list[Pile]:
    """The student's missing and returned days; the mentor's days to confirm. One diary is one thing to do,
    however many of its days wait."""
    access = access_of(user)
    found: list[Pile] = [Sifted(_kept(user), NAMED, sift=_to_write)] if access.may_study else []
    return [*found, Pile(_to_confirm(user), NAMED, _confirm)] if access.workplaces else found


def _url(placement: Placement) -> str:
    return reverse("internships:diary", args=[placement.uid])


@asked
def _kept(user: Any) -> Any:
    rows = Placement.objects.filter(
        person_id=access_of(user).person_id, state__in=[PlacementState.ACTIVE, PlacementState.FINISHED]
    )
    returned = Count("diary", filter=Q(diary__state=DiaryState.RETURNED))
    rows = rows.select_related("programme", "hazard").prefetch_related("clearances")
    return rows.annotate(returned=returned).order_by("pk")


def _to_change(mine: list[Any]) -> Counter[int]:
    """How many returned days can be changed: none on which the safety admission had lapsed."""
    by_key = {placement.pk: placement for placement in mine}
    if not by_key:
        return Counter()
    rows = DiaryEntry.objects.filter(placement__in=by_key, state=DiaryState.RETURNED).order_by()
    found: Counter[int] = Counter()
    for entry in rows:
        entry.placement = by_key[entry.placement_id]
        found[entry.placement_id] += day_counts(entry, None) is None
    return found


def _to_write(mine: list[Any]) -> list[Todo]:
    missing = missing_by_placement(mine, today() - timedelta(days=1), returned=False)
    returned = _to_change([placement for placement in mine if placement.returned])
    found = []
    for placement in mine:
        if back := returned[placement.pk]:
            words = ngettext("Change %(count)s day of the diary", "Change %(count)s days of the diary", back)
            found.append(Todo(words % {"count": back}, placement.programme.title, _url(placement), None, CSS))
        if late := missing.get(placement.pk, 0):
            words = ngettext(
                "Hand in %(count)s day of the diary", "Hand in %(count)s days of the diary", late
            )
            found.append(Todo(words % {"count": late}, placement.programme.title, _url(placement), None, CSS))
    return found


@asked
def _to_confirm(user: Any) -> Any:
    rows = Placement.objects.filter(
        access_of(user).assigned("mentor_id", "host__root_id"),
        state__in=RUNNING_STATES | {PlacementState.FINISHED},
        diary__state=DiaryState.SUBMITTED,
    )
    first = rows.annotate(waiting=Count("diary"), since=Min("diary__submitted_at")).order_by("since", "pk")
    return first.select_related("person")


def _confirm(placement: Any) -> Todo:
    return Todo(
        _("Confirm the diary: %(person)s") % {"person": placement.person.name},
        ngettext("%(count)s day", "%(count)s days", placement.waiting) % {"count": placement.waiting},
        _url(placement),
        placement.since + timedelta(days=7),
        CSS,
    )
