"""The door to a page that reads its row itself: `common.access.access` for the key alone, in kept words."""

from typing import Any
from uuid import UUID

from django.db import models
from django.http import Http404, HttpRequest

from partnerships.directory.asked import asked
from partnerships.directory.models import Person


def key_seen(model: type[models.Model], uid: UUID, user: Any) -> int:
    """The key of the row with this uid. Raises Http404 where `user` may not see it, or it is not there."""
    for row in _seen(user, model, uid)[:1]:
        return int(row.pk)
    raise Http404


def is_seen(model: type[models.Model], uid: UUID, user: Any) -> bool:
    """The same as an answer: of a row that is named on the page of another."""
    return bool(_seen(user, model, uid)[:1])


def own_person(request: HttpRequest) -> Person:
    """The person of the account. Raises Http404 where it has none, as one that createsuperuser made."""
    person = Person.objects.filter(user=request.user).first()
    if person is None:
        raise Http404
    return person


@asked
def _seen(user: Any, model: Any, uid: UUID) -> Any:
    # A uid is one row's alone: no order.
    return model._default_manager.visible_to(user).filter(uid=uid).order_by().only("pk")
