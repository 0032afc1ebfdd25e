# ruff: noqa: E501  (SQL reads better in long lines)
"""What stands beside the applications: certificates, reported values, cooperation ideas, requests to join."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils import timezone

from benchmarks.inserting import insert, run, sequence
from benchmarks.people import World
from internships.certificates import CERTIFICATES, practice
from internships.enums import PlacementState
from internships.models import Placement
from partnerships.agreements.models import Agreement
from partnerships.certificates.codes import ALPHABET, LENGTH
from partnerships.certificates.models import Certificate
from partnerships.certificates.snapshot import freeze
from partnerships.common.clock import today
from partnerships.common.models import Counter
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Affiliation, Invitation, Organization
from partnerships.ideas.enums import CameUp, IdeaState
from partnerships.ideas.models import Idea
from partnerships.indicators.catalogue import reported_ones
from partnerships.indicators.enums import Grade, ValueState
from partnerships.indicators.models import ReportedValue
from partnerships.joining.enums import Asker, JoinState
from partnerships.joining.models import JoinRequest
from partnerships.workflow.models import Change

PRACTICE = CERTIFICATES[0]
STEP = 163_000_000_007  # between two codes: so many fit into what twelve characters can say


# Certificates -------------------------------------------------------------------------------------------
def certificates(world: World) -> None:
    """Of nine in ten practices that are over, issued ten days after their end; one in three hundred revoked.

    The words are those of a real one, with what differs from row to row put in: `check` compares.
    """
    _certified()
    first = sequence(Certificate)
    _issued(world)
    run(
        "UPDATE internships_placement SET had_certificate = true WHERE id IN (SELECT placement FROM w_certificate)"
    )
    _history(first, world.cast.user("hr"))
    for year, n in _rows("SELECT year, max(n) FROM w_certificate GROUP BY year"):
        Counter.objects.update_or_create(series=PRACTICE.series, year=year, defaults={"value": n})


def _certified() -> None:
    """w_paper: what a paper says, with and without a mentor; w_certificate: whose, when, by which number."""
    run("CREATE TEMP TABLE w_paper (mentored boolean PRIMARY KEY, said text)")
    over = Placement.objects.filter(state=PlacementState.ASSESSED)
    for mentored in (True, False):
        if (one := over.filter(mentor__isnull=not mentored).first()) is not None:
            run("INSERT INTO w_paper VALUES (%s, %s)", mentored, _words(one))
    run(
        f"""CREATE TEMP TABLE w_certificate AS
        SELECT q.*, 'TS-' || year || '-' || lpad(n::text, greatest(5, length(n::text)), '0') AS serial,
               (SELECT string_agg(substr('{ALPHABET}', 1 + (div(turn * {STEP}, {len(ALPHABET)}::numeric ^ k) % {len(ALPHABET)})::int, 1), '')
                FROM generate_series(0, {LENGTH - 1}) k) AS code
        FROM (
            SELECT p.id AS placement, p.person_id AS holder, p.mark, p.mentor_id IS NOT NULL AS mentored,
                   o.given_name || ' ' || o.family_name AS name, o.folded AS folded,
                   (p.ends + 10)::timestamp + interval '10 hours' AS at, extract(year FROM p.ends + 10)::int AS year,
                   row_number() OVER (PARTITION BY extract(year FROM p.ends + 10) ORDER BY p.ends, p.id) AS n,
                   row_number() OVER (ORDER BY p.id) AS turn,
                   to_char(p.starts, 'DD.MM.YYYY') || ' – ' || to_char(coalesce(p.last_day, p.ends), 'DD.MM.YYYY') AS period,
                   u.name AS university_az, coalesce(nullif(u.name_en, ''), u.name) AS university_en,
                   f.name AS faculty_az, coalesce(nullif(f.name_en, ''), f.name) AS faculty_en,
                   w.name AS unit_az, coalesce(nullif(w.name_en, ''), w.name) AS unit_en,
                   g.title_az AS programme_az, coalesce(nullif(g.title_en, ''), g.title_az) AS programme_en,
                   s.title_az AS place_az, coalesce(nullif(s.title_en, ''), s.title_az) AS place_en
            FROM internships_placement p
            JOIN directory_person o ON o.id = p.person_id
            JOIN directory_organization u ON u.id = p.university_id JOIN directory_organization f ON f.id = p.faculty_id
            JOIN directory_organization w ON w.id = p.unit_id JOIN internships_programme g ON g.id = p.programme_id
            JOIN internships_vacancy v ON v.id = p.vacancy_id JOIN internships_position s ON s.id = v.position_id
            WHERE p.state = 'assessed' AND p.id % 10 > 0
        ) q"""
    )


def _issued(world: World) -> None:
    """The rows, each with the words of its paper."""
    said = "w_paper.said"
    for name in ("university", "faculty", "programme", "place", "unit"):
        for language in ("az", "en"):
            said = f"replace({said}, '\"@{name}_{language}\"', to_json({name}_{language})::text)"
    for name, value in {
        "period": "period", "mark": "mark::text", "serial": "serial", "code": "code", "holder": "name",
        "issued": "to_char(at, 'YYYY-MM-DD')",
    }.items():  # fmt: skip
        said = f"replace({said}, '\"@{name}\"', to_json({value})::text)"
    kind = _kind(Placement)
    revoked = "placement % 300 = 1"
    insert(
        Certificate,
        f"FROM (SELECT w_certificate.*, {said} AS words FROM w_certificate JOIN w_paper USING (mentored)) q ORDER BY at, placement",
        state=f"CASE WHEN {revoked} THEN 'revoked' ELSE 'issued' END", kind=f"'{PRACTICE.key}'", serial="serial",
        code="code", content_type_id=str(kind), object_id="placement", holder_id="holder", holder_name="name",
        issuer_id=str(world.cast.azerisiq.pk), template=f"'{PRACTICE.template}'", template_version=str(PRACTICE.version),
        snapshot="(words::jsonb)->'snapshot'", sha256="encode(sha256(convert_to(words, 'UTF8')), 'hex')",
        issued_at="at AT TIME ZONE 'Asia/Baku'", state_since="at AT TIME ZONE 'Asia/Baku'", created="at AT TIME ZONE 'Asia/Baku'",
        reason=f"CASE WHEN {revoked} THEN 'Qiymət səhv yazılmışdı.' ELSE '' END",
        folded="split_part(folded, ' ', 1) || ' ' || split_part(folded, ' ', 2) || ' ' || lower(serial)",
    )  # fmt: skip


def _history(key: int, hr: Any) -> None:
    """What is told of the certificates after this key: issued, and some revoked."""
    source = f"FROM certificates_certificate WHERE id > {key}"
    for verb, before, after, where in (
        ("issue", "''", "'issued'", ""),
        ("revoke", "'issued'", "'revoked'", "AND state = 'revoked'"),
    ):
        insert(
            Change, f"{source} {where}", content_type_id=str(_kind(Certificate)), object_id="id", verb=f"'{verb}'",
            from_state=before, to_state=after, actor_kind="'user'", user_id=str(hr.pk), actor_name=f"'{hr.display_name}'",
            note="reason" if verb == "revoke" else "''", at="state_since", told_at="state_since",
        )  # fmt: skip


def _words(placement: Placement) -> str:
    """All that the paper of this practice says, as its fingerprint is taken, with names of columns where rows
    differ."""
    snapshot = freeze(PRACTICE, practice(placement))
    for line in snapshot["lines"]:
        if line["key"] in ("university", "faculty", "programme", "place", "unit"):
            line["value"] = {language: f"@{line['key']}_{language}" for language in line["value"]}
        elif line["key"] in ("period", "mark"):
            line["value"] = dict.fromkeys(line["value"], f"@{line['key']}")
    said = {
        "serial": "@serial", "code": "@code", "kind": PRACTICE.key, "holder": "@holder", "issued": "@issued",
        "valid_to": "", "template": f"{PRACTICE.template}-{PRACTICE.version}", "snapshot": snapshot,
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unsound() -> list[str]:
    """Certificates of a sample that do not say what their practice would be certified with, or are not whole."""
    return [
        f"certificate {row.serial} is not as it would be issued"
        for row in Certificate.objects.order_by("?")[:10]
        if not row.is_sound or row.snapshot != freeze(PRACTICE, practice(row.subject))
    ]


# What is few --------------------------------------------------------------------------------------------
def values(world: World, rows: int) -> None:
    """What organisations report of years that are over and of this one: most is confirmed, by somebody else."""
    count = min(max(rows // 100, 200), 2000)
    keys = [one.key for one in reported_ones()]
    roots = _universities()
    held = Affiliation.objects.filter(role=Role.COORDINATOR, organization__in=roots)
    who = {row.organization_id: row.person for row in held.select_related("person__user")}
    states = [*[ValueState.CONFIRMED] * 8, ValueState.REPORTED, ValueState.RETURNED]
    made = ReportedValue.objects.bulk_create(
        ReportedValue(
            indicator=keys[n % len(keys)], organization=roots[n % len(roots)], partner=world.cast.azerisiq if n % 2 else None,
            year=today().year - n % 4, amount=Decimal(1 + n % 90), grade=Grade.values[n % 3], source=f"Hesabat № {n + 1}",
            reported_by=who[roots[n % len(roots)].pk], state=states[n % 10],
            confirmed_by=world.cast.partnerships if states[n % 10] == ValueState.CONFIRMED else None,
        )
        for n in range(count)
    )  # fmt: skip
    _told(made, "report", ValueState.REPORTED, lambda row: row.reported_by.user)
    manager = world.cast.user("partnerships")
    for state, verb in ((ValueState.CONFIRMED, "confirm"), (ValueState.RETURNED, "return")):
        _told(
            [row for row in made if row.state == state],
            verb,
            state,
            lambda _row: manager,
            ValueState.REPORTED,
        )


def ideas(world: World, rows: int) -> None:
    """What came up at meetings; half are open, a third of those late; some became the agreement of the partner."""
    cast, roots = world.cast, _universities()
    agreements = dict(
        Agreement.objects.filter(kind="framework").values_list("parties__organization_id", "pk")
    )
    kind, noted = _kind(Agreement), cast.partnerships
    states = (IdeaState.OPEN, IdeaState.OPEN, IdeaState.BECAME, IdeaState.DROPPED)
    made = Idea.objects.bulk_create(
        Idea(
            title=f"{roots[n % len(roots)].short_name} ilə birgə laboratoriya", text="Görüşdə danışılıb.", home=cast.azerisiq,
            partner=roots[n % len(roots)], came_up=CameUp.values[n % 4], said_on=today() - timedelta(days=20 + n % 300),
            noted_by=noted, owner=(noted, cast.expert, cast.organiser)[n % 3], next_step="Rəhbərliklə görüşmək",
            next_on=today() + timedelta(days=n % 30 - 10), state=states[n % 4],
            content_type_id=kind if states[n % 4] == IdeaState.BECAME else None,
            object_id=agreements[roots[n % len(roots)].pk] if states[n % 4] == IdeaState.BECAME else None,
        )
        for n in range(min(max(rows // 100, 60), 1000))
    )  # fmt: skip
    manager = cast.user("partnerships")
    _told(made, "note", IdeaState.OPEN, lambda _row: manager)
    for state, verb in ((IdeaState.BECAME, "become"), (IdeaState.DROPPED, "drop")):
        _told([row for row in made if row.state == state], verb, state, lambda _row: manager, IdeaState.OPEN)


def requests(world: World, rows: int) -> None:
    """Those of the universities that are partners now, and of others that ask, were asked, invited or declined."""
    manager, roots = world.cast.user("partnerships"), _universities()
    agreements = dict(
        Agreement.objects.filter(kind="framework").values_list("parties__organization_id", "pk")
    )
    count = min(max(rows // 200, 60), 400)
    others = (
        JoinState.RECEIVED,
        JoinState.RECEIVED,
        JoinState.ASKED,
        JoinState.DECLINED,
        JoinState.WITHDRAWN,
    )
    made = []
    for n in range(count):
        joined, state = roots[n // 2] if n % 2 else None, others[n // 2 % 5]
        made.append(
            JoinRequest(
                kind=Asker.UNIVERSITY if joined or n % 4 else Asker.COMPANY, organization=joined,
                name=joined.name if joined else f"{n}-ci institut", domain=f"i{n}.example",
                contact_name=f"Əlaqə Məsul{n}", email=f"ask{n}@i{n}.example", directions=["internships"],
                message="Təcrübə üçün əməkdaşlıq istəyirik.", state=JoinState.JOINED if joined else state,
                invitation=_invitation(joined, n, manager) if joined else None,
                agreement_id=agreements[joined.pk] if joined else None,
            )
        )  # fmt: skip
    Invitation.objects.bulk_create(row.invitation for row in made if row.invitation is not None)
    made = JoinRequest.objects.bulk_create(made)
    _told(made, "request", JoinState.RECEIVED, lambda _row: None)
    for state, verb in ((JoinState.ASKED, "ask"), (JoinState.DECLINED, "decline")):
        _told([r for r in made if r.state == state], verb, state, lambda _row: manager, JoinState.RECEIVED)
    gone = [row for row in made if row.state == JoinState.WITHDRAWN]
    _told(gone, "withdraw", JoinState.WITHDRAWN, lambda _row: None, JoinState.RECEIVED)
    come = [row for row in made if row.state == JoinState.JOINED]
    for verb, before, after in (
        ("invite", JoinState.RECEIVED, JoinState.INVITED),
        ("offer", JoinState.INVITED, JoinState.OFFERED),
        ("join", JoinState.OFFERED, JoinState.JOINED),
    ):
        _told(come, verb, after, lambda _row: manager, before)


def _invitation(joined: Organization, n: int, manager: Any) -> Invitation:
    since = timezone.now() - timedelta(days=300)
    return Invitation(
        organization=joined, role=Role.COORDINATOR, code=f"B{n:07d}", uses_left=0, expires=since, made_by=manager
    )  # fmt: skip


def _universities() -> list[Organization]:
    return list(Organization.objects.filter(kind=Kind.UNIVERSITY).order_by("pk"))


def _told(rows: list[Any], verb: str, after: str, by: Any, before: str = "") -> None:
    """A line of history for each, told already; each a second after the one before it."""
    done, began = [], timezone.now() - timedelta(days=5)
    for row in rows:
        user = by(row)
        at = row.told = getattr(row, "told", began) + timedelta(seconds=1)
        done.append(
            Change(
                content_type_id=_kind(type(row)), object_id=row.pk, verb=verb, from_state=before, to_state=after,
                actor_kind="user" if user else "link", user=user, at=at, told_at=at,
                actor_name=user.display_name if user else getattr(row, "contact_name", ""),
            )
        )  # fmt: skip
    Change.objects.bulk_create(done)


def _kind(model: type[models.Model]) -> int:
    return ContentType.objects.get_for_model(model).pk


def _rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
