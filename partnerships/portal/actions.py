"""The portal's own verbs."""

from typing import Any

from django.db import transaction
from django.db.models import F

from partnerships.portal.models import CalendarKey
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record


@transaction.atomic
def renew_calendar(owner: Any, *, actor: Any) -> CalendarKey:
    """Close the calendar addresses that `owner`, a user, has given out so far; the next one differs."""
    key, _created = CalendarKey.objects.get_or_create(user=owner)
    CalendarKey.objects.filter(pk=key.pk).update(number=F("number") + 1)
    key.refresh_from_db()
    record(key, "renew", actor=as_actor(actor))
    return key
