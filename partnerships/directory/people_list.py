"""The list of people whom somebody looks after: its first page and its numbers are questions whose words are
kept. What was searched for by name, and what stands beyond a place in the list, is asked plainly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from partnerships.common.asked import ask_together
from partnerships.common.capped import CAP, Found, capped
from partnerships.common.paging import Keyset, first_page, keyset, size_of
from partnerships.directory import reports
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation
from partnerships.directory.views_people_rows import with_columns

WAITING_ON_TOP = 20
ORDER = ("person__sort_key", "pk")
_LONGEST = ("state_since", "pk")
_STATES = ("waiting", "verified", "refused", "unreachable")


@dataclass(frozen=True)
class Listed:
    """What the page shows: the rows below, who waits above them, how many there are."""

    page: Keyset[Affiliation]
    waiting: list[Affiliation]
    found: dict[str, Found]


def listed(user: Any, params: Mapping[str, str]) -> Listed:
    """The list as its address narrows it. Without a filter those who wait stand on top, so the list below
    them is of the rest."""
    query, state, role = (params.get(name, "") for name in ("q", "state", "role"))
    below, first = state or "verified", not {"after", "before"} & set(params)
    if first and not query and below in _STATES and (not role or role in Role.values):
        found = _numbers(user, role)
        waiting = _waiting(user, role)[:WAITING_ON_TOP] if not state and _some_wait(found) else []
        rows = _below(user, below, role)[: size_of(user) + 1]
        return Listed(first_page(rows, order=ORDER, reader=user), waiting, found)
    kept = reports.people_found(user, query, role)
    found, waiting = reports.pill_counts(kept), []
    if first and not state and _some_wait(found):
        waiting = list(with_columns(reports.in_state(kept, "waiting")).order_by(*_LONGEST)[:WAITING_ON_TOP])
    chosen = with_columns(reports.in_state(kept, below))
    return Listed(keyset(chosen, params, order=ORDER, reader=user), waiting, found)


def _some_wait(found: dict[str, Found]) -> bool:
    return bool(found["suggested"][0] or found["requested"][0])


def _numbers(user: Any, role: str) -> dict[str, Found]:
    counts = ask_together([_counted(user, key, role).counted(CAP + 1) for key in reports.COUNTED])
    return {key: capped(count or 0) for key, count in zip(reports.COUNTED, counts, strict=True)}


@asked
def _counted(user: Any, key: str, role: str) -> Any:
    return reports.in_pill(reports.people_found(user, "", role), key)


@asked
def _waiting(user: Any, role: str) -> Any:
    kept = reports.people_found(user, "", role)
    return with_columns(reports.in_state(kept, "waiting")).order_by(*_LONGEST)


@asked
def _below(user: Any, state: str, role: str) -> Any:
    kept = reports.people_found(user, "", role)
    return with_columns(reports.in_state(kept, state)).order_by(*ORDER)
