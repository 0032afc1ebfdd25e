"""What kinds of texts there are: which places each may name, who signs in which order.

A direction gives its own as AGREEMENTS in `<direction>/agreements.py`; nothing else has to be registered.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partnerships.agreements.enums import AgreementKind, PartyRole

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class FirstText:
    """The text with which a kind starts; administrators write the next versions."""

    title_az: str
    title_en: str
    body_az: str
    body_en: str


def read_texts(folder: Path, name: str) -> FirstText:
    """`<name>.az.md` and `<name>.en.md`: the first line is the title, the rest the body."""
    parts = []
    for language in ("az", "en"):
        title, _line, body = (folder / f"{name}.{language}.md").read_text(encoding="utf-8").partition("\n")
        parts.append((title.lstrip("# ").strip(), body.strip()))
    (title_az, body_az), (title_en, body_en) = parts
    return FirstText(title_az, title_en, body_az, body_en)


def _nothing(agreement: Any) -> None:
    """What most kinds do when they come into force."""


@dataclass(frozen=True)
class TextKind:
    """A kind of text.

    key          "agreements.framework", "internships.placement"; label  for administrators
    kind         what an agreement with this text is
    roles        the parties in their order of signing; empty: two or more organisations of any kind
    series       of its numbers: SAZ-2026-00042
    places       name -> words, beside those that every text has (PLACES)
    first        () -> the text with which it starts
    amendment    key of the kind in which it is amended; "" when it is not
    called       role -> what the text calls that party, where it is not by the role
    in_force     (agreement) -> what follows for what it stands for, in the same transaction
    notice_days, needs_legal  what the first type with this text is set to; administrators change it
    """

    key: str
    label: Any
    kind: str
    roles: tuple[str, ...]
    series: str
    first: Callable[[], FirstText]
    places: dict[str, Any] = field(default_factory=dict)
    amendment: str = ""
    called: dict[str, Any] = field(default_factory=dict)
    in_force: Callable[[Any], None] = _nothing
    notice_days: int = 0
    needs_legal: bool = False

    @property
    def known_places(self) -> dict[str, Any]:
        found = {**PLACES, **self.places}
        for role in self.roles:
            found.update(party_places(role))
        if not self.roles:
            found["signatories"] = _("who signs for each party, as a list")
        if self.kind == AgreementKind.AMENDMENT:
            found.update(AMENDMENT_PLACES)
        return found


# What every text may name.
PLACES: dict[str, Any] = {
    "number": _("number of the agreement"),
    "day": _("the day on which the text was made"),
    "starts": _("first day"),
    "ends": _("last day, or that there is none"),
    "parties": _("all parties in their order"),
    "terms": _("special terms, as they were typed"),
    "notice_days": _("notice period in days"),
    "obligations": _("who owes what by when, as a list"),
    "parent": _("number of the agreement under which it stands"),
    "parent_day": _("first day of the agreement under which it stands"),
}
AMENDMENT_PLACES: dict[str, Any] = {"changes": _("what changes, as a list")}


def party_places(role: str) -> dict[str, Any]:
    label = PartyRole(role).label
    found: dict[str, Any] = {role: label}
    if role != PartyRole.STUDENT:
        found[f"{role}_signatory"] = _("%(party)s: who signs, with the position") % {"party": label}
    return found


def _between_any(name: str, label: Any, series: str, **more: Any) -> TextKind:
    """A kind of text for two or more organisations."""
    return TextKind(
        key=f"agreements.{name}",
        label=label,
        kind=more.pop("kind", AgreementKind.GENERAL),
        roles=(),
        series=series,
        first=lambda: read_texts(DATA, name),
        amendment="agreements.any_amendment",
        **more,
    )


OWN = (
    TextKind(
        key="agreements.framework",
        label=_("Framework agreement"),
        kind=AgreementKind.FRAMEWORK,
        roles=(PartyRole.UNIVERSITY, PartyRole.COMPANY),
        series="SAZ",
        first=lambda: read_texts(DATA, "framework"),
        amendment="agreements.amendment",
        notice_days=90,
    ),
    TextKind(
        key="agreements.amendment",
        label=_("Amendment to a framework agreement"),
        kind=AgreementKind.AMENDMENT,
        roles=(PartyRole.UNIVERSITY, PartyRole.COMPANY),
        series="",
        first=lambda: read_texts(DATA, "amendment"),
        amendment="agreements.amendment",
    ),
    _between_any(
        "cooperation", _("Cooperation agreement of several parties"), "SAZ", notice_days=60, needs_legal=True
    ),
    _between_any("memorandum", _("Memorandum of understanding"), "MEM", notice_days=30),
    _between_any("nda", _("Non-disclosure agreement"), "MX", needs_legal=True),
    _between_any("any_amendment", _("Amendment to an agreement"), "", kind=AgreementKind.AMENDMENT),
)


@cache
def kinds() -> dict[str, TextKind]:
    """Every kind of text by its key: the core's, then the directions'."""
    found = {kind.key: kind for kind in OWN}
    for name in settings.DIRECTIONS:
        if find_spec(f"{name}.agreements"):
            found.update({kind.key: kind for kind in import_module(f"{name}.agreements").AGREEMENTS})
    return found


def kind_of(key: str) -> TextKind:
    """Raises KeyError for a key that no app gives."""
    return kinds()[key]
