"""One rule whose audience is read with its objects, as a rule for many should have it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from partnerships.common.direction import ReminderRule
from partnerships.directory.models import Organization, Person


def to_check() -> Any:
    rows = Organization.objects.exclude(checked_at=None)
    return rows.prefetch_related("affiliations__person")


def coordinators(organization: Any, _offset: timedelta) -> Iterable[Person]:
    return [row.person for row in organization.affiliations.all()]


REMINDERS = [
    ReminderRule(
        kind="bench.check",
        model="directory.Organization",
        due="checked_at",
        rows=to_check,
        offsets=(timedelta(days=1),),
        audience=coordinators,
        subject="Məlumatı yoxlayın: %(name)s",
        body="Yoxlama gözlənilir: %(name)s.\n\nSəhifəni açın və məlumatın doğru olduğunu təsdiqləyin.",
        label="Yoxlama",
        context=lambda organization: {"name": organization.slug},
        url=lambda organization: f"/organizations/{organization.slug}/",
        action="Yoxla",
    )
]
