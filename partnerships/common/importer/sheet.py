"""The columns of a table that people bring, and one row of it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from partnerships.common.importer.cleaning import OneOf, clean_yes, one_of
from partnerships.common.text import fold

_MARKS = re.compile(r"[\s*:.,;/\\№#()_|–-]+")


@dataclass(frozen=True)
class Column:
    """One column.

    key       the name under which hooks find the value
    label     the heading, translated; it is recognised in every language of the portal
    aliases   further headings under which people send it; all are compared folded, so "ÜOMG" is "uomg"
    required  whether the column must be there and every row must fill it
    example   a value as somebody would type it, for the template
    clean     text -> value; raises ValidationError with words for the person who typed it
    help      a line for the pages and the template; which words `clean` takes, where they are few, follows it
    offers    the few words that it takes, where only the database knows them
    parts     text -> values of other columns, for one column that people send instead of several ("Soyad, ad,
              ata adı"); `gives` are their keys. It stands in no template and in no row
    """

    key: str
    label: Any
    aliases: tuple[str, ...] = ()
    required: bool = False
    example: Any = ""
    clean: Callable[[str], Any] | None = None
    help: Any = ""
    offers: Callable[[], Iterable[Any]] | None = None
    parts: Callable[[str], dict[str, str]] | None = None
    gives: tuple[str, ...] = ()

    def headings(self) -> set[str]:
        """Every folded heading that means this column."""
        names = {self.key, *self.aliases}
        for language, _name in settings.LANGUAGES:
            with override(language):
                names.add(str(self.label))
        return {plain_heading(name) for name in names}

    @property
    def sample(self) -> str:
        """Its example; one of a few words as the reader reads them."""
        if self.clean is clean_yes:
            return _("yes") if clean_yes(self.example) else _("no")
        return self.clean.said(self.example) if isinstance(self.clean, OneOf) else str(self.example)

    @property
    def explained(self) -> str:
        """What pages and template say of it: its line, and which words it takes where these are few."""
        offers = self.clean.offered if isinstance(self.clean, OneOf) else self.offers
        taken = one_of(offers()) if offers else _("Write yes or no.") if self.clean is clean_yes else ""
        return " ".join(words for words in (str(self.help), taken) if words)


def plain_heading(text: str) -> str:
    """A heading as it is compared: folded, without the marks that people put in and around it: "Ad *:" is
    "ad", "Soyad, ad / ata adı" is "soyad ad ata adi"."""
    return " ".join(_MARKS.sub(" ", fold(text)).split())


@dataclass
class Row:
    """One row on its way: as typed, as cleaned, and what is wrong with it, by column key.

    `number` is the row's number in the file, as a spreadsheet shows it. Errors under "" are of the row
    as a whole.
    """

    number: int
    values: dict[str, str]
    cleaned: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, key: str, *reasons: Any) -> None:
        """Say what is wrong with the value under `key` ("" for the row); the row will not be written."""
        self.errors.setdefault(key, []).extend(str(reason) for reason in reasons)


@dataclass(frozen=True)
class Sheet:
    """A table as it is asked for: its title, its columns, and a note that the template carries."""

    title: Any
    columns: Sequence[Column]
    note: Any = ""
    joined: Sequence[Column] = ()  # those with `parts`

    def __post_init__(self) -> None:
        keys = [column.key for column in self.accepted]
        if len(set(keys)) != len(keys):
            raise ValueError(f"{self.title}: a column is there twice")

    @property
    def accepted(self) -> list[Column]:
        """Every column that a table may have."""
        return [*self.columns, *self.joined]

    def meanings(self) -> dict[str, str]:
        """Folded heading -> key."""
        found = self.__dict__.get("_meanings")
        if found is None:
            found = {heading: column.key for column in self.accepted for heading in column.headings()}
            object.__setattr__(self, "_meanings", found)
        return found

    def covered(self, keys: Iterable[str]) -> set[str]:
        """The keys that these columns fill, those that one column fills for several included."""
        found = set(keys)
        for column in self.joined:
            if column.key in found:
                found.update(column.gives)
        return found

    def taken_apart(self, values: dict[str, str]) -> dict[str, str]:
        """What was typed, with one column that stands for several made those; what has a column of its own
        stays as it is."""
        for column in self.joined:
            text = values.pop(column.key, "")
            if text and column.parts is not None:
                for key, part in column.parts(text).items():
                    values[key] = values.get(key) or part
        return values

    def __getitem__(self, key: str) -> Column:
        for column in self.accepted:
            if column.key == key:
                return column
        raise KeyError(key)

    def label(self, key: str) -> str:
        """The heading of a column, empty for the row as a whole."""
        return str(self[key].label) if key else ""

    def clean(self, row: Row) -> Row:
        """Fill `row.cleaned` column by column; what does not fit goes to `row.errors`."""
        for column in self.columns:
            text = row.values.get(column.key, "")
            if not text:
                row.cleaned[column.key] = None
                if column.required:
                    row.refuse(column.key, _("This must be filled in."))
                continue
            if len(text) > settings.IMPORT_CELL:
                row.refuse(column.key, _("This is too long for one cell."))
                continue
            if text in EXCEL_ERRORS:
                row.refuse(column.key, _("The cell holds an Excel error: %(error)s.") % {"error": text})
                continue
            try:
                row.cleaned[column.key] = column.clean(text) if column.clean else text
            except ValidationError as error:
                row.refuse(column.key, *error.messages)
        return row


EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
