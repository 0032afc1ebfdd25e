"""Where a record came from, and what it is linked back to: told by apps above its own."""

from functools import reduce
from operator import or_
from typing import Any

from django.contrib import messages
from django.db.models import Model, Q
from django.http import HttpRequest

from partnerships.common.direction import Hit, Noted, core_sources
from partnerships.common.refusals import Refused, WorkflowError


def has_origins(user: Any, model: type[Model]) -> Q:
    """The condition on rows of a model that there is something to tell, for a page that reads its record with
    `has_origins`: of most there is nothing, and nothing more is asked."""
    found = [source.grown(user, model) for source in core_sources() if source.grown is not None]
    return reduce(or_, found, Q(pk__in=[]))


def origins_of(user: Any, record: Any) -> list[Hit]:
    """Where a record came from, as far as this user may see it."""
    if not getattr(record, "has_origins", True):
        return []
    tellers = [source.grew_from for source in core_sources() if source.grew_from is not None]
    return [hit for tell in tellers for hit in tell(user, record)]


def noted_about(user: Any, organization: Any) -> list[Noted]:
    """What apps above have noted about a partner, as far as this user may see it."""
    tellers = [source.on_partner for source in core_sources() if source.on_partner is not None]
    return [found for tell in tellers if (found := tell(user, organization)) is not None]


def link_back(request: HttpRequest, record: Any) -> None:
    """Link a record that was just made with what the address of its form says it grows out of
    (`Source.grow_from`). The record stands also where that has moved on meanwhile: its maker is told."""
    for source in core_sources():
        if source.grow_from is None:
            continue
        try:
            source.grow_from(request.user, request.GET, record)
        except (WorkflowError, Refused) as refused:
            messages.warning(request, str(refused))
