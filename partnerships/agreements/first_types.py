"""Types of agreement: the first of each kind of text, which administrators then change."""

from typing import Any

from django.db.models import Q
from django.utils.translation import override

from partnerships.agreements.enums import AgreementKind
from partnerships.agreements.kinds import TextKind, kind_of, kinds
from partnerships.agreements.models import Agreement, AgreementType
from partnerships.directory.asked import asked


def type_of(text_kind: str) -> AgreementType:
    """The first type with this kind of text, made with what the kind starts with where there is none."""
    found = AgreementType.objects.filter(text_kind=text_kind).order_by("-active", "order", "pk").first()
    return found or _first_of(kind_of(text_kind))


def _first_of(kind: TextKind) -> AgreementType:
    names = {}
    for language in ("az", "en"):
        with override(language):
            names[f"name_{language}"] = str(kind.label)
    found, _made = AgreementType.objects.get_or_create(
        key=kind.key.rpartition(".")[2].replace("_", "-"),
        defaults={
            **names,
            "text_kind": kind.key,
            "notice_days": kind.notice_days,
            "needs_legal": kind.needs_legal,
            "order": list(kinds()).index(kind.key),
        },
    )
    return found


def load_types() -> int:
    """A type for every kind of text but amendments, and for every agreement its type. Safe at every start."""
    before = AgreementType.objects.count()
    for key, kind in kinds().items():
        if kind.kind != AgreementKind.AMENDMENT:
            own = Q(text_kind=key) | Q(root__text_kind=key)
            Agreement.objects.filter(own, type=None).update(type=type_of(key))
    return AgreementType.objects.count() - before


@asked
def _offered() -> Any:
    return AgreementType.objects.offered()


def offered_types() -> list[AgreementType]:
    """The types of which people make agreements themselves; an empty table is filled first."""
    found = list(_offered())
    if not found and not AgreementType.objects.exists():
        load_types()
        found = list(_offered())
    return found
