# ruff: noqa: E501  (SQL reads better in long lines)
"""What a benchmarked portal has few of: universities with their people and agreements, rounds, positions, rooms."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from benchmarks.inserting import insert, run, sequence
from internships.enums import ProgrammeState
from internships.models import Period, Position, Programme, Vacancy
from internships.tests import makers
from partnerships.accounts.models import User
from partnerships.agreements.enums import AgreementKind, AgreementState, PartyRole, TermKind
from partnerships.agreements.models import Agreement, Party
from partnerships.bookings import actions
from partnerships.bookings.enums import Audience, ThingKind
from partnerships.bookings.models import Booking, Slot
from partnerships.calls.models import Deadline
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Affiliation, Organization
from partnerships.seats.models import Pool
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM

UNIVERSITIES, ROUNDS, CURRENT, POSITIONS, ROOMS = 200, 50, 5, 20, 20
SEATS = 200  # of a position, at least


def universities(cast: Cast) -> None:
    """200 universities with a faculty, a coordinator and a framework agreement with Azərişıq each."""
    more = [
        Organization(name=f"{n}-ci universitet", acronym=f"U{n}", kind=Kind.UNIVERSITY)
        for n in range(3, UNIVERSITIES + 1)
    ]
    below = [Organization(name="Energetika fakültəsi", kind=Kind.FACULTY, parent=one) for one in more]
    make.forest(*more, *below)
    make.crowd(
        *((f"Əlaqə Məsul{n}", f"c{n}@u.example", one, Role.COORDINATOR) for n, one in enumerate(more)),
        *((f"Rəhbər Müəllim{n}", f"s{n}@u.example", one, Role.SUPERVISOR) for n, one in enumerate(below)),
    )
    run(
        "CREATE TEMP TABLE w_place (i int PRIMARY KEY, unit bigint, root bigint, coordinator bigint, name text)"
    )
    known = dict(
        Affiliation.objects.filter(role=Role.COORDINATOR).values_list("organization_id", "person__user_id")
    )
    for i, unit in enumerate([cast.energy, cast.oil, *below]):
        user = User.objects.get(pk=known[unit.root_id])
        run(
            "INSERT INTO w_place VALUES (%s, %s, %s, %s, %s)",
            i,
            unit.pk,
            unit.root_id,
            user.pk,
            user.display_name,
        )
    starts = timezone.localdate() - timedelta(days=3000)
    made = Agreement.objects.bulk_create(
        Agreement(
            kind=AgreementKind.FRAMEWORK, text_kind="agreements.framework", state=AgreementState.IN_FORCE,
            number=f"CS-2018-{n:05d}", title_az=f"Çərçivə sazişi: {one.short_name}", owner=cast.azerisiq,
            term_kind=TermKind.OPEN, starts=starts, directions=["internships"], sent_at=timezone.now(),
            names=f"{one.short_name} Azərişıq",
        )
        for n, one in enumerate([cast.aztu, cast.adnsu, *more])
    )  # fmt: skip
    Party.objects.bulk_create(
        Party(agreement=row, order=order, role=role, organization=one, unit=one, name_az=one.name)
        for row, university in zip(made, [cast.aztu, cast.adnsu, *more], strict=True)
        for order, role, one in (
            (1, PartyRole.UNIVERSITY, university), (2, PartyRole.COMPANY, cast.azerisiq),
        )
    )  # fmt: skip


def rounds(cast: Cast) -> None:
    """50 rounds, a month apart, the last five of them running; 20 positions in each."""
    run(
        "CREATE TEMP TABLE w_round (p int PRIMARY KEY, programme bigint, running boolean, opens timestamptz, "
        "starts date, ends date)"
    )
    run(
        "CREATE TEMP TABLE w_vacancy (p int, j int, vacancy bigint, pool bigint, unit bigint, PRIMARY KEY (p, j))"
    )
    for p in range(ROUNDS):
        programme = makers.programme(cast, title=f"Təcrübə {p + 1}", seats=SEATS, offer_days=10)
        running, back = p >= ROUNDS - CURRENT, timedelta(days=40 * (ROUNDS - CURRENT - p) + 120)
        if not running:
            Programme.objects.filter(pk=programme.pk).update(
                state=ProgrammeState.ARCHIVED, created=timezone.now() - back
            )
            Deadline.objects.filter(call=programme.call).update(at=F("at") - back)
            Period.objects.filter(programme=programme).update(
                starts=timezone.localdate() - back + timedelta(days=60),
                ends=timezone.localdate() - back + timedelta(days=100),
            )
        period = programme.periods.get()
        opens = timezone.now() - (timedelta(days=30) if running else back + timedelta(days=30))
        run(
            "INSERT INTO w_round VALUES (%s, %s, %s, %s, %s, %s)",
            p, programme.pk, running, opens, period.starts, period.ends,
        )  # fmt: skip
        _positions(cast, programme, period, p)


def _positions(cast: Cast, programme: Programme, period: Period, p: int) -> None:
    first = makers.vacancy(programme)
    first.position.mentors.add(cast.mentor)
    units = (cast.substation, cast.aran)
    positions = Position.objects.bulk_create(
        Position(programme=programme, unit=units[j % 2], title_az=f"İş yeri {j}") for j in range(1, POSITIONS)
    )
    pools = Pool.objects.bulk_create(Pool(capacity=SEATS) for _position in positions)
    made = Vacancy.objects.bulk_create(
        Vacancy(position=position, period=period, pool=pool)
        for position, pool in zip(positions, pools, strict=True)
    )
    for j, vacancy in enumerate([first, *made]):
        run(
            "INSERT INTO w_vacancy VALUES (%s, %s, %s, %s, %s)",
            p, j, vacancy.pk, vacancy.pool_id, vacancy.position.unit_id,
        )  # fmt: skip


def bookings(cast: Cast, count: int) -> None:
    """Rooms of a centre, each full from nine to six every day, up to a month ahead."""
    site = actions.add_thing(
        actor=SYSTEM, parent=None, kind=ThingKind.SITE, name="Tədris mərkəzi", name_en="Training centre",
        owner=cast.azerisiq, is_bookable=False, audience=Audience.PARTNERS, horizon_days=120,
    )  # fmt: skip
    run("CREATE TEMP TABLE w_room (i int PRIMARY KEY, thing bigint)")
    for i in range(ROOMS):
        room = actions.add_thing(
            actor=SYSTEM,
            parent=site,
            kind=ThingKind.ROOM,
            name=f"Otaq {i + 1}",
            name_en=f"Room {i + 1}",
            capacity=20,
        )
        run("INSERT INTO w_room VALUES (%s, %s)", i, room.pk)
    first = sequence(Booking)
    holders = [getattr(cast, who).pk for who in ("hr", "expert", "organiser", "trainer")]
    run(
        f"""CREATE TEMP TABLE w_booking AS
        SELECT {first} + b AS key, thing, b, start AS starts, start + interval '50 minutes' AS ends,
               CASE WHEN start > now() THEN 'booked' ELSE 'finished' END AS state
        FROM (
            SELECT b, b % {ROOMS} AS i, ((current_date + 30 - b / {ROOMS * 9})::timestamp
                   + make_interval(hours => 9 + b / {ROOMS} % 9)) AT TIME ZONE 'Asia/Baku' AS start
            FROM generate_series(1, {count}) b
        ) q JOIN w_room USING (i)"""
    )
    insert(
        Booking, "FROM w_booking", id="key", state="state", owner_id=str(cast.azerisiq.pk), starts="starts", ends="ends",
        holder_id=f"(ARRAY{holders})[1 + b % {len(holders)}]", title="'Görüş ' || b", folded="'gorus ' || b",
    )  # fmt: skip
    insert(
        Slot, "FROM w_booking", booking_id="key", thing_id="thing", starts="starts", ends="ends",
        booked_from="starts", booked_until="ends", active="state = 'booked'",
    )  # fmt: skip
    sequence(Booking, settle=True)
