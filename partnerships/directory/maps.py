"""Where organisations are, as a picture: Azerbaijan by its cities, the rest of the world by countries.

Outlines and points are data (data/maps.json); how they were made stands in docs/directory.md.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

from babel import Locale
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partnerships.common.text import fold, sort_key
from partnerships.directory.cities import city_in_words
from partnerships.directory.models import Organization

HOME = "AZ"
WIDTH = 1000  # units of a picture; its height follows
_DATA = Path(__file__).parent / "data" / "maps.json"
_LEAST_SIGHT = 420  # units of the world that are shown at least, a fifth of it
_LETTER, _LINE = 12.5, 24  # width of a letter and height of a line of names on a desk
_PHONE = 1.6  # on a phone the picture is smaller, and its names larger
_GAP = 6
Box = tuple[float, float, float, float]  # left, top, right, bottom


@cache
def _sheets() -> dict[str, Any]:
    sheets: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    cities = sheets["az"]["places"]
    sheets["az"]["spelt"] = {fold(city): city for city in cities}
    return sheets


@dataclass(frozen=True)
class Place:
    """A city of Azerbaijan, "" where none was named; or a country."""

    country: str
    city: str = ""

    @classmethod
    def of(cls, country: str, city: str) -> "Place":
        """The place of an organisation; cities abroad are not told apart, spellings of one city neither."""
        if country != HOME:
            return cls(country)
        city = " ".join(city.split())
        return cls(HOME, _sheets()["az"]["spelt"].get(fold(city), city))

    @classmethod
    def read(cls, key: str) -> "Place | None":
        """What `key` wrote: "AZ-Gəncə", "AZ-", "TR"; None of anything else."""
        country, dash, city = key[:140].partition("-")
        if dash:
            return cls.of(HOME, city) if country == HOME else None
        known = country != HOME and country in Locale("en").territories and len(country) == 2
        return cls(country) if known else None

    @property
    def key(self) -> str:
        return f"{HOME}-{self.city}" if self.country == HOME else self.country

    def __str__(self) -> str:
        if self.country != HOME:
            return country_in_words(self.country)
        return city_in_words(self.city) or _("Azerbaijan, no city named")

    def among(self, field: str = "") -> Q:
        """Organisations there; `field` leads to them from other rows."""
        to = f"{field}__" if field else ""
        if self.country != HOME:
            return Q(**{f"{to}country": self.country})
        cities = Organization.objects.roots().filter(country=HOME).order_by().values_list("city", flat=True)
        spelt = [city for city in cities.distinct() if fold(city) == fold(self.city)]
        return Q(**{f"{to}country": HOME, f"{to}city__in": spelt})


def country_in_words(code: str) -> str:
    """A country as the reader's language calls it; the code where it has no name."""
    return Locale((get_language() or "az")[:2]).territories.get(code) or code


@dataclass(frozen=True)
class Spot:
    """A place with how many are there, and how it is drawn: point, radius, and where its name stands, on a
    desk and on a phone; without one where no room was left."""

    place: Place
    count: int
    url: str
    x: float = 0
    y: float = 0
    r: float = 0
    name: tuple[float, float, str] | None = None
    name_on_phone: tuple[float, float, str] | None = None

    @property
    def label(self) -> str:
        return str(self.place)


@dataclass(frozen=True)
class Picture:
    """`shift` is what brings the outline, in the units of its data, under the spots. Spots: the large first,
    so that none hides a small one."""

    key: str
    title: str
    height: int
    outline: str
    shift: str
    spots: list[Spot]


@dataclass(frozen=True)
class Atlas:
    """`spots`: every place, the fullest first, those too that no picture has."""

    pictures: list[Picture]
    spots: list[Spot]

    @property
    def undrawn(self) -> bool:
        """Whether some place stands in the table alone."""
        return len(self.spots) > sum(len(picture.spots) for picture in self.pictures)


