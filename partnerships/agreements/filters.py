"""What the list of agreements is narrowed by; the address holds the filter."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from partnerships.agreements.enums import AgreementKind, AgreementState
from partnerships.agreements.models import Agreement
from partnerships.common.paging import capped_count, narrowed
from partnerships.common.text import fold

WORDS = 6  # words of a search that are looked at


@dataclass(frozen=True)
class Pill:
    label: str
    url: str
    count: int
    more: bool
    on: bool


class ListFilter:
    """State, kind, partner and words; a value that is unknown narrows nothing."""

    SHOWN = ("", "mine", "signing", "in_force", "expiring", "expired", "draft", "ended")

    def __init__(self, params: QueryDict, user: Any) -> None:
        self._params, self._user = params, user
        self.query = params.get("q", "").strip()[:200]
        self.show = params.get("show", "") if params.get("show", "") in self.SHOWN else ""
        self.kind = params.get("kind", "") if params.get("kind", "") in AgreementKind.values else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.show or self.kind or fold(self.query))

    def _in_show(self, rows: Any, show: str) -> Any:
        match show:
            case "mine":
                return rows.waiting_for(self._user)
            case "signing" | "draft":
                return rows.filter(state=show)
            case "in_force":
                return rows.in_force()
            case "expiring":
                return rows.expiring()
            case "expired":
                return rows.expired()
            case "ended":
                return rows.filter(
                    state__in=(
                        AgreementState.TERMINATED,
                        AgreementState.SUPERSEDED,
                        AgreementState.WITHDRAWN,
                    )
                )
        return rows

    def _narrowed(self, rows: Any) -> Any:
        if self.kind == AgreementKind.FRAMEWORK:
            rows = rows.frameworks()
        elif self.kind:
            rows = rows.filter(kind=self.kind)
        for word in fold(self.query).split()[:WORDS]:
            rows = rows.filter(folded__contains=word)
        return rows

    def rows(self) -> QuerySet[Agreement]:
        return self._in_show(self._narrowed(Agreement.objects.visible_to(self._user)), self.show)

    @property
    def pills(self) -> list[Pill]:
        labels = {
            "": _("All"),
            "mine": _("Wait for my signature"),
            "signing": AgreementState.SIGNING.label,
            "in_force": AgreementState.IN_FORCE.label,
            "expiring": _("End soon"),
            "expired": _("Over"),
            "draft": AgreementState.DRAFT.label,
            "ended": _("Ended, amended, withdrawn"),
        }
        base = self._narrowed(Agreement.objects.visible_to(self._user))
        found = []
        for show, label in labels.items():
            count, more = capped_count(self._in_show(base, show))
            if count or show in ("", self.show):
                found.append(
                    Pill(str(label), narrowed(self._params, show=show), count, more, self.show == show)
                )
        return found

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        return [("", _("All kinds")), *AgreementKind.choices]
