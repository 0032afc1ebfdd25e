"""What people write in tables, found in the portal: organisations by any name, words of a choice."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from partnerships.common.importer import Row
from partnerships.common.text import fold
from partnerships.common.told import joined
from partnerships.directory.models import Organization


class KnownOrganizations:
    """Found by name in either language, acronym or a former name, letters forgiven."""

    def __init__(self, rows: QuerySet[Organization]) -> None:
        self._named: dict[str, dict[int, Organization]] = {}
        for one in rows.prefetch_related("names"):
            self.add(one, *(name.text for name in one.names.all()))

    def add(self, one: Organization, *names: str) -> None:
        for name in {fold(text) for text in (one.name, one.name_en, one.acronym, *names)} - {""}:
            self._named.setdefault(name, {})[one.pk] = one

    def called(self, *texts: str | None) -> list[Organization]:
        found: dict[int, Organization] = {}
        for text in texts:
            found |= self._named.get(fold(text or "-"), {})
        return list(found.values())

    def of(self, row: Row, key: str) -> Organization | None:
        """The one that this column names; the row is refused where there is none, or several."""
        text = row.cleaned.get(key)
        found = self.called(text) if text else []
        if text and not found:
            row.refuse(key, _("No partner is called so: %(name)s.") % {"name": text})
        if len(found) > 1:
            row.refuse(key, _("Several organisations have this name: %(name)s.") % {"name": text})
        return found[0] if len(found) == 1 else None


def clean_choice(
    choices: Sequence[tuple[str, Any]], others: Mapping[str, str] | None = None
) -> Callable[[str], str]:
    """text -> the value of a choice, by its words in either language; `others`: further folded words."""

    def clean(text: str) -> str:
        words = {fold(value): value for value, _label in choices} | dict(others or {})
        for language in ("az", "en"):
            with override(language):
                words |= {fold(str(label)): value for value, label in choices}
        found = words.get(fold(text))
        if found is None:
            offered = joined((label for _value, label in choices), ", ")
            raise ValidationError(_("Write one of these: %(words)s.") % {"words": offered})
        return found

    return clean


def clean_length(most: int) -> Callable[[str], str]:
    """text -> the same, refused where it is longer."""

    def clean(text: str) -> str:
        if len(text) > most:
            raise ValidationError(_("At most %(most)d characters.") % {"most": most})
        return text

    return clean
