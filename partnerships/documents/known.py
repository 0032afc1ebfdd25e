"""What people write in tables, found in the portal: organisations and people by any name, the bounds of a
cell, and the columns in which anything is named."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.importer import Column, Row
from partnerships.common.text import fold
from partnerships.common.told import joined, spoken
from partnerships.directory.enums import NameKind
from partnerships.directory.models import Organization, Person

T = TypeVar("T", bound=Model)
NEAR = 5  # letters
NAME_LENGTH, ACRONYM_LENGTH, CITY_LENGTH = 255, 40, 120


class Known(Generic[T]):
    """Rows found by what people call them, letters forgiven. A former name counts where nobody has it now."""

    def __init__(self) -> None:
        self._now: dict[str, dict[int, T]] = {}
        self._once: dict[str, dict[int, T]] = {}

    def add(self, one: T, names: Iterable[str], former: Iterable[str] = ()) -> None:
        for kept, texts in ((self._now, names), (self._once, former)):
            for name in {fold(text) for text in texts if text} - {""}:
                kept.setdefault(name, {})[one.pk] = one

    def called(self, *texts: str | None) -> list[T]:
        """All whom one of these names means, each once."""
        found: dict[int, T] = {}
        for name in [fold(text) for text in texts if text]:
            found |= self._now.get(name) or self._once.get(name) or {}
        return list(found.values())

    def near(self, text: str) -> list[T]:
        """All of whose present names what is written is a part; a few letters are a part of too many."""
        part = fold(text)
        found = [kept for name, kept in self._now.items() if part in name] if len(part) >= NEAR else []
        return list({pk: one for kept in found for pk, one in kept.items()}.values())

    def only(self, row: Row, key: str, nobody: str, several: str, text: str | None = None) -> T | None:
        """The one that this column names, or `text` out of it; the row is refused with these words (which may
        hold %(name)s) where there is none, or several. None for an empty cell."""
        text = text or row.cleaned.get(key)
        found = self.called(text)
        if text and len(found) != 1:
            row.refuse(key, (several if found else nobody) % {"name": text})
        return found[0] if len(found) == 1 else None


class KnownOrganizations(Known[Organization]):
    """Found by name in either language, acronym or a former name; the rows may be units, too."""

    def __init__(self, rows: QuerySet[Organization]) -> None:
        super().__init__()
        for one in rows.prefetch_related("names"):
            self.know(one)

    def know(self, one: Organization) -> None:
        """One more, such as one that a row above has added."""
        kept = list(one.names.all())
        now = [name.text for name in kept if name.kind != NameKind.FORMER]
        former = [name.text for name in kept if name.kind == NameKind.FORMER]
        self.add(one, (one.name, one.name_en, one.acronym, *now), former)

    def of(self, row: Row, key: str, text: str | None = None) -> Organization | None:
        """The partner that this column names, or `text` out of it; the row is refused where there is none."""
        nobody = _("No partner is called so: %(name)s.")
        return self.only(row, key, nobody, _("Several organisations have this name: %(name)s."), text)

    def unit(self, row: Row, key: str, nobody: str) -> Organization | None:
        """The unit that this column names; the row is refused, with these words where there is none, and the
        one of whose longer name what is written is a part."""
        text = row.cleaned.get(key)
        near = self.near(text) if text and not self.called(text) else []
        if len(near) == 1:
            perhaps = _("Perhaps: %(name)s.") % {"name": spoken(lambda: near[0].display_name)}
            row.refuse(key, joined([nobody, perhaps]))
            return None
        return self.only(row, key, nobody, _("Several units have this name: write its full name."))


class KnownPeople(Known[Person]):
    """Found by name in either order, or by mail."""

    def __init__(self, people: Iterable[Person]) -> None:
        super().__init__()
        for person in people:
            self.add(person, (person.name, person.full_name, person.email))


def clean_length(most: int) -> Callable[[str], str]:
    """text -> the same, refused where it is longer."""

    def clean(text: str) -> str:
        if len(text) > most:
            raise ValidationError(_("At most %(most)d characters.") % {"most": most})
        return text

    return clean


def clean_whole(least: int, most: int) -> Callable[[str], int]:
    """text -> a whole number within these bounds."""

    def clean(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValidationError(_("A number from %(least)d to %(most)d.") % {"least": least, "most": most})
        return int(text)

    return clean


def name_column(*aliases: str, example: str, most: int = NAME_LENGTH) -> Column:
    """What a thing is called; `aliases`: the headings under which people name such things, besides "Ad"."""
    return Column(
        "name",
        gettext_lazy("Name in Azerbaijani"),
        ("Ad", "Adı", *aliases, "Name"),
        required=True,
        example=example,
        clean=clean_length(most),
    )


def english_name_column(example: str, most: int = NAME_LENGTH) -> Column:
    return Column(
        "name_en",
        gettext_lazy("Name in English"),
        ("İngiliscə adı", "Ad (ingiliscə)", "English name"),
        example=example,
        clean=clean_length(most),
    )


def acronym_column(example: str) -> Column:
    return Column(
        "acronym",
        gettext_lazy("Acronym"),
        ("Qısa adı", "Abreviatura", "Qısaltma", "Short name"),
        example=example,
        clean=clean_length(ACRONYM_LENGTH),
    )


def city_column(*aliases: str) -> Column:
    return Column(
        "city",
        gettext_lazy("City"),
        ("Şəhər", "Şəhər/rayon", *aliases),
        example="Bakı",
        clean=clean_length(CITY_LENGTH),
    )
