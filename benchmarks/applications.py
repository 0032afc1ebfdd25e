# ruff: noqa: E501  (SQL reads better in long lines)
"""What there is much of: applications with their choices, seats and history, and what follows from them."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from benchmarks.few import POSITIONS, ROUNDS
from benchmarks.inserting import insert, run, sequence
from benchmarks.people import World
from internships.enums import OnboardingKind
from internships.models import Application, Choice, OnboardingTask, Placement
from partnerships.common.models import Counter
from partnerships.notifications.models import Notification
from partnerships.seats.models import Hold, Waiting
from partnerships.workflow.models import Change

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
    (5, "draft"), (25, "submitted"), (30, "returned"), (58, "in_review"), (60, "interview"), (62, "offered"), (65, "accepted"),
    (73, "waitlisted"), (88, "refused"), (92, "not_endorsed"), (100, "withdrawn"),
)  # fmt: skip
# The verb that led there, and who pressed.
LED = {
    "returned": ("return", "coordinator"), "not_endorsed": ("not_endorse", "coordinator"),
    "interview": ("invite", "hr"), "offered": ("offer", "hr"), "waitlisted": ("waitlist", "hr"), "refused": ("refuse", "hr"),
    "accepted": ("accept", "student"), "declined": ("decline", "student"), "lapsed": ("lapse", "system"),
    "withdrawn": ("withdraw", "student"),
}  # fmt: skip
# The company never saw these.
UNSEEN = "('draft', 'submitted', 'returned', 'not_endorsed')"
NEEDS_PLACE = "('offered', 'accepted', 'declined', 'lapsed')"


def _state(table: tuple[tuple[int, str], ...]) -> str:
    return "CASE " + " ".join(f"WHEN h < {below} THEN '{state}'" for below, state in table) + " END"


def applications(world: World, rows: int) -> None:
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


def seats() -> None:
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


def history(world: World) -> None:
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


def practices(world: World) -> None:
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


def notifications(world: World) -> None:
    """What each student was told of the last change of every second application; a tenth is unread."""
    kind = ContentType.objects.get_for_model(Application).pk
    words = "jsonb_build_object('az', 'Müraciətiniz barədə: ' || number, 'en', 'About your application: ' || number)"
    insert(
        Notification, "FROM w_row WHERE state <> 'draft' AND a % 2 = 0 ORDER BY a", person_id="person",
        content_type_id=str(kind), object_id="key", kind="'internships.sent'", title=words, body=words,
        path="'/internships/mine/'", created="since", read_at="CASE WHEN a % 20 > 0 THEN since END",
    )  # fmt: skip
