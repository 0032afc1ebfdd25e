"""How long objects stay in each state, read from their history."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import median
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, QuerySet, Window
from django.db.models.functions import Lead
from django.utils import timezone

from partnerships.workflow.models import Change

DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Pace:
    """How long a state is kept, in days: of those that left it, and of those that are in it now."""

    state: str
    left: int  # how many stays have ended
    median: float | None
    slow: float | None  # nine of ten were quicker
    waiting: int  # how many are in it now
    longest: float | None  # of those


def paces(rows: QuerySet[Any], states: Iterable[str]) -> list[Pace]:
    """What `rows` spent in each of `states`, in the order of `states`.

    A stay begins with the change that led into the state and ends with the next one that led out of it; an
    object that came back has stayed twice. Two queries at any size; a few bytes are read for each change.
    """
    kind = ContentType.objects.get_for_model(rows.model, for_concrete_model=True)
    return paces_of(moves(rows, kind.pk).iterator(), states)


def moves(rows: QuerySet[Any], kind: int) -> QuerySet[Any]:
    """(state, since when, until when) of each stay of `rows`, whose content type is `kind`."""
    return (
        Change.objects.filter(content_type=kind, object_id__in=rows.order_by().values("pk"))
        .exclude(to_state="")
        .exclude(to_state=F("from_state"))
        .annotate(until=Window(Lead("at"), partition_by="object_id", order_by=("at", "pk")))
        .order_by()
        .values_list("to_state", "at", "until")
    )


def paces_of(stays: Iterable[tuple[str, datetime, datetime | None]], states: Iterable[str]) -> list[Pace]:
    """How long each of `states` was kept in these stays (`moves`)."""
    wanted = list(states)
    ended: dict[str, list[float]] = defaultdict(list)
    open_since: dict[str, list[datetime]] = defaultdict(list)
    for state, at, until in stays:
        if state not in wanted:
            continue
        if until is None:
            open_since[state].append(at)
        else:
            ended[state].append((until - at).total_seconds() / DAY)
    return [_pace(state, sorted(ended[state]), open_since[state]) for state in wanted]


def _pace(state: str, stays: list[float], still: list[datetime]) -> Pace:
    return Pace(
        state,
        left=len(stays),
        median=median(stays) if stays else None,
        slow=stays[ceil(0.9 * len(stays)) - 1] if stays else None,
        waiting=len(still),
        longest=(timezone.now() - min(still)).total_seconds() / DAY if still else None,
    )
