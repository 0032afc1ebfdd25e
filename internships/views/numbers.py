"""The numbers of a year and, one step down, the students behind them."""

import json
from collections import Counter
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.lookups import IsNull
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from internships.enums import OutcomeKind, PlacementState
from internships.models import Placement
from internships.numbers import kept, pace, yearly
from internships.templatetags.place_text import own
from internships.views.numbers_tables import paces, table, year_links
from partnerships.common.addresses import addresses, kept_address
from partnerships.common.among import Among
from partnerships.common.asked import ask_together, asked_rows
from partnerships.common.capped import capped, counted
from partnerships.common.clock import today
from partnerships.common.markup import markup
from partnerships.common.paging import Keyset, first_page, in_order, keyset, page_links, size_of
from partnerships.common.prepared import PreparedRows
from partnerships.common.refusals import Refused
from partnerships.common.sharing import sharing
from partnerships.common.tables import NOTHING, Column, drawn, page_column, somebody, twofold
from partnerships.common.templatetags.ui import chip
from partnerships.common.text import fold, key_of
from partnerships.directory.asked import asked
from partnerships.directory.models import Organization, Person

ORDER = ("person__sort_key", "pk")
S = PlacementState


class Group(NamedTuple):
    """Practices in one of these states (none: in any) of which became this (None: nothing is known; "": it
    does not matter). In the talent pool is whoever agreed and whose consent holds, as in the numbers."""

    states: tuple[str, ...] = ()
    outcome: str | None = ""

    @property
    def where(self) -> Q:
        found = Q(state__in=self.states) if self.states else Q()
        if self.outcome is None:
            return found & Q(outcome=None)
        if self.outcome == OutcomeKind.POOL:
            return found & Q(outcome__kind=self.outcome, outcome__consent_until__gte=today())
        return found & Q(outcome__kind=self.outcome) if self.outcome else found

    def has(self, state: str, outcome: str | None) -> bool:
        """The same of one practice."""
        return (not self.states or state in self.states) and self.outcome in ("", outcome)


# What a number of the table leads to.
GROUPS = {
    "underway": Group((S.PREPARING, S.ACTIVE, S.SUSPENDED, S.FINISHED)),
    "assessed": Group((S.ASSESSED,)),
    "broken_off": Group((S.ENDED_EARLY, S.CANCELLED)),
    "pool": Group(outcome=OutcomeKind.POOL),
    "hired": Group(outcome=OutcomeKind.HIRED),
    "unknown": Group((S.ASSESSED,), None),
}


def _labels() -> dict[str, str]:
    return {
        "underway": _("Under way"),
        "assessed": _("Assessed"),
        "broken_off": _("Broken off"),
        "pool": _("Talent pool"),
        "hired": _("Hired"),
        "unknown": _("Nothing said yet"),
    }


def readers_only(user: Any) -> None:
    if not yearly.reads_numbers(user):
        raise Refused(_("The numbers are for human resources, coordinators and leadership."))


def year_of(params: QueryDict, offered: list[int]) -> int:
    """The year that the address asks for, else this one."""
    asked = params.get("year", "")
    return year if (year := key_of(asked)) in offered else today().year


@require_safe
@login_required
def numbers(request: HttpRequest) -> HttpResponse:
    """A year by university and by enterprise, how long each step took, what students say of the places."""
    readers_only(request.user)
    reader = kept.Reader(request.user, key_of(request.GET.get("year", "")) or today().year)
    year = year_of(request.GET, reader.years)
    context = {"year": year, "years": year_links(request.GET, reader.years, year)}
    found = reader.figures(year)
    if found is None:
        return render(request, "internships/numbers.html", {**context, "being_counted": True})
    universities, enterprises = yearly.named(found.universities, found.enterprises)
    leads_down = yearly.sees_students(request.user)
    students = f"{kept_address('internships:year_students')}?year={year}" if leads_down else ""
    steps = pace.steps(request.user, found.paces, leads_down=leads_down)
    context |= {
        "tables": [
            table(_("By university"), _("University"), universities, students and f"{students}&university="),
            table(_("By enterprise"), _("Enterprise"), enterprises, students and f"{students}&unit="),
        ],
        "total": yearly.total(universities),
        "opinions": _named(found.opinions),
        "steps": steps,
        "paces": paces(steps),
        "leads_down": leads_down,
        "counted_at": found.counted_at,
    }
    return render(request, "internships/numbers.html", context)