def atlas(
    found: Iterable[tuple[str, str, int]], address: Callable[[Place], str] = lambda _place: ""
) -> Atlas:
    """Pictures and table of (country, city, how many); `address` of the list of one place."""
    counts: dict[Place, int] = {}
    for country, city, count in found:
        place = Place.of(country, city)
        counts[place] = counts.get(place, 0) + count
    spots = [Spot(place, count, address(place)) for place, count in counts.items()]
    spots.sort(key=lambda spot: (-spot.count, sort_key(spot.label)))
    home = [spot for spot in spots if spot.place.country == HOME]
    abroad = [spot for spot in spots if spot.place.country != HOME]
    pictures = [_azerbaijan(home), _world(abroad)]
    return Atlas([picture for picture in pictures if picture.spots], spots)


def _azerbaijan(spots: list[Spot]) -> Picture:
    sheet = _sheets()["az"]
    points = {spot: sheet["places"].get(spot.place.city) for spot in spots}
    drawn = [_at(spot, *point) for spot, point in points.items() if point]
    return Picture("az", _("Azerbaijan"), sheet["height"], sheet["outline"], "", _named(drawn))


def _world(spots: list[Spot]) -> Picture:
    """As much of the world as has what is shown, with Azerbaijan."""
    sheet = _sheets()["world"]
    points = {spot: sheet["places"].get(spot.place.country) for spot in spots}
    seen = [point for point in points.values() if point]
    left, top, width, height = _sight([*seen, sheet["places"][HOME]], sheet)
    k = WIDTH / width
    drawn = [_at(s, (p[0] - left) * k, (p[1] - top) * k) for s, p in points.items() if p]
    shift = f"scale({k:.4f}) translate({-left:.1f} {-top:.1f})"
    return Picture("world", _("Abroad"), round(height * k), sheet["outline"], shift, _named(drawn))


def _sight(points: list[Any], sheet: dict[str, Any]) -> tuple[float, float, float, float]:
    """Left, top, width and height of what shows these points with room around them, twice as wide as high."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    width = max((max(xs) - min(xs)) * 1.3, (max(ys) - min(ys)) * 2.8, _LEAST_SIGHT)
    width = min(width, sheet["width"])
    height = min(width / 2, sheet["height"])
    left = (min(xs) + max(xs) - width) / 2
    top = (min(ys) + max(ys) - height) / 2
    left = min(max(left, 0), sheet["width"] - width)
    return left, min(max(top, 0), sheet["height"] - height), width, height


def _at(spot: Spot, x: float, y: float) -> Spot:
    return replace(spot, x=round(x), y=round(y), r=round(min(10 + 5 * sqrt(spot.count), 44)))


def _named(spots: list[Spot]) -> list[Spot]:
    """With their names where these cover no other spot or name; the fullest places choose first."""
    on_desk = [(one.x - one.r, one.y - one.r, one.x + one.r, one.y + one.r) for one in spots]
    on_phone = list(on_desk)
    return [
        replace(spot, name=_room(spot, on_desk, 1), name_on_phone=_room(spot, on_phone, _PHONE))
        for spot in spots
    ]


def _room(spot: Spot, taken: list[Box], size: float) -> tuple[float, float, str] | None:
    """Where its name stands: right, left, above or below of it. What it takes is taken from then on."""
    width, line, beside = len(spot.label) * _LETTER * size, _LINE * size, spot.r + _GAP
    ways = (
        (spot.x + beside, spot.y + line / 3, "start", spot.x + beside),
        (spot.x - beside, spot.y + line / 3, "end", spot.x - beside - width),
        (spot.x, spot.y - beside, "middle", spot.x - width / 2),
        (spot.x, spot.y + beside + line * 0.7, "middle", spot.x - width / 2),
    )
    for x, y, anchor, left in ways:
        box = (left, y - line * 0.8, left + width, y + line * 0.2)
        if box[0] >= 0 and box[2] <= WIDTH and not any(_meet(box, other) for other in taken):
            taken.append(box)
            return round(x), round(y), anchor
    return None


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
