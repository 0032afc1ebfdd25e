"""What the list of agreements is narrowed by; the address holds the filter."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from partnerships.agreements.enums import REVIEW_STATES, SIGNING_STATES, AgreementKind, AgreementState
from partnerships.agreements.models import Agreement, AgreementType
from partnerships.common.compiled import compiled
from partnerships.common.paging import capped_counts, narrowed
from partnerships.common.text import fold

STATES: dict[str, tuple[str, ...]] = {
    "draft": (AgreementState.PROPOSED, AgreementState.DRAFT, *REVIEW_STATES),
    "signing": SIGNING_STATES,
    "ended": (
        AgreementState.TERMINATED,
        AgreementState.SUPERSEDED,
        AgreementState.REJECTED,
        AgreementState.WITHDRAWN,
    ),
}
WORDS = 6  # words of a search that are looked at


@dataclass(frozen=True)
class Pill:
    label: str
    url: str
    count: int
    more: bool
    on: bool


def in_show(rows: Any, show: str, user: Any) -> Any:
    """The rows that a pill stands for."""
    if show in STATES:
        return rows.filter(state__in=STATES[show])
    match show:
        case "mine":
            return rows.waiting_for(user)
        case "decide":
            return rows.to_decide_soon()
        case "in_force":
            return rows.in_force()
        case "expiring":
            return rows.expiring()
        case "expired":
            return rows.expired()
    return rows


def of_kind(rows: Any, kind: str, _user: Any = None) -> Any:
    """Of a type by its key; framework agreements with the amendments that hold in their place."""
    if kind == AgreementKind.FRAMEWORK:
        return rows.frameworks()
    if kind == AgreementKind.AMENDMENT:
        return rows.filter(kind=kind)
    return rows.filter(type__key=kind).exclude(kind=AgreementKind.AMENDMENT)


class ListFilter:
    """State, kind, partner and words; a value that is unknown narrows nothing."""

    SHOWN = (
        "",
        "mine",
        "decide",
        "draft",
        "signing",
        "in_force",
        "expiring",
        "expired",
        "ended",
    )

    def __init__(self, params: QueryDict, user: Any) -> None:
        self._params, self._user = params, user
        self.query = params.get("q", "").strip()[:200]
        self.show = params.get("show", "") if params.get("show", "") in self.SHOWN else ""
        self.types = list(AgreementType.objects.only("key", "name_az", "name_en"))
        known = {AgreementKind.AMENDMENT.value, *(one.key for one in self.types)}
        self.kind = params.get("kind", "") if params.get("kind", "") in known else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.show or self.kind or fold(self.query))

    def _narrowed(self, rows: Any) -> Any:
        if self.kind:
            rows = of_kind(rows, self.kind)
        for word in fold(self.query).split()[:WORDS]:
            rows = rows.filter(folded__contains=word)
        return rows

    def rows(self) -> QuerySet[Agreement]:
        return in_show(self._narrowed(Agreement.objects.visible_to(self._user)), self.show, self._user)

    @property
    def pills(self) -> list[Pill]:
        labels = {
            "": _("All"),
            "mine": _("Wait for my signature"),
            "decide": _("To be decided"),
            "draft": _("In preparation"),
            "signing": _("Being signed"),
            "in_force": AgreementState.IN_FORCE.label,
            "expiring": _("End soon"),
            "expired": _("Over"),
            "ended": _("Ended, replaced, withdrawn"),
        }
        # Who sees what and what was searched is put into words once for all of them.
        base = self._narrowed(Agreement.objects.visible_to(self._user)).order_by().values("pk")
        rows = Agreement.objects.filter(pk__in=compiled(base))
        counts = capped_counts({show: in_show(rows, show, self._user) for show in labels})
        found = []
        for show, label in labels.items():
            count, more = counts[show]
            if count or show in ("", self.show):
                found.append(
                    Pill(str(label), narrowed(self._params, show=show), count, more, self.show == show)
                )
        return found

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        amendments = (AgreementKind.AMENDMENT.value, AgreementKind.AMENDMENT.label)
        return [("", _("All kinds")), *((one.key, one.name) for one in self.types), amendments]