def _named(opinions: list[yearly.Opinion]) -> list[tuple[str, yearly.Opinion]]:
    names = yearly.names_of(opinion.node for opinion in opinions) if opinions else {}
    found = [(names[opinion.node].label, opinion) for opinion in opinions]
    return sorted(found, key=lambda pair: pair[0])


# The students behind a number -------------------------------------------------------------------------
def lookers_only(user: Any) -> None:
    if not yearly.sees_students(user):
        raise Refused(_("The students behind the numbers are seen by whoever looks after them."))


def behind(user: Any, year: int) -> QuerySet[Placement]:
    """What was counted in this year and this reader may open."""
    return _behind(user, *yearly.days_of(year))


def _behind(user: Any, first: date, last: date) -> QuerySet[Placement]:
    rows: Any = yearly.between(yearly.counted(user), first, last)
    return rows.visible_to(user)  # type: ignore[no-any-return]


class Asked:
    """What the address asks for: a year, a university or enterprise, a group, a name."""

    def __init__(self, user: Any, params: QueryDict) -> None:
        lookers_only(user)
        self.user = user
        # Which years there are is only asked for where one is named.
        self.year = year_of(params, kept.Reader(user).years if params.get("year") else [])
        self.group = params.get("group", "") if params.get("group") in GROUPS else ""
        self.words = params.get("q", "").strip()[:100]
        self.university = self._node(params.get("university", ""))
        self.unit = self._node(params.get("unit", ""))

    @staticmethod
    def _node(slug: str) -> Organization | None:
        return Organization.objects.filter(slug=slug).first() if slug else None

    @cached_property
    def base(self) -> QuerySet[Placement]:
        return self._within(behind(self.user, self.year))

    @property
    def narrows(self) -> bool:
        """Whether more than a year and a group is asked for: that is not kept in words."""
        return bool(self.university or self.unit or self.words)

    def _within(self, rows: QuerySet[Placement]) -> QuerySet[Placement]:
        if self.university is not None:
            rows = rows.filter(university=self.university)
        if self.unit is not None:
            rows = rows.filter(unit__path__startswith=self.unit.path)
        for word in fold(self.words).split():
            rows = rows.filter(person__folded__contains=word)
        return rows

    @property
    def found(self) -> QuerySet[Placement]:
        return _in_group(self.base, self.group)

    @property
    def by_name(self) -> QuerySet[Placement]:
        return _by_name(self.found)

    @property
    def rows(self) -> QuerySet[Placement]:
        """With what a row of the table shows that is taken away."""
        return self.found.select_related(
            "person", "university", "unit", "programme", "application", "mentor", "outcome"
        )

    def counts(self) -> dict[str, int]:
        """Of all, and of each group, in one query: how many stand in each state is told by an index alone, so
        what became of them is asked of those of whom something is known."""
        if self.narrows:
            states, known = asked_rows(_states(self.base)), asked_rows(_known(self.base))
        else:
            days = yearly.days_of(self.year)
            states, known = _states_of(self.user, *days), _known_of(self.user, *days)
        texts = ask_together([states.listed("state", "n"), known.listed("state", "became", "n")])
        by_state, found = (json.loads(text or "[]") for text in texts)
        told: Counter[str] = Counter()
        for state, _kind, n in found:
            told[state] += n
        found += [(state, None, n - told[state]) for state, n in by_state]
        counts = {"every": sum(n for _state, _kind, n in found)}
        for name, group in GROUPS.items():
            counts[name] = sum(n for state, kind, n in found if group.has(state, kind))
        return counts

    def page(self, params: QueryDict, *, many: bool) -> Keyset[Placement]:
        """The page that the address asks for; `many`: it is one of thousands."""
        if self.narrows or {"after", "before"} & set(params):
            rows = self.by_name if many else self.found
            return keyset(rows, params, order=ORDER, reader=self.user, filled=rows_of)
        first = _first(self.user, *yearly.days_of(self.year), self.group, many, size_of(self.user) + 1)
        return first_page(list(first), order=ORDER, reader=self.user)


