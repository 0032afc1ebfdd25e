"""Rows kept in memory: (owner's e-mail, title, hours from now)."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from partnerships.common.direction import Bar, Direction, Entry, Hit, OpenRow, Stat, Todo
from partnerships.common.text import fold

ROWS: list[tuple[str, str, float | None]] = []


def mine(user: Any) -> list[tuple[str, str, float | None]]:
    return [row for row in ROWS if user.is_authenticated and row[0] == user.email]


def due(hours: float | None) -> Any:
    return None if hours is None else timezone.now() + timedelta(hours=hours)


def todos(user: Any) -> list[Todo]:
    return [Todo(title, "Nümunə", "/menu/", due(hours)) for _owner, title, hours in mine(user)]


def search(user: Any, words: str, limit: int) -> list[Hit]:
    found = [title for _owner, title, _hours in mine(user) if words in fold(title)]
    return [Hit(title, "", "/menu/", "Nümunələr") for title in found[:limit]]


def calendar(user: Any, first: date, last: date) -> list[Entry]:
    return [
        Entry(f"row-{fold(title)}", title, due(hours), due(hours + 1), "3 nömrəli otaq", "/menu/")
        for _owner, title, hours in mine(user)
        if hours is not None
    ]


DIRECTION = Direction(
    key="sample",
    name="Nümunə",
    short_name="Nümunə",
    summary="Sınaq üçün istiqamət.",
    invitation="Nümunəyə müraciət et",
    css="d-research",
    url_name="research:index",
    todos=todos,
    search=search,
    calendar=calendar,
    stats=lambda user: [Stat(str(len(mine(user))), "nümunə")],
    bars=lambda user: ("Yerlər", [Bar("Bakı RETSİ", 22, 30)]) if mine(user) else [],
    open_count=lambda: (3, "3 boş yer"),
    open_rows=lambda limit: [
        OpenRow("Gec bağlanan", "İnternship", "Aran RETSİ", None, due(900), "/research/"),
        OpenRow("Tez bağlanan", "Təcrübə", "Bakı RETSİ", 3, due(121), "/research/"),
    ][:limit],
)
