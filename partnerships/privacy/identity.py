"""The texts that point at one person, and how they are taken out of other texts.

A name alone may be somebody else's too. Where the portal knows a namesake, names are taken only out of rows
that hang on the person erased; addresses and codes, which are one person's alone, everywhere.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from allauth.account.models import EmailAddress

from partnerships.common.text import clean_line, fold, sort_key
from partnerships.directory.models import Person

# What stands where a name stood: no language, since texts are kept in several.
GONE = "—"


@dataclass(frozen=True)
class Identity:
    """What is looked for. The longest comes first, so that no half of a name is left behind.

    codes     addresses, phone, personal code, ORCID: one person's alone
    names     the full name as the portal and its papers write it
    pair      given and family name, as tables keep them in cells of their own
    namesake  whether somebody else here has this name
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    pair: tuple[str, str]
    namesake: bool

    def needles(self, named: bool) -> tuple[str, ...]:
        return (*self.codes, *self.names) if named else self.codes

    def cleaned(self, value: Any, named: bool = True) -> Any:
        """The value, a text or JSON, without what points at the person."""
        if isinstance(value, str):
            for needle in self.needles(named):
                value = value.replace(needle, GONE)
            return value
        cells = set(self.pair) if named and _has_cells(value, set(self.pair)) else set()
        return self._without(value, named, cells)

    def _without(self, value: Any, named: bool, cells: set[str]) -> Any:
        if isinstance(value, str):
            return GONE if value in cells else self.cleaned(value, named)
        if isinstance(value, dict):
            return {
                self._without(key, named, set()): self._without(item, named, cells)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self._without(item, named, cells) for item in value]
        return value


def _has_cells(value: Any, wanted: set[str]) -> bool:
    """Whether given and family name both stand in it, each by itself: a row of a table about the person."""
    return wanted <= set(_leaves(value))


def _leaves(value: Any) -> Any:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)


def identity_of(person: Person) -> Identity:
    """What points at this person, as it stands now: asked before anything is taken away."""
    given, family, patronymic = person.given_name, person.family_name, person.patronymic
    written = [
        f"{family} {given} {patronymic}",
        f"{given} {patronymic} {family}",
        f"{given} {family}",
        f"{family} {given}",
        f"{given[:1]}. {family}",
        f"{family} {given[:1]}.",
    ]
    names = [clean_line(name) for name in written] if given and family else []
    every = [*names, *(fold(name) for name in names), *(sort_key(name) for name in names[:4])]
    namesakes = Person.objects.filter(given_name=given, family_name=family, erased_at=None)
    return Identity(
        codes=_longest_first(_codes(person)),
        names=_longest_first(every),
        pair=(given, family),
        namesake=namesakes.exclude(pk=person.pk).exists(),
    )


def _codes(person: Person) -> list[str]:
    found = [person.email, person.failed_address, person.phone, person.fin, person.orcid]
    if person.user is not None:
        found.append(person.user.email)
        found += EmailAddress.objects.filter(user=person.user).values_list("email", flat=True)
    if person.phone.startswith("+994"):  # as it is dialled within the country
        found += [person.phone[1:], f"0{person.phone[4:]}"]
    return found


def _longest_first(texts: list[str]) -> tuple[str, ...]:
    """Each also as an address has it: filters of a list that was taken away are kept in that form."""
    long = [text for text in texts if len(text) >= 5]
    every = {*long, *(quote_plus(text) for text in long)}
    return tuple(sorted(every, key=lambda text: (-len(text), text)))


def in_json(text: str) -> str:
    """A text as SQLite keeps it within JSON."""
    return json.dumps(text)[1:-1]