def _in_group(rows: QuerySet[Placement], group: str) -> QuerySet[Placement]:
    return rows.filter(GROUPS[group].where) if group else rows


def _by_name(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    """The same where they are thousands, for the first in the order of names: people are gone through in it,
    and each practice of theirs is asked for."""
    one = rows.filter(pk=OuterRef("pk")).order_by().values("pk")[:1]
    return Placement.objects.filter(IsNull(Subquery(one), False))


def _states(rows: QuerySet[Placement]) -> QuerySet[Any]:
    # In any state: said, because the index of what begins is one by states.
    rows = rows.filter(state__in=list(PlacementState)).order_by()
    return rows.values_list("state").annotate(n=Count("pk"))


def _known(rows: QuerySet[Placement]) -> QuerySet[Any]:
    found = rows.filter(outcome__isnull=False).order_by()
    return found.annotate(became=_became()).values_list("state", "became").annotate(n=Count("pk"))


def _became() -> Case:
    """The kind of the outcome; "" of a talent pool without a consent that holds."""
    holds = When(outcome__kind=OutcomeKind.POOL, outcome__consent_until__gte=today(), then=F("outcome__kind"))
    return Case(holds, When(outcome__kind=OutcomeKind.POOL, then=Value("")), default=F("outcome__kind"))


@asked
def _states_of(user: Any, first: date, last: date) -> QuerySet[Any]:
    return _states(_behind(user, first, last))


@asked
def _known_of(user: Any, first: date, last: date) -> QuerySet[Any]:
    return _known(_behind(user, first, last))


@asked
def _first(user: Any, first: date, last: date, group: str, many: bool, most: int) -> QuerySet[Placement]:
    """The first rows as the page shows them, their keys found beforehand."""
    found = _in_group(_behind(user, first, last), group)
    keys = in_order(_by_name(found) if many else found, ORDER).values("pk")[:most]
    return in_order(sharing(_shown(Placement.objects.filter(Among("pk", keys)))), ORDER)


_SHOWN = ("person", "university", "unit", "programme", "outcome")


def _shown(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    """With what a row of the page shows."""
    return rows.select_related(*_SHOWN).only(
        *("uid", "state", "mark", "person__sort_key", "programme__title_az", "programme__title_en"),
        *(f"person__{name}" for name in Person.SHOWN),
        *(f"{node}__{name}" for node in ("university", "unit") for name in Organization.SHOWN),
        *(f"outcome__{name}" for name in ("kind", "consent_at", "consent_until", "paused_until")),
    )


rows_of: PreparedRows[Placement] = PreparedRows(
    lambda keys: _shown(Placement.objects.filter(pk__in=keys).order_by())
)


def _student_columns() -> list[Column]:
    address = addresses("internships:placement")

    def student(row: Placement) -> SafeString:
        return somebody(address(row.uid), row.person.name, row.university or "")

    def became(row: Placement) -> SafeString:
        outcome = getattr(row, "outcome", None)
        return markup("{}", outcome.in_words) if outcome is not None else NOTHING

    return [
        page_column(_("Student"), student, bare=True),
        page_column(_("Place"), lambda row: twofold(row.unit, own(row.programme, "title"))),
        page_column(_("State"), lambda row: chip(row.get_state_display())),
        page_column(
            _("Final mark"), lambda row: NOTHING if row.mark is None else markup("{}", row.mark), "num"
        ),
        page_column(_("What became of the student"), became),
    ]


@require_safe
@login_required
def students_of_year(request: HttpRequest) -> HttpResponse:
    """The students behind a number of the year."""
    wanted = Asked(request.user, request.GET)
    counts, labels = wanted.counts(), _labels()
    every = counts[wanted.group or "every"]
    count, more = capped(every)
    page = wanted.page(request.GET, many=more)
    words = ngettext("%(count)s practice", "%(count)s practices", count)
    context = {
        "asked": wanted,
        "placements": page.rows,
        "columns": (columns := _student_columns()),
        "body": drawn(page, columns),
        "pills": [
            {"key": name, "label": labels[name], "count": counts[name], "on": wanted.group == name}
            for name in GROUPS
        ],
        "every": counts["every"],
        "summary": words % {"count": counted(count, more)},
        "page": page_links(request.GET, page),
    }
    return render(request, "internships/year_students.html", context)
