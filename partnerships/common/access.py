"""The door to a row: what cannot be seen is 404, what can be seen but not done is 403 with a reason."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from partnerships.common.refusals import Refused

M = TypeVar("M", bound=models.Model)


def access(source: type[M] | models.QuerySet[M], uid: Any, user: Any, may: Any = None, **filters: Any) -> M:
    """The row with this uid, if `user` may see it and, with `may`, a predicate (user, row), may do that.

    `source` is a model or a queryset to draw from (to prefetch or narrow it); both need `visible_to`.
    Raises Http404 to a stranger and Refused to someone who sees the row but may not do the thing.
    """
    queryset = source if isinstance(source, models.QuerySet) else source._default_manager.all()
    found = queryset.visible_to(user).filter(uid=uid, **filters).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    if may is not None:
        demand(user, found, may)
    return found


def demand(user: Any, row: Any, may: Any) -> None:
    """Refused to someone who came through the door but may not do the thing, where `access` was not asked:
    the row was read in full only afterwards."""
    if not may(user, row):
        raise Refused(
            _("Your role does not include this. If you believe that it should, write to your coordinator.")
        )


def uid_if_seen(model: type[models.Model], user: Any, field: str) -> Subquery:
    """For a queryset of rows that name another: the uid of the row behind `field`, and nothing where `user`
    may not see that one. Costs no query of its own."""
    seen = model._default_manager.visible_to(user)  # type: ignore[attr-defined]
    return Subquery(seen.filter(pk=OuterRef(field)).values("uid")[:1])
