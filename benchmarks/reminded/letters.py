"""Two rules whose audience is read with its objects, as a rule for many should have it: one about what
everybody may see, one about what each may see by a right of their own."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from partnerships.common.letters import ReminderRule
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Organization, Person


def to_check() -> Any:
    rows = Organization.objects.exclude(checked_at=None)
    return rows.prefetch_related("affiliations__person")


def coordinators(organization: Any, _offset: timedelta) -> Iterable[Person]:
    return [row.person for row in organization.affiliations.all()]


def roles() -> Any:
    return Affiliation.objects.filter(role=Role.COORDINATOR).select_related("person")


def oneself(role: Any, _offset: timedelta) -> Iterable[Person]:
    return [role.person]


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
    ),
    ReminderRule(
        kind="bench.role",
        model="directory.Affiliation",
        due="state_since",
        rows=roles,
        offsets=(timedelta(days=1),),
        audience=oneself,
        subject="Rolunuzu təsdiqləyin: %(name)s",
        body="Təsdiq gözlənilir: %(name)s.\n\nSəhifəni açın və rolunuzun davam etdiyini təsdiqləyin.",
        label="Rolun təsdiqi",
        context=lambda role: {"name": role.person.name},
        url=lambda _role: "/profile/",
        action="Təsdiqlə",
    ),
]
