"""A timetable of rooms from a table, brought by who looks after them: each row is booked as by the form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.bookings import actions, rules
from partnerships.bookings.actions.booking import problems
from partnerships.bookings.actions.locking import sensible
from partnerships.bookings.actions.series import occurrences
from partnerships.bookings.bringing import STEP, Place, names_of
from partnerships.bookings.enums import KEEPERS, OPEN
from partnerships.bookings.grids import hours_in_baku
from partnerships.bookings.models import Booking, Slot, Thing
from partnerships.bookings.timetable import Span, Timetable
from partnerships.common.clock import BAKU, baku_date
from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import clean_day
from partnerships.common.text import clean_line, fold
from partnerships.common.told import joined
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, OrganizationImporter, importer
from partnerships.documents.known import clean_length, clean_whole
from partnerships.documents.models import ImportRun

KIND = "bookings.bookings"
TITLE_LENGTH, MOST_PEOPLE = 120, 32_767
NAMED = 5  # days that a sentence names; of more it says how many
TIMES = ("%H:%M", "%H:%M:%S", "%H.%M")


def clean_time(text: str) -> time:
    """An hour as people type it or a spreadsheet keeps it: 9:00, 09.00, 09:00:00."""
    for form in TIMES:
        try:
            return datetime.strptime(text.rpartition(" ")[2], form).time()  # noqa: DTZ007 - an hour of Baku
        except ValueError:
            continue
    raise ValidationError(_("Write an hour such as 09:00."))


COLUMNS = (
    Column(
        "things",
        gettext_lazy("Room or equipment"),
        ("Otaq", "Auditoriya", "Zal", "Avadanlıq", "Cihaz", "Yer", "Nə", "Room", "What"),
        required=True,
        example="Tədris mərkəzi › Otaq 101",
        help=gettext_lazy("Where several have its name, the way to it with › between."),
    ),
    Column(
        "day",
        gettext_lazy("Date"),
        ("Gün", "İlk gün", "Başlama tarixi", "Day"),
        required=True,
        example="14.09.2026",
        clean=clean_day,
        help=gettext_lazy("The first day of what is repeated."),
    ),
    Column(
        "starts",
        gettext_lazy("From"),
        ("Saatdan", "Başlama saatı", "Saat", "Start"),
        required=True,
        example="09:00",
        clean=clean_time,
    ),
    Column(
        "ends",
        gettext_lazy("Until"),
        ("Saatadək", "Bitmə saatı", "Bitir", "End"),
        required=True,
        example="10:20",
        clean=clean_time,
    ),
    Column(
        "title",
        gettext_lazy("What for"),
        ("Fənn", "Dərs", "Tədbir", "Səbəb", "Mövzu", "Subject", "Title", "Reason"),
        required=True,
        example="Elektrik maşınları, mühazirə",
        clean=clean_length(TITLE_LENGTH),
    ),
    Column(
        "repeated_until",
        gettext_lazy("Repeated weekly until"),
        ("Təkrarlanır", "Hər həftə, bu günədək", "Son gün", "Bitmə tarixi", "Repeated until"),
        example="25.12.2026",
        clean=clean_day,
        help=gettext_lazy("Without it: that day alone. Days on which it is closed are left out."),
    ),
    Column(
        "people",
        gettext_lazy("How many people"),
        ("Nəfər", "Tələbə sayı", "People"),
        example="25",
        clean=clean_whole(1, MOST_PEOPLE),
    ),
)


Known = tuple[int, datetime, datetime, str]  # a thing, its times, what for


@dataclass
class Plan:
    """What a row comes to: the thing, and on which days it is booked, stands already, or cannot be had."""

    thing: Thing
    spans: list[Span]
    booked: list[Span] = field(default_factory=list)
    closed: list[Span] = field(default_factory=list)
    free: list[Span] = field(default_factory=list)

    @property
    def left_out(self) -> list[date]:
        return [baku_date(span.starts) for span in (*self.booked, *self.closed)]


@importer(KIND)
class BookingsImport(OrganizationImporter):
    """`context`: organization (key of whose the things are)."""

    heading = gettext_lazy("Import bookings: %(organization)s")
    table = Sheet(
        gettext_lazy("Bookings"),
        COLUMNS,
        gettext_lazy("One row for each booking; what comes again every week is one row."),
    )
    upload_page, result_page = "bookings:import_bookings", "bookings:grid"
    result_name = gettext_lazy("Rooms and equipment")

    @classmethod
    def allows(cls, user: Any, organization: Organization) -> bool:
        access = access_of(user)
        keeps = access.administers or access.covers(organization.path, *KEEPERS)
        return keeps and access.person_id is not None

    def prepare(self, run: ImportRun) -> None:
        super().prepare(run)
        self.places: dict[str, list[Place]] = {}
        self.above_in_table: list[tuple[int, frozenset[int], Span]] = []
        ways: dict[int, tuple[frozenset[str], ...]] = {}
        # Whoever looks after the things of an organisation looks after those of its units as well.
        kept = Thing.objects.filter(owner__path__startswith=self.organization.path, is_active=True)
        rows = kept.select_related("owner__root")
        for thing in sorted(rows, key=lambda one: len(one.above)):
            above = ways.get(thing.parent_id, ()) if thing.parent_id else ()
            ways[thing.pk] = (*above, names_of(thing.name, thing.name_en))
            for name in ways[thing.pk][-1]:
                self.places.setdefault(name, []).append(Place(ways[thing.pk], thing))

    # What becomes of a row --------------------------------------------------------------------------
    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        """All rows of a chunk are looked up by one table of hours and of what is taken."""
        plans = [self._plan(row) for row in rows]
        days = [baku_date(span.starts) for plan in plans if plan for span in plan.spans]
        things = {plan.thing.pk: plan.thing for plan in plans if plan}
        if not days:
            return [REFUSED for _row in rows]
        table = Timetable(list(things.values()), min(days), max(days), reader=run.owner)
        standing = self._standing(list(things), min(days), max(days))
        return [
            self._fate(run, row, plan, table, standing) if plan else REFUSED
            for row, plan in zip(rows, plans, strict=True)
        ]

    def _plan(self, row: Row) -> Plan | None:
        """The thing and the spans that the row names; None where it is refused."""
        values = row.cleaned
        thing = self._thing(row)
        if row.errors or thing is None:
            return None
        day, until = values["day"], values.get("repeated_until")
        starts, ends = (datetime.combine(day, values[name], tzinfo=BAKU) for name in ("starts", "ends"))
        try:
            moments = _moments(starts, ends, until)
        except ValidationError as error:
            for name, reasons in error.message_dict.items():
                row.refuse("repeated_until" if name == "rule" else name, *reasons)
            return None
        return Plan(thing, [Span(moment, moment + (ends - starts)) for moment in moments])

    def _thing(self, row: Row) -> Thing | None:
        text = row.cleaned.get("things") or ""
        names = [fold(part) for part in text.replace(">", STEP).split(STEP) if part.strip()]
        if not names:
            return None
        found = [place for place in self.places.get(names[-1], []) if place.ends_in(names)]
        thing = found[0].thing if len(found) == 1 else None
        if thing is not None and thing.is_bookable:
            return thing
        if thing is not None:
            words = _("%(thing)s cannot be booked.") % {"thing": thing.display_name}
        elif found:
            words = _("Several places have this name: write the way to it, such as “Building › Floor”.")
        else:
            words = _("You look after nothing of this name.")
        row.refuse("things", words)
        return None

    def _standing(self, things: list[int], first: date, last: date) -> set[Known]:
        """What is booked of these things already: the thing, its times and what for."""
        day = timedelta(days=1)
        begins = datetime.combine(first, time.min, tzinfo=BAKU)
        rows = Slot.objects.filter(
            thing__in=things,
            asked=True,
            active=True,
            booking__state__in=OPEN,
            booked_from__range=(begins, begins + (last - first) + day),
        )
        found = rows.values_list("thing_id", "booked_from", "booked_until", "booking__title")
        return {(thing, starts, ends, fold(title)) for thing, starts, ends, title in found}

    def _fate(self, run: ImportRun, row: Row, plan: Plan, table: Timetable, standing: set[Known]) -> Fate:
        self._sort_out(run, row, plan, table, standing)
        if row.errors:
            return REFUSED
        kept = frozenset(table.held(plan.thing))
        for span in plan.free:
            self.above_in_table.append((row.number, kept, table.kept(plan.thing, span)))
        if not plan.free:
            return Fate(FateKind.NOTHING, _("Is booked already."))
        count = len(plan.free)
        words = ngettext("Will be booked on %(n)d day.", "Will be booked on %(n)d days.", count)
        words = words % {"n": count}
        if not plan.closed:
            return Fate(FateKind.ADD, words)
        left = _("Left out, not open: %(days)s.") % {"days": _days(plan.closed)}
        return Fate(FateKind.ADD, joined([words, left]))

    def _sort_out(self, run: ImportRun, row: Row, plan: Plan, table: Timetable, standing: set[Known]) -> None:
        """Which days stand already, are closed, are free; what is in the way is marked on the row by name."""
        thing, what = plan.thing, fold(clean_line(row.cleaned["title"]))
        keeper = rules.keeps(run.owner, thing)
        clashes = []
        for span in plan.spans:
            if (thing.pk, span.starts, span.ends, what) in standing:
                plan.booked.append(span)
            elif len(plan.spans) > 1 and table.shut(thing, span):
                plan.closed.append(span)
            elif clash := self._clash(row, thing, span, table):
                clashes.append(clash)
            else:
                self._obey(run, row, plan, span, table, keeper=keeper)
        if clashes:
            rest = len(clashes) - NAMED
            more = [_("and on %(n)d days more") % {"n": rest}] if rest > 0 else []
            row.refuse("starts", joined([*clashes[:NAMED], *more]))
        elif not row.errors and not plan.free and not plan.booked:
            row.refuse("day", self._shut(plan, table))

    def _shut(self, plan: Plan, table: Timetable) -> str:
        """That no day is left, each reason once with the hours that could be had, and what to do."""
        found = [problem.reason for span in plan.closed if (problem := table.shut(plan.thing, span))]
        why, more = list(dict.fromkeys(found))[:NAMED], _("Choose other hours or another day of the week.")
        return joined([_("It is closed on all of these days."), *why, more])

    def _obey(
        self, run: ImportRun, row: Row, plan: Plan, span: Span, table: Timetable, *, keeper: bool
    ) -> None:
        """The rules of its form; what speaks against every day is said once."""
        asked = Booking(
            holder_id=access_of(run.owner).person_id,
            starts=span.starts,
            ends=span.ends,
            title=row.cleaned["title"],
            people=row.cleaned.get("people"),
        )
        found = problems(asked, [plan.thing], table, keeper=keeper)
        for name, problem in found:
            if problem.reason not in row.errors.get(name, []):
                row.refuse(name, problem.reason)
        if not found:
            plan.free.append(span)

    def _clash(self, row: Row, thing: Thing, span: Span, table: Timetable) -> str:
        """What has it at this time, by name: a booking, or a row above."""
        kept, held, day = table.kept(thing, span), table.held(thing), f"{span.starts:%d.%m.%Y}"
        for slot in table.slots(thing):
            if kept.meets(Span(slot.starts, slot.ends)):
                hours = hours_in_baku(slot.begins, slot.until)
                if not slot.readable:
                    return _("%(day)s: taken at %(hours)s.") % {"day": day, "hours": hours}
                words = _("%(day)s: taken at %(hours)s for “%(what)s”.")
                return words % {"day": day, "hours": hours, "what": slot.title}
        for number, others, other in self.above_in_table:
            if number != row.number and held & others and kept.meets(other):
                return _("%(day)s: row %(row)d has it at this time.") % {"day": day, "row": number}
        return ""

    # Writing ----------------------------------------------------------------------------------------
    def write(self, run: ImportRun, row: Row) -> Fate:
        plan = self._plan(row)
        if plan is None:
            raise ValidationError(row.errors)
        first, last = baku_date(plan.spans[0].starts), baku_date(plan.spans[-1].starts)
        table = Timetable([plan.thing], first, last, reader=run.owner)
        self._sort_out(run, row, plan, table, self._standing([plan.thing.pk], first, last))
        if row.errors:
            raise ValidationError(row.errors)
        if not plan.free:
            return Fate(FateKind.NOTHING, _("Was booked already."))
        asked: dict[str, Any] = {
            "actor": run.owner,
            "title": row.cleaned["title"],
            "people": row.cleaned.get("people"),
        }
        until = row.cleaned.get("repeated_until")
        begins = plan.spans[0]
        if until is None:
            actions.book([plan.thing], starts=begins.starts, ends=begins.ends, **asked)
        else:
            rule, left_out = _weekly(until), plan.left_out
            actions.book_series(
                [plan.thing], starts=begins.starts, ends=begins.ends, rule=rule, left_out=left_out, **asked
            )
        count = len(plan.free)
        return Fate(
            FateKind.ADD, ngettext("Booked on %(n)d day.", "Booked on %(n)d days.", count) % {"n": count}
        )


def _moments(starts: datetime, ends: datetime, until: date | None) -> list[datetime]:
    """When it begins on each of its days. Raises ValidationError for times that cannot be meant."""
    if ends <= starts:
        raise ValidationError({"ends": _("The end lies before the beginning.")})
    sensible(starts, ends)
    if until is None:
        return [starts]
    if until < baku_date(starts):
        raise ValidationError({"repeated_until": _("It lies before the first day.")})
    return occurrences(_weekly(until), starts)


def _weekly(until: date) -> str:
    return f"FREQ=WEEKLY;UNTIL={until:%Y%m%d}T235959"


def _days(spans: Sequence[Span]) -> str:
    """The first of them by name, and how many more there are."""
    named = [f"{span.starts:%d.%m.%Y}" for span in spans[:NAMED]]
    return ", ".join(named) + (f" + {len(spans) - NAMED}" if len(spans) > NAMED else "")
