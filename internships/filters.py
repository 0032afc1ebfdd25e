"""What the lists of this direction are narrowed by; the address holds the filter."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from internships.enums import ProgrammeKind
from internships.models import Position, Vacancy
from internships.place_rows import with_columns
from partnerships.calls.models import Deadline, Step
from partnerships.common.paging import in_order, narrowing
from partnerships.common.prepared import PreparedRows
from partnerships.common.text import fold, folded_words, slug, sort_key
from partnerships.directory.asked import asked
from partnerships.directory.cities import city_in_words
from partnerships.directory.models import Organization, Specialty


@dataclass(frozen=True)
class Pill:
    """One choice of a filter: a link that puts it on, or takes it off when it is on."""

    label: str
    url: str
    on: bool = False
    count: int | None = None


@dataclass(frozen=True)
class PillMenu:
    """Pills that open from one, such as the enterprises."""

    label: str
    pills: list[Pill]

    @property
    def chosen(self) -> Pill | None:
        return next((pill for pill in self.pills if pill.on), None)


@dataclass(frozen=True)
class _Fact:
    """So many open places that are alike in what one can filter by."""

    kind: str
    paid: bool
    path: str
    city: str
    root_city: str
    starts: date
    count: int

    @property
    def where(self) -> str:
        return self.city or self.root_city

    @property
    def enterprise(self) -> int:
        """The node below the company to which the unit belongs; the company itself where there is none."""
        nodes = [int(part) for part in self.path.split(".") if part]
        return nodes[min(1, len(nodes) - 1)]

    @property
    def month(self) -> str:
        return f"{self.starts:%Y-%m}"


class PlaceFilter:
    """Open places, searched and narrowed by what stands in the address.

    A value that is unknown (an old address, a mistyped one) narrows nothing. `among`: of these places
    instead of the open ones.
    """

    NAMES = ("kind", "pay", "city", "unit", "specialty", "period")

    def __init__(self, params: QueryDict, among: Any = None) -> None:
        self._params = params
        self.query = params.get("q", "").strip()[:200]
        self._among = among
        self._written: dict[str, Callable[[str], str]] = {}
        known: dict[str, Callable[[], Any]] = {
            "kind": lambda: ProgrammeKind.values,
            "pay": lambda: ("paid", "unpaid"),
            "city": lambda: self._cities,
            "unit": lambda: [node.slug for node in self._enterprises.values()],
            "specialty": lambda: [specialty.code for specialty in self._specialties],
            "period": lambda: [fact.month for fact in self._facts],
        }
        # What there is to choose from is read for what was chosen alone.
        self.asked = {
            name: str(params[name]) for name in known if params.get(name) and params[name] in known[name]()
        }

    # what there is to choose from ------------------------------------------------------------------

    @cached_property
    def _facts(self) -> list[_Fact]:
        return [_Fact(*row) for row in (_open_facts() if self._among is None else _facts(self._among))]

    @cached_property
    def _cities(self) -> dict[str, str]:
        names = sorted({fact.where for fact in self._facts if fact.where}, key=sort_key)
        return {slug(name): name for name in names}

    @cached_property
    def _enterprises(self) -> dict[int, Organization]:
        keys = {fact.enterprise for fact in self._facts}
        nodes = sorted({node.pk: node for node in _NODES(sorted(keys))}.values(), key=_place)
        return {node.pk: node for node in nodes}

    @cached_property
    def _specialties(self) -> list[Specialty]:
        return list(_open_specialties() if self._among is None else _specialties(self._among))

    @property
    def total(self) -> int:
        """How many open places there are before narrowing."""
        return sum(fact.count for fact in self._facts)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.asked) or bool(fold(self.query))

    # the places ------------------------------------------------------------------------------------

    def rows(self) -> QuerySet[Vacancy]:
        """The places asked for, with what a row shows, the deadline as `closes` and seats as `free`."""
        rows = about(_shown(Vacancy.objects.open() if self._among is None else self._among), self.query)
        for name in self.asked:
            rows = self.narrow(rows, name)
        return rows

    def narrow(self, rows: Any, name: str) -> Any:
        """Rows by one of what was asked: none where no place has such a value."""
        return rows.filter(self._test(name, self.asked[name])) if name in self.asked else rows.none()

    def _test(self, name: str, value: str) -> Q:
        match name:
            case "kind":
                return Q(position__programme__kind=value)
            case "pay":
                return Q(position__programme__paid=value == "paid")
            case "city":
                city = self._cities[value]
                at_unit = Q(position__unit__city=city)
                return at_unit | Q(position__unit__city="", position__unit__root__city=city)
            case "unit":
                node = next(node for node in self._enterprises.values() if node.slug == value)
                return Q(position__unit__path__startswith=node.path)
            case "specialty":
                return ~Exists(_specialties_of_place()) | Exists(_specialties_of_place(specialty__code=value))
            case _:
                year, month = value.split("-")
                return Q(period__starts__year=year, period__starts__month=month)

    def by_city(self) -> Any:
        """(city of the unit, else of the company, "" of neither; how many) of the places asked for."""
        rows = Vacancy.objects.filter(pk__in=self.rows().order_by().values("pk")).order_by()
        unit, company = "position__unit__city", "position__unit__root__city"
        there = rows.annotate(city=Case(When(**{unit: ""}, then=F(company)), default=F(unit)))
        return there.values_list("city").annotate(Count("pk"))

    # the pills -------------------------------------------------------------------------------------

    def _pill(self, name: str, value: str, label: Any, count: int | None = None) -> Pill:
        on = self.asked.get(name) == value
        return Pill(str(label), self._to(name)("" if on else value), on, count)

    def _to(self, name: str) -> Callable[[str], str]:
        """value -> the address narrowed by it; "" is the address without."""
        if name not in self._written:
            self._written[name] = narrowing(self._params, name)
        return self._written[name]

    def _count(self, facts: Iterable[bool]) -> int:
        return sum(fact.count for fact, fits in zip(self._facts, facts, strict=True) if fits)

    @property
    def pills(self) -> list[Pill]:
        """Kind and pay, each with the number of open places."""
        kinds = [
            self._pill("kind", kind, label, self._count(fact.kind == kind for fact in self._facts))
            for kind, label in ProgrammeKind.choices
        ]
        paid = self._count(fact.paid for fact in self._facts)
        pays = [
            self._pill("pay", "paid", _("Paid"), paid),
            self._pill("pay", "unpaid", _("Unpaid"), self.total - paid),
        ]
        return [pill for pill in kinds + pays if pill.count or pill.on]

    @property
    def menus(self) -> list[PillMenu]:
        months = sorted({fact.month: fact.starts for fact in self._facts}.items())
        menus = [
            PillMenu(
                _("City"),
                [self._pill("city", key, city_in_words(name)) for key, name in self._cities.items()],
            ),
            PillMenu(
                _("Enterprise"),
                [self._pill("unit", node.slug, node) for node in self._enterprises.values()],
            ),
            PillMenu(
                _("Specialty"), [self._pill("specialty", item.code, item) for item in self._specialties]
            ),
            PillMenu(
                _("Begins in"),
                [self._pill("period", key, date_format(starts, "F Y")) for key, starts in months],
            ),
        ]
        return [menu for menu in menus if len(menu.pills) > 1 or menu.chosen]


def _facts(rows: Any) -> Any:
    alike = (
        "position__programme__kind",
        "position__programme__paid",
        "position__unit__path",
        "position__unit__city",
        "position__unit__root__city",
        "period__starts",
    )
    return rows.order_by().values_list(*alike).annotate(n=Count("pk"))


def _specialties(rows: Any) -> Any:
    positions = rows.order_by().values("position")
    return Specialty.objects.filter(position__in=positions).distinct().order_by("sort_key", "code")


def _shown(rows: Any) -> Any:
    closes = Deadline.objects.filter(call=OuterRef("position__programme__call"), step=Step.APPLY)
    return (
        rows.select_related("pool", "period", "position__unit__root", "position__programme__host")
        .annotate(closes=Subquery(closes.values("at")[:1]))
        .annotate(free=F("pool__capacity") - F("pool__taken"))
    )


@asked
def _open_facts() -> Any:
    return _facts(Vacancy.objects.open())


@asked
def _open_specialties() -> Any:
    return _specialties(Vacancy.objects.open())


@asked
def open_places(order: tuple[str, ...]) -> Any:
    """All open places, as the list has them where nothing narrows it: `PlaceFilter.rows` in kept words."""
    return in_order(with_columns(_shown(Vacancy.objects.open())), order)


_NODES = PreparedRows(lambda keys: Organization.objects.filter(pk__in=keys))


def _place(node: Organization) -> tuple[Any, ...]:
    return node.sort_key, node.pk


def _specialties_of_place(**narrowed: Any) -> QuerySet[Any]:
    return Position.specialties.through.objects.filter(position=OuterRef("position"), **narrowed)


def about(rows: Any, typed: str, _user: Any = None) -> Any:
    """Places that each of these words is about."""
    for word in folded_words(typed):
        rows = rows.filter(_about(word))
    return rows


def _about(word: str) -> Q:
    """Places whose title, programme, unit, company, specialties or welcome skills hold this folded word."""
    skills = Position.skills.through.objects.filter(
        position=OuterRef("position"), skill__folded__contains=word
    )
    return (
        Q(position__folded__contains=word)
        | Q(position__programme__folded__contains=word)
        | Q(position__unit__folded__contains=word)
        | Q(position__programme__host__folded__contains=word)
        | Exists(_specialties_of_place(specialty__folded__contains=word))
        | Exists(skills)
    )
