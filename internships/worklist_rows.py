"""The rows of the working list, with what a line says of each. Its rounds and states: worklists.py; what it
says: views/worklist_lines.py."""

from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet

from internships.models import Application, Choice
from internships.worklists import with_due
from partnerships.common.counting import Counted
from partnerships.common.prepared import PreparedRows
from partnerships.common.sharing import attached, sharing
from partnerships.directory.models import Organization, Person


def with_list_columns(rows: QuerySet[Application], *more: str) -> QuerySet[Application]:
    """What a line of the list shows and its buttons look at; nothing more is asked per row. `more`: others
    that the application names."""
    choices = _shown_choices(Choice.objects.all()).order_by("rank")
    return _shown(sharing(rows), *more).prefetch_related(Prefetch("choices", sharing(choices)))


class Unit(NamedTuple):
    pk: int
    name: str
    name_en: str


class Place(NamedTuple):
    """What a line says of a place: as a position and its unit have it."""

    title_az: str
    title_en: str | None
    unit: Unit


def rows_by_keys(keys: list[int]) -> list[Application]:
    """The rows of a page by their keys, with `due_at` and `interview_at`, and of their choices what `wishes`
    says: one query. What a line says of a row stands in views/worklist_lines.py."""
    rows = _ROWS(keys)
    known: dict[int | None, Place | None] = {None: None}
    for row in rows:
        own = row.__dict__
        if (key := own["first"]) not in known:
            unit = Unit(*(own[name] for name in _UNIT))
            known[key] = Place(own["first_az"], own["first_en"], unit)
        own["wishes"] = known[key], own["named"]
    return rows


def wishes(row: Application) -> tuple[Any, int]:
    """The first of the places that it names, and how many it names in all."""
    if (told := row.__dict__.get("wishes")) is not None:  # by `rows_by_keys`
        return told  # type: ignore[no-any-return]
    choices = attached(row, "choices")
    return (choices[0].vacancy.position if choices else None), len(choices)


def _shown(rows: QuerySet[Application], *more: str) -> QuerySet[Application]:
    named = (
        *("person", "unit", "university", "affiliation__study__specialty", "programme__host"),
        "offered_vacancy__position__unit",
    )
    return rows.select_related(*named, *more).only(*_LINE, *more)


def _shown_choices(rows: QuerySet[Choice]) -> QuerySet[Choice]:
    return rows.select_related("vacancy__position__unit").only(*_CHOICE)


def _wishing(rows: QuerySet[Application]) -> QuerySet[Application]:
    """With the place of the first rank, which every application that names places has (`set_choices` writes
    the ranks anew from one), and how many they are."""
    own = Choice.objects.filter(application=OuterRef("pk")).order_by().values("pk")
    at_first = FilteredRelation("choices", condition=Q(choices__rank=1))
    columns = {name: F(f"at_first__vacancy__{path}") for name, path in _WISH.items()}
    return rows.annotate(at_first=at_first).annotate(named=Counted(own), **columns)


# Twelve tables have some two hundred columns, and to name them all costs more than to read them.
_POSITION = ("title_az", "title_en", *(f"unit__{name}" for name in Organization.SHOWN))
_CHOICE = ("application", "rank", *(f"vacancy__position__{name}" for name in _POSITION))
_UNIT = "first_unit", "first_unit_name", "first_unit_en"
_WISH = {
    "first": "position_id",
    "first_az": "position__title_az",
    "first_en": "position__title_en",
    **dict(zip(_UNIT, ("position__unit_id", "position__unit__name", "position__unit__name_en"), strict=True)),
}
_LINE = (
    *("uid", "number", "state", "state_since", "submitted_at", "score", "offer_expires"),
    *(f"person__{name}" for name in Person.SHOWN),
    "person__sort_key",
    *(f"unit__{name}" for name in Organization.SHOWN),
    *(f"university__{name}" for name in Organization.SHOWN),
    *("affiliation__study__year", "affiliation__study__specialty__name"),
    "affiliation__study__specialty__name_en",
    "programme__host__path",
    *(f"offered_vacancy__position__{name}" for name in _POSITION),
)
_ROWS: PreparedRows[Application] = PreparedRows(
    lambda keys: _wishing(_shown(with_due(Application.objects.filter(pk__in=keys).order_by(), None)))
)


def with_export_columns(rows: QuerySet[Application]) -> QuerySet[Application]:
    """What `with_list_columns` reads, for thousands of rows: what many rows share (units, positions, rounds,
    specialties) is read and built once, not again for each row."""
    choices = Choice.objects.prefetch_related("vacancy__position__unit").order_by("rank")
    return rows.select_related("person", "affiliation__study").prefetch_related(
        "unit",
        "university",
        "programme__host",
        "offered_vacancy__position__unit",
        "affiliation__study__specialty",
        Prefetch("choices", choices),
    )
