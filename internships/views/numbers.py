"""The numbers of a year and, one step down, the students behind them."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from internships.enums import OutcomeKind, PlacementState
from internships.models import Placement
from internships.numbers import pace, yearly
from partnerships.common.clock import today
from partnerships.common.export import ExportColumn, export
from partnerships.common.paging import capped_count, counted, keyset, page_links
from partnerships.common.refusals import Refused
from partnerships.common.text import fold
from partnerships.directory.models import Organization

PAGE, EXPORTED = 50, 20_000
ORDER = ("person__sort_key", "pk")
S = PlacementState
# What a number of the table leads to.
GROUPS: dict[str, Q] = {
    "underway": Q(state__in=[S.PREPARING, S.ACTIVE, S.SUSPENDED, S.FINISHED]),
    "assessed": Q(state=S.ASSESSED),
    "broken_off": Q(state__in=[S.ENDED_EARLY, S.CANCELLED]),
    "pool": Q(outcome__kind=OutcomeKind.POOL),
    "hired": Q(outcome__kind=OutcomeKind.HIRED),
    "unknown": Q(state=S.ASSESSED, outcome=None),
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


def _readers_only(request: HttpRequest) -> None:
    if not yearly.reads_numbers(request.user):
        raise Refused(_("The numbers are for human resources, coordinators and leadership."))


def _year(request: HttpRequest, offered: list[int]) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isascii() and asked.isdigit() and int(asked) in offered else today().year


@require_safe
@login_required
def numbers(request: HttpRequest) -> HttpResponse:
    """A year by university and by enterprise, how long each step took, what students say of the places."""
    _readers_only(request)
    offered = yearly.years(request.user)
    year = _year(request, offered)
    rows = yearly.in_year(yearly.counted(request.user), year)
    universities = yearly.by_university(rows)
    context = {
        "year": year,
        "years": offered,
        "tables": [
            {
                "title": _("By university"),
                "head": _("University"),
                "name": "university",
                "lines": universities,
            },
            {
                "title": _("By enterprise"),
                "head": _("Enterprise"),
                "name": "unit",
                "lines": yearly.by_enterprise(rows),
            },
        ],
        "total": yearly.total(universities),
        "opinions": yearly.opinions(request.user, year),
        "steps": pace.steps(request.user, year, leads_down=yearly.sees_students(request.user)),
        "students_url": reverse("internships:year_students") if yearly.sees_students(request.user) else "",
    }
    return render(request, "internships/numbers.html", context)


@require_safe
@login_required
def numbers_export(request: HttpRequest) -> HttpResponseBase:
    """Both tables under one another, as the page shows them."""
    _readers_only(request)
    year = _year(request, yearly.years(request.user))
    rows = yearly.in_year(yearly.counted(request.user), year)
    lines = [(_("University"), line) for line in yearly.by_university(rows)]
    lines += [(_("Enterprise"), line) for line in yearly.by_enterprise(rows)]
    columns = [
        ExportColumn(_("Kind"), lambda pair: pair[0], 14),
        ExportColumn(_("Name"), lambda pair: pair[1].label, 44),
        ExportColumn(_("Practices"), lambda pair: pair[1].opened, 12),
        ExportColumn(_("Under way"), lambda pair: pair[1].underway, 12),
        ExportColumn(_("Assessed"), lambda pair: pair[1].assessed, 12),
        ExportColumn(_("Broken off"), lambda pair: pair[1].broken_off, 12),
        ExportColumn(_("Mean mark"), lambda pair: pair[1].mean, 12),
        ExportColumn(_("Talent pool"), lambda pair: pair[1].pool, 12),
        ExportColumn(_("Hired"), lambda pair: pair[1].hired, 12),
    ]
    return export(lines, columns, name=f"{_('Practice in numbers')} {year}")


# The students behind a number -------------------------------------------------------------------------
class Asked:
    """What the address asks for: a year, a university or enterprise, a group, a name."""

    def __init__(self, request: HttpRequest) -> None:
        if not yearly.sees_students(request.user):
            raise Refused(_("The students behind the numbers are seen by whoever looks after them."))
        self.years = yearly.years(request.user)
        self.year = _year(request, self.years)
        self.group = request.GET.get("group", "") if request.GET.get("group") in GROUPS else ""
        self.words = request.GET.get("q", "").strip()[:100]
        self.university = self._node(request, "university")
        self.unit = self._node(request, "unit")
        seen = Placement.objects.visible_to(request.user)
        self.base = self._within(yearly.in_year(yearly.counted(request.user), self.year).filter(pk__in=seen))

    @staticmethod
    def _node(request: HttpRequest, name: str) -> Organization | None:
        slug = request.GET.get(name, "")
        return Organization.objects.filter(slug=slug).first() if slug else None

    def _within(self, rows: QuerySet[Placement]) -> QuerySet[Placement]:
        if self.university is not None:
            rows = rows.filter(university=self.university)
        if self.unit is not None:
            rows = rows.filter(unit__path__startswith=self.unit.path)
        for word in fold(self.words).split():
            rows = rows.filter(person__folded__contains=word)
        return rows

    @property
    def rows(self) -> QuerySet[Placement]:
        found = self.base.filter(GROUPS[self.group]) if self.group else self.base
        return found.select_related(
            "person", "university", "unit", "programme", "application", "mentor", "outcome"
        )

    def counts(self) -> dict[str, int]:
        return self.base.aggregate(
            every=Count("pk"), **{name: Count("pk", filter=q) for name, q in GROUPS.items()}
        )


@require_safe
@login_required
def students_of_year(request: HttpRequest) -> HttpResponse:
    """The students behind a number of the year."""
    asked = Asked(request)
    page = keyset(asked.rows, request.GET, order=ORDER, size=PAGE)
    count, more = capped_count(asked.rows)
    counts, labels = asked.counts(), _labels()
    words = ngettext("%(count)s practice", "%(count)s practices", count)
    context = {
        "asked": asked,
        "placements": page.rows,
        "pills": [
            {"key": name, "label": labels[name], "count": counts[name], "on": asked.group == name}
            for name in GROUPS
        ],
        "every": counts["every"],
        "summary": words % {"count": counted(count, more)},
        "page": page_links(request.GET, page),
        "export_url": f"{reverse('internships:year_students_export')}?{request.GET.urlencode()}",
    }
    return render(request, "internships/year_students.html", context)


@require_safe
@login_required
def students_of_year_export(request: HttpRequest) -> HttpResponseBase:
    """The same rows and rights as the page, as a spreadsheet."""
    rows = keyset(Asked(request).rows, {}, order=ORDER, size=EXPORTED).rows
    columns = [
        ExportColumn(_("Number"), lambda row: row.application.number, 18),
        ExportColumn(_("Family name"), lambda row: row.person.family_name, 22),
        ExportColumn(_("Given name"), lambda row: row.person.given_name, 18),
        ExportColumn(_("University"), lambda row: str(row.university or ""), 36),
        ExportColumn(_("Programme"), lambda row: row.programme.title, 36),
        ExportColumn(_("Unit"), lambda row: str(row.unit), 30),
        ExportColumn(_("Mentor"), lambda row: row.mentor.name if row.mentor else "", 24),
        ExportColumn(_("From"), lambda row: row.starts, 12),
        ExportColumn(_("Until"), lambda row: row.last_day or row.ends, 12),
        ExportColumn(_("State"), lambda row: str(row.get_state_display()), 24),
        ExportColumn(_("Final mark"), lambda row: row.mark, 10),
        ExportColumn(_("What became of the student"), _became, 24),
    ]
    return export(rows, columns, name=_("Students of the year"))


def _became(row: Placement) -> str:
    outcome = getattr(row, "outcome", None)
    return str(outcome.get_kind_display()) if outcome is not None else ""
