# ruff: noqa: E501, SIM905  (SQL reads better in long lines)
"""A portal of any size on PostgreSQL, written in sets: what the benchmarks look at.

`build(rows)` writes `rows` applications of `rows / 10` students (at least 500) at 200 universities to 50 rounds
of Azərişıq, 45 of them long over, with choices, seats, history, practices, notifications and bookings. Every row
is one that the actions could have written: `check` compares seats with holds, states with the last line of the
history, and has the models validate some of each table.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from benchmarks.inserting import bare, insert, run, sequence
from internships.enums import OnboardingKind, ProgrammeState
from internships.models import (
    Application,
    Choice,
    OnboardingTask,
    Period,
    Placement,
    Position,
    Programme,
    Vacancy,
)
from internships.tests import makers
from partnerships.accounts.models import User
from partnerships.agreements.enums import AgreementKind, AgreementState, PartyRole, TermKind
from partnerships.agreements.models import Agreement, Party
from partnerships.bookings import actions as bookings
from partnerships.bookings.enums import Audience, ThingKind
from partnerships.bookings.models import Booking, Slot
from partnerships.calls.models import Deadline
from partnerships.common.models import Counter
from partnerships.common.text import fold, sort_key
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Affiliation, Organization, Person, Study
from partnerships.notifications.models import Notification
from partnerships.seats.models import Hold, Pool, Waiting
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.testing.cast import build as build_cast
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change

UNIVERSITIES, ROUNDS, CURRENT, POSITIONS, EACH, ROOMS = 200, 50, 5, 20, 10, 20
SEATS = 200  # of a position, at least
GIVEN = (
    "Aygün Nigar Leyla Günel Aytən Sevinc Xəyalə Nərmin Ülviyyə Fidan Kənan Elnur Orxan Rəşad Tural Samir "
    "Cavid İlqar Rauf Tofiq Əli Vüqar Şahin Çingiz Murad Emin Fərid Anar Zaur İsmayıl"
).split()
FAMILY = (
    "Məmmədov Əliyev Həsənov Hüseynov Quliyev Rəhimov Abbasov Kərimov Səfərov İbrahimov Mustafayev Babayev "
    "Rzayev Nəsirov Vəliyev Cəfərov Əhmədov İsmayılov Süleymanov Qasımov Bayramov Şükürov Hacıyev Məlikov "
    "Orucov Tağıyev Yusifov Zeynalov Ağayev Axundov Bağırov Dadaşov Eyvazov Fərzəliyev Göyüşov Xəlilov "
    "Kazımov Lətifov Mehdiyev Nağıyev Ömərov Paşayev Ramazanov Sadıqov Talıbov Ümidov Vahabov Yaqubov "
    "Zamanov Şərifov Çobanov Əsgərov Ələkbərov Allahverdiyev Bədəlov Cabbarov Dəmirov Həmidov İskəndərov"
).split()

# How an application stands, by a number from 0 to 99 that follows from its key: up to which, in what state.
OVER = (
    (5, "accepted"),
    (55, "refused"),
    (62, "declined"),
    (68, "lapsed"),
    (85, "withdrawn"),
    (100, "not_endorsed"),
)
RUNNING = (
    (5, "draft"), (25, "submitted"), (30, "returned"), (60, "in_review"), (62, "offered"), (65, "accepted"),
    (73, "waitlisted"), (88, "refused"), (92, "not_endorsed"), (100, "withdrawn"),
)  # fmt: skip
# The verb that led there, and who pressed.
LED = {
    "returned": ("return", "coordinator"), "not_endorsed": ("not_endorse", "coordinator"),
    "offered": ("offer", "hr"), "waitlisted": ("waitlist", "hr"), "refused": ("refuse", "hr"),
    "accepted": ("accept", "student"), "declined": ("decline", "student"), "lapsed": ("lapse", "system"),
    "withdrawn": ("withdraw", "student"),
}  # fmt: skip
# The company never saw these.
UNSEEN = "('draft', 'submitted', 'returned', 'not_endorsed')"
NEEDS_PLACE = "('offered', 'accepted', 'declined', 'lapsed')"

MANY = (
    User, Person, Affiliation, Study, Application, Choice, Hold, Waiting, Change, Placement, OnboardingTask, Notification,
)  # fmt: skip


@dataclass
class World:
    cast: Cast
    students: int
    student: User  # at AzTU, with EACH applications
    first: int  # key of the application before the first that was written here


def build(rows: int) -> World:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET statement_timeout = 0; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'"
        )
    cast = build_cast()
    students = max(rows // EACH, 500)
    _universities(cast)
    _rounds(cast)
    with bare(*MANY):
        world = _people(cast, students)
        _applications(world, rows)
        _seats()
        _history(world)
        _practices(world)
        _notifications(world)
    _bookings(cast, max(rows // 10, 200))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout; RESET synchronous_commit; RESET maintenance_work_mem")
    return world


# What there is few of ---------------------------------------------------------------------------------
def _universities(cast: Cast) -> None:
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


def _rounds(cast: Cast) -> None:
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


# What there is much of --------------------------------------------------------------------------------
def _people(cast: Cast, count: int) -> World:
    """Students with account, verified studies; one in five at AzTU, the rest evenly. w_student: who is where."""
    run("CREATE TEMP TABLE w_given (i int PRIMARY KEY, name text, folded text, sorted text)")
    run("CREATE TEMP TABLE w_family (i int PRIMARY KEY, name text, folded text, sorted text)")
    for table, names in (("w_given", GIVEN), ("w_family", FAMILY)):
        for i, name in enumerate(names):
            run(f"INSERT INTO {table} VALUES (%s, %s, %s, %s)", i, name, fold(name), sort_key(name))
    user, person, held = sequence(User), sequence(Person), sequence(Affiliation)
    run(
        f"""CREATE TEMP TABLE w_student AS
        SELECT n, {user} + n AS account, {person} + n AS person, {held} + n AS held, w_place.*,
               g.name AS given, f.name AS family, g.folded || ' ' || f.folded AS folded,
               f.sorted || ' ' || g.sorted AS sorted, 't' || n || '@s.example' AS email
        FROM generate_series(1, {count}) n
        JOIN w_place ON i = CASE WHEN n % 5 = 0 THEN 0 ELSE n % {UNIVERSITIES} END
        JOIN w_given g ON g.i = n % {len(GIVEN)}
        JOIN w_family f ON f.i = (n / {len(GIVEN)} + n) % {len(FAMILY)}"""
    )
    run("CREATE UNIQUE INDEX ON w_student (n)")
    run("ANALYZE w_student")
    source = "FROM w_student s"
    insert(
        User,
        source,
        id="account",
        email="email",
        password="'!'",
        language="CASE WHEN n % 7 = 0 THEN 'en' ELSE 'az' END",
    )
    insert(
        User.emailaddress_set.rel.related_model, source,
        user_id="account", email="email", verified="true", primary="true",
    )  # fmt: skip
    insert(
        Person, source, id="person", user_id="account", given_name="given", family_name="family", email="email",
        folded="folded || ' ' || split_part(folded, ' ', 1) || ' ' || email", sort_key="sorted",
    )  # fmt: skip
    insert(
        Affiliation, source, id="held", person_id="person", organization_id="unit",
        role=f"'{Role.STUDENT}'", starts="date '2023-09-15'", state="'verified'",
    )  # fmt: skip
    specialty = make.specialty()
    insert(
        Study,
        source,
        affiliation_id="held",
        specialty_id=str(specialty.pk),
        year="1 + n % 4",
        gpa="60 + n % 40",
    )
    for model in (User, Person, Affiliation):
        sequence(model, settle=True)
    student = User.objects.get(email="t5@s.example")
    return World(cast, count, student, 0)


def _state(table: tuple[tuple[int, str], ...]) -> str:
    return "CASE " + " ".join(f"WHEN h < {below} THEN '{state}'" for below, state in table) + " END"


def _applications(world: World, rows: int) -> None:
    """w_row: everything that follows from the key of an application; then the rows and their choices."""
    world.first = sequence(Application)
    per = f"((a - 1) % {world.students} + 1)"  # so a million is ten of each of 100,000
    run(
        f"""CREATE TEMP TABLE w_row AS
        SELECT q.*, r.programme, r.opens, r.starts, r.ends, r.running,
               CASE WHEN r.running THEN {_state(RUNNING)} ELSE {_state(OVER)} END AS state,
               r.opens + make_interval(days => a % 20, mins => a % 1440) AS sent,
               'INT-' || extract(year FROM now()) || '-' || lpad(a::text, greatest(5, length(a::text)), '0') AS number
        FROM (
            SELECT a, {world.first} + a AS key, s.n, s.person, s.account, s.held, s.unit, s.root, s.coordinator,
                   s.given || ' ' || s.family AS who, s.name AS coordinator_name,
                   (s.n * 7 + (a - 1) / {world.students} * 5) % {ROUNDS} AS p,
                   (s.n * 3 + (a - 1) / {world.students}) % {POSITIONS} AS j,
                   (hashint4(a) & 2147483647) % 100 AS h
            FROM generate_series(1, {rows}) a JOIN w_student s ON s.n = {per}
        ) q JOIN w_round r ON r.p = q.p"""
    )
    run(
        """ALTER TABLE w_row ADD COLUMN vacancy bigint, ADD COLUMN pool bigint, ADD COLUMN works bigint,
        ADD COLUMN reached timestamptz, ADD COLUMN since timestamptz"""
    )
    run(
        f"""UPDATE w_row r SET vacancy = v.vacancy, pool = v.pool, works = v.unit,
        reached = CASE WHEN state NOT IN {UNSEEN} THEN sent + interval '3 days' END,
        since = CASE state WHEN 'draft' THEN opens WHEN 'submitted' THEN sent WHEN 'in_review' THEN sent + interval '3 days'
                ELSE sent + interval '6 days' END
        FROM w_vacancy v WHERE v.p = r.p AND v.j = r.j"""
    )
    run("ANALYZE w_row")
    snapshot = """jsonb_build_object('study', jsonb_build_object('specialty', 'Elektroenergetika mühəndisliyi',
        'specialty_code', '050608', 'degree', 'bachelor', 'year', 1 + n % 4, 'gpa', (60 + n % 40)::text || '.00', 'mode', 'full_time'),
        'places', jsonb_build_array(jsonb_build_object('rank', 1, 'position', 'İş yeri ' || j, 'checks', '[]'::jsonb)))"""
    insert(
        Application, "FROM w_row", id="key", state="state", state_since="since", created="opens",
        version="2", number="CASE WHEN state <> 'draft' THEN number END", programme_id="programme",
        person_id="person", affiliation_id="held", unit_id="unit", university_id="root",
        motivation="'Şəbəkəni yerində görmək istəyirəm.'",
        eligibility=f"CASE WHEN state <> 'draft' THEN {snapshot} ELSE '{{}}'::jsonb END",
        submitted_at="CASE WHEN state <> 'draft' THEN sent END", reached_company_at="reached",
        supervisor_id=f"CASE WHEN root = {world.cast.aztu.pk} AND a % 500 = 0 THEN {world.cast.supervisor.pk} END",
        offered_vacancy_id=f"CASE WHEN state IN {NEEDS_PLACE} THEN vacancy END",
        offer_expires="CASE WHEN state = 'offered' THEN now() + interval '5 days' END",
        refusal_code="CASE WHEN state = 'refused' THEN 'stronger' ELSE '' END",
    )  # fmt: skip
    sequence(Application, settle=True)
    insert(Choice, "FROM w_row", application_id="key", rank="1", vacancy_id="vacancy")
    insert(
        Choice, f"FROM w_row r JOIN w_vacancy v ON v.p = r.p AND v.j = (r.j + 1) % {POSITIONS} WHERE a % 4 = 0",
        application_id="key", rank="2", vacancy_id="v.vacancy",
    )  # fmt: skip
    Counter.objects.update_or_create(series="INT", year=timezone.localdate().year, defaults={"value": rows})


def _seats() -> None:
    """A hold for each offer, released where it was declined or lapsed; a place in line; the counts of pools."""
    insert(
        Hold, f"FROM w_row WHERE state IN {NEEDS_PLACE}", pool_id="pool", claimant="key", organization_id="root",
        state="CASE state WHEN 'offered' THEN 'offered' WHEN 'accepted' THEN 'taken' ELSE 'released' END",
        expires="CASE WHEN state = 'offered' THEN now() + interval '5 days' END",
    )  # fmt: skip
    insert(
        Waiting,
        "FROM w_row WHERE state = 'waitlisted'",
        pool_id="pool",
        claimant="key",
        organization_id="root",
    )
    run(
        """UPDATE seats_pool SET taken = n, capacity = greatest(capacity, n + 1) FROM
        (SELECT pool_id, count(*) AS n FROM seats_hold WHERE state <> 'released' GROUP BY pool_id) live
        WHERE seats_pool.id = live.pool_id"""
    )


def _history(world: World) -> None:
    """Sent, endorsed, and what became of it: told already, as in a portal that runs."""
    kind = ContentType.objects.get_for_model(Application).pk
    hr = world.cast.user("hr")
    kept = """jsonb_build_object('offered_vacancy', {vacancy}, 'offer_expires', NULL, 'refusal_code', {code},
              'reached_company_at', {reached})"""
    blank = kept.format(vacancy="NULL", code="''", reached="NULL")
    seen = kept.format(vacancy="NULL", code="''", reached="reached::text")
    final = kept.format(
        vacancy=f"CASE WHEN state IN {NEEDS_PLACE} THEN vacancy END",
        code="CASE WHEN state = 'refused' THEN 'stronger' ELSE '' END", reached="reached::text",
    )  # fmt: skip
    common = {"content_type_id": str(kind), "object_id": "key", "actor_kind": "'user'"}
    insert(
        Change, "FROM w_row WHERE state <> 'draft' ORDER BY a", **common, verb="'submit'", from_state="'draft'",
        to_state="'submitted'", user_id="account", person_id="person", actor_name="who", kept=blank, at="sent",
        told_at="sent",
    )  # fmt: skip
    at = "sent + interval '3 days'"
    insert(
        Change, f"FROM w_row WHERE state NOT IN {UNSEEN} ORDER BY a", **common, verb="'endorse'",
        from_state="'submitted'", to_state="'in_review'", user_id="coordinator", actor_name="coordinator_name",
        kept=seen, at=at, told_at=at,
    )  # fmt: skip
    by = {"hr": str(hr.pk), "student": "account", "coordinator": "coordinator", "system": "NULL"}
    name = {"hr": f"'{hr.display_name}'", "student": "who", "coordinator": "coordinator_name", "system": "''"}

    def cases(values: Any) -> str:
        return (
            "CASE state "
            + " ".join(f"WHEN '{state}' THEN {values(led)}" for state, led in LED.items())
            + " END"
        )

    # Who accepts, declines or is too late was offered a place first.
    at = "sent + interval '5 days'"
    insert(
        Change, "FROM w_row WHERE state IN ('accepted', 'declined', 'lapsed') ORDER BY a", **common,
        verb="'offer'", from_state="'in_review'", to_state="'offered'", user_id=str(hr.pk),
        actor_name=f"'{hr.display_name}'", kept=final, at=at, told_at=at,
    )  # fmt: skip
    common["actor_kind"] = "CASE WHEN state = 'lapsed' THEN 'system' ELSE 'user' END"
    source = "CASE WHEN state IN ('returned', 'not_endorsed') THEN 'submitted' WHEN state IN ('accepted', 'declined', 'lapsed') THEN 'offered' ELSE 'in_review' END"
    insert(
        Change, "FROM w_row WHERE state NOT IN ('draft', 'submitted', 'in_review') ORDER BY a", **common,
        verb=cases(lambda led: f"'{led[0]}'"), from_state=source, to_state="state",
        user_id=cases(lambda led: by[led[1]]), actor_name=cases(lambda led: name[led[1]]), kept=final,
        note="CASE WHEN state IN ('refused', 'not_endorsed', 'returned') THEN 'Səbəb yazılıb.' ELSE '' END",
        at="since", told_at="since",
    )  # fmt: skip


def _practices(world: World) -> None:
    """A practice for each acceptance: over and marked in the old rounds, in preparation in the running ones."""
    first, mentor = sequence(Placement), world.cast.mentor.pk
    weeks = "((ends - starts + 1 + 6) / 7)"
    insert(
        Placement, "FROM (SELECT *, row_number() OVER (PARTITION BY running, j ORDER BY a) AS turn FROM w_row "
        "WHERE state = 'accepted') w_taken",
        state="CASE WHEN running THEN 'preparing' ELSE 'assessed' END", state_since="since", created="since",
        application_id="key", person_id="person", programme_id="programme", vacancy_id="vacancy",
        host_id=str(world.cast.azerisiq.pk), unit_id="works", university_id="root", faculty_id="unit",
        mentor_id=f"CASE WHEN j = 0 AND (NOT running OR turn <= 5) THEN {mentor} END", starts="starts", ends="ends",
        planned_minutes=f"{weeks} * 1200", mark="CASE WHEN NOT running THEN 60 + n % 41 END",
    )  # fmt: skip
    source = f"FROM internships_placement WHERE id > {first}"
    for task in OnboardingKind.values:
        insert(OnboardingTask, source, placement_id="id", kind=f"'{task}'")
    kind = ContentType.objects.get_for_model(Placement).pk
    insert(
        Change, source, content_type_id=str(kind), object_id="id", verb="'open'", to_state="'preparing'",
        actor_kind="'system'", at="state_since", told_at="state_since",
    )  # fmt: skip
    insert(
        Change, f"{source} AND state = 'assessed'", content_type_id=str(kind), object_id="id", verb="'assess'",
        from_state="'finished'", to_state="'assessed'", actor_kind="'system'", at="ends", told_at="ends",
    )  # fmt: skip


def _notifications(world: World) -> None:
    """What each student was told of the last change of every second application; a tenth is unread."""
    kind = ContentType.objects.get_for_model(Application).pk
    words = "jsonb_build_object('az', 'Müraciətiniz barədə: ' || number, 'en', 'About your application: ' || number)"
    insert(
        Notification, "FROM w_row WHERE state <> 'draft' AND a % 2 = 0 ORDER BY a", person_id="person",
        content_type_id=str(kind), object_id="key", kind="'internships.sent'", title=words, body=words,
        path="'/internships/mine/'", created="since", read_at="CASE WHEN a % 20 > 0 THEN since END",
    )  # fmt: skip


def _bookings(cast: Cast, count: int) -> None:
    """Rooms of a centre, each full from nine to six every day, up to a month ahead."""
    site = bookings.add_thing(
        actor=SYSTEM, parent=None, kind=ThingKind.SITE, name="Tədris mərkəzi", name_en="Training centre",
        owner=cast.azerisiq, is_bookable=False, audience=Audience.PARTNERS, horizon_days=120,
    )  # fmt: skip
    run("CREATE TEMP TABLE w_room (i int PRIMARY KEY, thing bigint)")
    for i in range(ROOMS):
        room = bookings.add_thing(
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
        active="state = 'booked'",
    )  # fmt: skip
    sequence(Booking, settle=True)


# Whether it is what it says ----------------------------------------------------------------------------
SAMPLE = 20
CHECKED: tuple[type[models.Model], ...] = (
    Person, Affiliation, Study, Application, Choice, Pool, Hold, Waiting, Placement, OnboardingTask, Notification,
    Booking, Slot, Agreement, Party,
)  # fmt: skip


def check() -> list[str]:
    """What is not as the actions would have left it; empty when all is well."""
    wrong = []
    questions = {
        "seats that do not add up": """SELECT count(*) FROM seats_pool p WHERE taken > capacity OR taken <>
            (SELECT count(*) FROM seats_hold h WHERE h.pool_id = p.id AND state <> 'released')""",
        "offers or acceptances without a seat": """SELECT count(*) FROM internships_application a JOIN internships_vacancy v
            ON v.id = a.offered_vacancy_id WHERE a.state IN ('offered', 'accepted') AND NOT EXISTS (SELECT FROM seats_hold h
            WHERE h.claimant = a.id AND h.pool_id = v.pool_id AND h.state <> 'released')""",
        "acceptances without a practice": """SELECT count(*) FROM internships_application a WHERE state = 'accepted'
            AND NOT EXISTS (SELECT FROM internships_placement p WHERE p.application_id = a.id)""",
        "states that the history does not end with": f"""SELECT count(*) FROM internships_application a JOIN (
            SELECT DISTINCT ON (object_id) object_id, to_state FROM workflow_change
            WHERE content_type_id = {ContentType.objects.get_for_model(Application).pk}
            ORDER BY object_id, at DESC, id DESC) c ON c.object_id = a.id WHERE c.to_state <> a.state""",
        "applications without a choice": """SELECT count(*) FROM internships_application a WHERE NOT EXISTS
            (SELECT FROM internships_choice c WHERE c.application_id = a.id)""",
    }
    with connection.cursor() as cursor:
        for name, sql in questions.items():
            cursor.execute(sql)
            if found := cursor.fetchone()[0]:
                wrong.append(f"{found} {name}")
    for model in CHECKED:
        for row in model._default_manager.order_by("-pk")[:SAMPLE]:
            empty = [f.name for f in model._meta.fields if getattr(row, f.attname) in (None, "", [], {})]
            row.clean_fields(exclude=empty)
            row.validate_constraints()
    return wrong
