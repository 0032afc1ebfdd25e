from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import get_language, ngettext_lazy

from partnerships.common.letters import Letter, ReminderRule
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization, Person

WORDS = {"az": ("Ad dəyişdi", "Yeni ad"), "en": ("The name has changed", "New name")}


class Says:
    """Words in the reader's language, as gettext would give them, without a catalogue of the tests' own."""

    def __init__(self, az: str, en: str) -> None:
        self.az, self.en = az, en

    def __str__(self) -> str:
        return self.az if get_language() == "az" else self.en

    def __mod__(self, values: dict[str, Any]) -> str:
        return str(self) % values


def members(change: Any, organization: Any) -> Iterable[Person]:
    return Person.objects.filter(affiliations__organization=organization)


def keepers(change: Any, organization: Any) -> Iterable[Person]:
    return members(change, organization).filter(affiliations__role=Role.COORDINATOR)


def broken(change: Any, organization: Any) -> Iterable[Person]:
    raise LookupError("the audience of this letter cannot be found")


def named(change: Any, organization: Any) -> dict[str, Any]:
    return {"name": organization.name}


def path(organization: Any) -> str:
    return f"/organizations/{organization.slug}/"


def letter(kind: str, *verbs: str, **more: Any) -> Letter:
    values: dict[str, Any] = {
        "model": "directory.Organization",
        "audience": members,
        "subject": Says("Ad dəyişdi: %(name)s", "The name has changed: %(name)s"),
        "body": Says("Yeni ad: %(name)s.\n\nSiyahıya baxın.", "The new name: %(name)s.\n\nSee the list."),
        "label": Says("Təşkilatlar", "Organisations"),
        "context": named,
        "url": path,
        "action": Says("Bax", "Look"),
        **more,
    }
    return Letter(kind=kind, verbs=verbs, **values)


LETTERS = [
    letter("sample.kept", "handed_over", audience=keepers, label=Says("Əlaqələndirmə", "Coordination")),
    letter("sample.renamed", "rename", "handed_over"),
    letter("sample.closing", "close", urgent=True, label=Says("Bağlanma", "Closing")),
    letter("sample.quiet", "tidy", mail=False, label=Says("Səliqə", "Tidying")),
    letter("sample.many", "join", many=ngettext_lazy("%(n)s yer açıldı", "%(n)s yer açıldı", "n")),
    letter("sample.broken", "break", audience=broken, label=Says("Xəta", "Error")),
]


def to_check() -> Any:
    return Organization.objects.filter(is_active=True).exclude(checked_at=None)


def who_checks(organization: Any, offset: timedelta) -> Iterable[Person]:
    """The coordinators; from the day after, the leadership as well."""
    roles = [Role.COORDINATOR] if offset > timedelta(0) else [Role.COORDINATOR, Role.LEADERSHIP]
    return Person.objects.filter(affiliations__organization=organization, affiliations__role__in=roles)


REMINDERS = [
    ReminderRule(
        kind="sample.check",
        model="directory.Organization",
        due="checked_at",
        rows=to_check,
        offsets=(timedelta(days=7), timedelta(days=1), timedelta(days=-1)),
        audience=who_checks,
        subject=Says("Məlumatı yoxlayın: %(name)s", "Check the facts: %(name)s"),
        body=Says("Yoxlama gözlənilir: %(name)s.", "A check is due: %(name)s."),
        label=Says("Yoxlama", "Checks"),
        context=lambda organization: {"name": organization.name},
        url=path,
        action=Says("Yoxla", "Check"),
    )
]
