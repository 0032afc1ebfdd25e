"""What an address asks of a ready list: rows, counts, order, and what narrows it as the page draws it."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common import components
from partnerships.common.asked import ask_together
from partnerships.common.capped import CAP, SEEN, capped, capped_counts
from partnerships.common.compiled import compiled
from partnerships.common.markup import markup
from partnerships.common.narrow_form import options_chosen
from partnerships.common.paging import Keyset, first_page, keyset, narrowed, narrowing, size_of
from partnerships.common.query_words import Typed
from partnerships.common.text import folded_words

if TYPE_CHECKING:
    from partnerships.common.lists import ListPage, Order, Pill

LONGEST = 200  # letters of a search


class Asked:
    """What an address asks of a list. A value that is unknown narrows nothing."""

    def __init__(self, page: "ListPage", user: Any, params: QueryDict) -> None:
        self.page, self.user, self.params = page, user, params
        wanted = params.get(page.show, "")
        self.pill = next((pill for pill in page.pills if pill.key == wanted), page.first)
        self.query = params.get("q", "").strip()[:LONGEST] if page.search else ""
        found = {
            name: within.find(params.get(name, ""))
            for name, within in (page.within or {}).items()
            if params.get(name)
        }
        self.within = {name: thing for name, thing in found.items() if thing is not None}
        self.options = {choice.key: list(choice.options(user)) for choice in page.choices}
        self.choices: dict[str, str] = {
            key: str(params[key])
            for key, options in self.options.items()
            if params.get(key) and params[key] in [str(value) for value, _label in options]
        }

    @cached_property
    def base(self) -> Any:
        """Everything that one sees, by words, whose it is and what was chosen."""
        rows = self.page.narrow(self.page.rows(self.user), self.user, self.query, self.choices)
        for name, thing in self.within.items():
            rows = (self.page.within or {})[name].narrow(rows, thing, self.user)
        return rows

    def rows(self) -> Any:
        return self.pill.narrow(self.base, self.user)

    def question(self, pill: "Pill", most: int = 0) -> Any:
        """The rows of a pill in kept words, `most` of them; None where they are not kept."""
        if self.page.question is None or self.within or self.pill.when_asked:
            return None
        choices, words = tuple(sorted(self.choices.items())), map(Typed, folded_words(self.query))
        return self.page.question(self.user, pill.key, self.order, choices, most, *words)

    def of_page(self) -> Keyset[Any]:
        """The rows of the page that is asked for; those of the first in kept words, where they are kept."""
        size = size_of(self.user) + 1
        most = size if self.page.apart and self.query else 0
        question = None if {"after", "before"} & set(self.params) else self.question(self.pill, most)
        if question is not None:
            return first_page(question[:size], order=self.order, reader=self.user)
        return keyset(self.page.fill(self.rows()), self.params, order=self.order, reader=self.user)

    @property
    def narrowed(self) -> bool:
        return bool(self.pill is not self.page.first or self.query or self.within or self.choices)

    @property
    def order(self) -> tuple[str, ...]:
        return self.sorting.fields if self.sorting else self.pill.order or self.page.order

    @property
    def sorting(self) -> "Order | None":
        """The order that was chosen; without a choice the first, unless the pill has its own."""
        wanted = self.params.get("sort", "")
        chosen = next((one for one in self.page.orders if one.key == wanted), None)
        return chosen or (self.page.orders[0] if self.page.orders and not self.pill.order else None)

    def lines(self, rows: list[Any]) -> Iterable[Any]:
        """What the columns read of these rows."""
        return self.page.lines(rows, self.user) if self.page.lines else rows

    def pills(self) -> list[components.Pill]:
        """Those with something in them, the first and the present one."""
        found, to = [], narrowing(self.params, self.page.show)
        for pill in self.counted:
            count, more = self.counts[pill.key]
            if count or pill in (self.page.first, self.pill):
                found.append(components.Pill(pill.label, count, more, to(pill.key), pill is self.pill))
        return found

    @property
    def counted(self) -> "list[Pill]":
        pills = (self.page.first, *self.page.pills)
        return [pill for pill in pills if pill is self.pill or not pill.when_asked]

    @cached_property
    def counts(self) -> dict[str, tuple[int, bool]]:
        """How many each pill leaves, by its key, in one query; who sees what is put into words once."""
        if (question := self.question(self.page.first)) is not None:
            counts = self._counted_in(question)
            found = zip(self.counted, (count or 0 for count in counts), strict=True)
            return {pill.key: capped(count) for pill, count in found}
        base = self.base
        if self.page.pills:
            seen = compiled(base.order_by().values("pk"))
            rows = base.model._default_manager
            if self.page.few and seen:
                base = rows.filter(pk__in=SEEN)
                pills = {pill.key: pill.narrow(base, self.user) for pill in self.counted}
                return capped_counts(pills, seen=seen)
            base = rows.filter(pk__in=seen)
        return capped_counts({pill.key: pill.narrow(base, self.user) for pill in self.counted})

    def _counted_in(self, question: Any) -> list[Any]:
        """The number of each pill in kept words. Where few are seen they are found once for all of them."""
        if self.page.apart and self.query and (counts := self._counted_at_once()) is not None:
            return counts
        if not self.page.few:
            return ask_together([self.question(pill).counted(CAP + 1) for pill in self.counted])
        if question.every_key is None:
            return [0] * len(self.counted)
        asked = self.page.question_of_seen
        pills = [asked(self.user, pill.key, question.model) for pill in self.counted]
        return ask_together([pill.counted(CAP + 1) for pill in pills], seen=question.every_key)

    def _counted_at_once(self) -> list[int] | None:
        """The same of what a search finds, gone through once; None where that is more than is counted."""
        assert self.page.keep is not None
        choices, words = tuple(sorted(self.choices.items())), map(Typed, folded_words(self.query))
        part = self.page.question_of_pills(self.user, choices, *words).every_row
        if part is None:
            return [0] * len(self.counted)
        sums = "".join(f", SUM(pill{n})" for n, _pill in enumerate(self.page.pills))
        with connection.cursor() as cursor:
            sql = f"SELECT COUNT(*){sums} FROM ({part[0]} LIMIT {CAP + 1}) found"  # noqa: S608 - of a query set
            cursor.execute(sql, part[1])
            counts = [n or 0 for n in cursor.fetchone()]
        return None if counts[0] > CAP else counts

    def hidden(self) -> list[tuple[str, str]]:
        """What the search field sends along."""
        kept = (self.page.show, *(self.page.within or {}))
        return [(name, self.params[name]) for name in kept if self.params.get(name)]

    def chosen(self) -> list[tuple[Any, str]]:
        """Whose list it is, with the address that takes this off."""
        return [(thing, narrowed(self.params, **{name: ""})) for name, thing in self.within.items()]

    @property
    def cleared(self) -> str:
        """The address without words and choices."""
        return narrowed(self.params, q="", **dict.fromkeys(self.choices, ""))

    def selects(self) -> SafeString:
        """The drop-downs: what narrows, where there is a choice, and the order."""
        found = [
            _select(
                choice.key, choice.label, [("", choice.every), *options], self.choices.get(choice.key, "")
            )
            for choice in self.page.choices
            if len(options := self.options[choice.key]) > 1
        ]
        if self.page.orders:
            orders = [(one.key, one.label) for one in self.page.orders]
            found.append(_select("sort", _("Order"), orders, self.sorting.key if self.sorting else ""))
        return SafeString("\n".join(found))

    def empty(self) -> tuple[Any, Any]:
        """What is said where nothing was found that nothing but a pill narrowed."""
        said = self.pill.empty or self.page.empty
        return said(self.user) if callable(said) else said

    @property
    def has_nothing(self) -> bool:
        """Whether there is nothing to narrow: nothing stands in it, and nothing narrows it."""
        return not self.narrowed and not any(count for count, _more in self.counts.values())

    @property
    def says_what_would_be_here(self) -> bool:
        """Whether nothing but a pill that has words of its own narrows it."""
        only = not (self.query or self.within or self.choices)
        return only and (self.pill is self.page.first or self.pill.empty is not None)


def _select(name: str, label: Any, offered: Sequence[tuple[str, Any]], value: str) -> SafeString:
    inside = options_chosen([(key, str(words)) for key, words in offered], value)
    return markup('<select id="list-{}" name="{}" aria-label="{}">{}</select>', name, name, label, inside)
