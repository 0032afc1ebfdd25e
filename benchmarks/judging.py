# ruff: noqa: E501  (SQL reads better in long lines)
"""Talks with candidates, and the commissions that mark them: five of fifty rounds are judged."""

from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from benchmarks.few import ROUNDS
from benchmarks.inserting import insert, run, sequence
from benchmarks.people import TIED, World
from internships.models import Application, Interview, Programme
from internships.reviews import KEY
from partnerships.common.clock import end_of_day, today
from partnerships.directory.enums import Role
from partnerships.directory.models import Person
from partnerships.reviews import actions, conflicts, tallies
from partnerships.reviews.enums import Blind, Phase, ReviewState
from partnerships.reviews.kinds import type_of
from partnerships.reviews.models import Conflict, ConflictOverride, Review, ReviewMember, ReviewRound, Tally
from partnerships.reviews.reports import APART
from partnerships.testing import factories as make
from partnerships.workflow.models import Change, record

# How the rounds that are judged stand, counted from the newest: three are over.
PHASES = {0: Phase.MARKING, 1: Phase.DISCUSSION, 5: Phase.CLOSED, 6: Phase.CLOSED, 7: Phase.CLOSED}
EACH, LOAD, LEAST, MOST = 2, 60, 4, 60  # reviewers for each, reviews of one, members
CRITERIA = (("Texniki hazırlıq", "Technical preparation", 3), ("Motivasiya", "Motivation", 2))
LABELS = {
    "labels_az": ["zəif", "kafi", "yaxşı", "əla"],
    "labels_en": ["weak", "sufficient", "good", "excellent"],
}
# How many of a hundred reviews of a round are how far.
FAR = {
    Phase.MARKING: ((60, "submitted"), (68, "draft"), (70, "declined"), (100, "invited")),
    Phase.DISCUSSION: ((92, "submitted"), (94, "reopened"), (96, "declined"), (100, "invited")),
    Phase.CLOSED: ((98, "submitted"), (100, "declined")),
}


def people(world: World, rows: int) -> list[Person]:
    """Who marks and talks; more of them where there is more to mark. w_judge: them by a number from 0."""
    cast = world.cast
    count = min(max(rows // ROUNDS * EACH // LOAD, LEAST), MOST)
    more = make.crowd(
        *(
            (f"Üzv Komissiya{n}", f"j{n}@bench.example", (cast.baki, cast.aran)[n % 2], Role.EXPERT)
            for n in range(count - 3)
        )
    )
    (tied,) = make.crowd(("Aytən Bağırova", TIED, cast.azerisiq, Role.HR))
    make.affiliation(tied, cast.energy, Role.LECTURER)
    found = [cast.expert, cast.organiser, cast.trainer, *more]
    run("CREATE TEMP TABLE w_judge (i int PRIMARY KEY, person bigint, account bigint, name text)")
    for i, one in enumerate(found):
        run("INSERT INTO w_judge VALUES (%s, %s, %s, %s)", i, one.pk, one.user_id, one.name)
    return found


def talks(world: World) -> None:
    """Whoever is at an interview has a talk in the next ten days, today included; of those in review some
    have had theirs, in the last five. At most eight a day of one interviewer."""
    hr = world.cast.user("hr")
    run(
        """CREATE TEMP TABLE w_talk AS
        SELECT key, person, programme, judge, judge_account, judge_name, ahead, reached + interval '1 hour' AS invited,
               (current_date + CASE WHEN ahead THEN turn % 10 ELSE -1 - turn % 5 END)::timestamp
               + make_interval(hours => 9 + turn / CASE WHEN ahead THEN 10 ELSE 5 END % 9) AS at
        FROM (
            SELECT w.key, w.person, w.programme, w.ahead, w.reached, j.person AS judge, j.account AS judge_account, j.name AS judge_name,
                   (w.t / (SELECT count(*) FROM w_judge))::int AS turn
            FROM (
                SELECT key, person, programme, reached, state = 'interview' AS ahead,
                       row_number() OVER (PARTITION BY state ORDER BY a) - 1 AS t
                FROM w_row WHERE running AND (state = 'interview' OR state = 'in_review' AND h < 32)
            ) w JOIN w_judge j ON j.i = w.t % (SELECT count(*) FROM w_judge)
        ) q"""
    )
    run("ALTER TABLE w_talk ADD COLUMN starts timestamptz, ADD COLUMN ends timestamptz")
    run(
        "UPDATE w_talk SET starts = at AT TIME ZONE 'Asia/Baku', ends = (at AT TIME ZONE 'Asia/Baku') + interval '40 minutes'"
    )
    first = sequence(Interview)
    insert(
        Interview, "FROM w_talk ORDER BY starts, key", state="CASE WHEN ahead THEN 'scheduled' ELSE 'held' END",
        state_since="CASE WHEN ahead THEN invited ELSE ends END", created="invited", application_id="key", programme_id="programme",
        candidate_id="person", interviewer_id="judge", starts="starts", ends="ends", place="'Otaq 5'", active="ahead",
        recommendation="CASE WHEN ahead THEN '' WHEN key % 3 = 0 THEN 'doubtful' ELSE 'recommended' END",
    )  # fmt: skip
    # Whose talk is over waits for the decision again.
    run(
        "UPDATE internships_application a SET state_since = t.ends FROM w_talk t WHERE t.key = a.id AND NOT t.ahead"
    )
    _talked(world, first, f"{hr.pk}", f"'{hr.display_name}'")


def _talked(world: World, first: int, hr: str, name: str) -> None:
    of = str(ContentType.objects.get_for_model(Application).pk)
    by_hr = {"actor_kind": "'user'", "user_id": hr, "actor_name": name}
    kept = "jsonb_build_object('offered_vacancy', NULL, 'offer_expires', NULL, 'refusal_code', '', 'reached_company_at', (invited - interval '1 hour')::text)"
    insert(
        Change, "FROM w_talk WHERE NOT ahead", content_type_id=of, object_id="key", verb="'invite'",
        from_state="'in_review'", to_state="'interview'", kept=kept, at="invited", told_at="invited", **by_hr,
    )  # fmt: skip
    insert(
        Change, "FROM w_talk WHERE NOT ahead", content_type_id=of, object_id="key", verb="'interviewed'",
        from_state="'interview'", to_state="'in_review'", kept=kept, at="ends", told_at="ends", actor_kind="'user'",
        user_id="judge_account", actor_name="judge_name",
    )  # fmt: skip
    of = str(ContentType.objects.get_for_model(Interview).pk)
    source = f"FROM internships_interview i JOIN w_talk t ON t.key = i.application_id WHERE i.id > {first}"
    kept = "jsonb_build_object('starts', i.starts::text, 'ends', i.ends::text, 'place', place, 'place_en', '', 'link', '', 'interviewer', judge)"
    insert(
        Change, source, content_type_id=of, object_id="i.id", verb="'schedule'", to_state="'scheduled'", kept=kept,
        at="invited", told_at="invited", **by_hr,
    )  # fmt: skip
    insert(
        Change, f"{source} AND NOT ahead", content_type_id=of, object_id="i.id", verb="'hold'",
        from_state="'scheduled'", to_state="'held'", kept=kept, at="i.ends", told_at="i.ends", actor_kind="'user'",
        user_id="judge_account", actor_name="judge_name",
    )  # fmt: skip


def commissions(world: World, members: list[Person]) -> None:
    """Blind marks by a rubric of two criteria, two for each that reached the company; some kept apart."""
    hr = world.cast.user("hr")
    rubric = actions.new_rubric(
        world.cast.azerisiq, actor=hr, title_az="Namizədin seçimi", title_en="Choice of candidates",
        criteria=[{"az": az, "en": en, "weight": weight, **LABELS} for az, en, weight in CRITERIA],
    )  # fmt: skip
    run(
        "CREATE TEMP TABLE w_member (round bigint, p int, phase text, i int, member bigint, person bigint, PRIMARY KEY (round, i))"
    )
    programmes = list(Programme.objects.filter(host=world.cast.azerisiq).order_by("-pk")[: max(PHASES) + 1])
    # The oldest first, as they were opened.
    for back, phase in reversed(PHASES.items()):
        found = actions.open_round(
            KEY, programmes[back], members, actor=hr, rubric=rubric.current, blind=Blind.BLIND, per_item=EACH,
            title=f"Seçim komissiyası: {programmes[back].title_az}", due=end_of_day(today() + timedelta(days=8)),
        )  # fmt: skip
        _led_to(found, phase, hr)
        keys = dict(ReviewMember.objects.filter(round=found).values_list("person_id", "pk"))
        for i, one in enumerate(members):
            run(
                "INSERT INTO w_member VALUES (%s, %s, %s, %s, %s, %s)",
                found.pk, ROUNDS - 1 - back, phase, i, keys[one.pk], one.pk,
            )  # fmt: skip
    _reviews(len(members), {"user_id": str(hr.pk), "actor_name": f"'{hr.display_name}'"})
    _kept_apart(world)
    # What was recorded is told, as in a portal that runs.
    Change.objects.untold().update(told_at=timezone.now())


def _led_to(found: ReviewRound, phase: str, hr: Any) -> None:
    for verb, before, after in (
        ("start", Phase.PREPARING, Phase.MARKING),
        ("discuss", Phase.MARKING, Phase.DISCUSSION),
        ("close", Phase.DISCUSSION, Phase.CLOSED),
    ):
        record(found, verb, actor=hr, from_state=before, to_state=after)
        if after == phase:
            break
    ReviewRound.objects.filter(pk=found.pk).update(state=phase)


def _reviews(members: int, by_hr: dict[str, str]) -> None:
    """w_review: each with the marks that it has, or will have; then the rows and their history."""
    phases = "CASE phase " + " ".join(
        f"WHEN '{phase}' THEN CASE " + " ".join(f"WHEN far < {n} THEN '{state}'" for n, state in far) + " END"
        for phase, far in FAR.items()
    )
    standing = "application_state IN ('in_review', 'interview', 'waitlisted')"
    run(
        f"""CREATE TEMP TABLE w_review AS
        SELECT q.*, m.round, m.member, m.person AS judge, m.phase, reached + interval '12 hours' AS asked,
               1 + far % 4 AS c1, 1 + (far / 3 + r) % 4 AS c2,
               CASE WHEN far % 100 >= 98 THEN 'declined' WHEN phase <> 'closed' AND {standing} THEN {phases} END
               ELSE 'submitted' END AS state
        FROM (
            SELECT key, a, p, w.state AS application_state, reached, r, (hashint4(a * 2 + r) & 2147483647) % 100 AS far,
                   ((row_number() OVER (PARTITION BY p, r ORDER BY a) - 1) * {EACH} + r)::int % {members} AS i
            FROM w_row w CROSS JOIN generate_series(0, {EACH - 1}) r
            WHERE reached IS NOT NULL AND p IN (SELECT p FROM w_member)
        ) q JOIN w_member m ON m.p = q.p AND m.i = q.i"""
    )
    marked = "state IN ('submitted', 'reopened', 'draft')"
    first = sequence(Review)
    insert(
        Review, "FROM w_review ORDER BY a, r", state="state", created="asked", round_id="round", member_id="member",
        object_id="key", version="2", state_since=f"CASE WHEN {marked} THEN asked + interval '1 day' ELSE asked END",
        marks=f"CASE WHEN {marked} THEN jsonb_build_object('c1', c1, 'c2', c2) ELSE '{{}}'::jsonb END",
        comment="CASE WHEN state = 'submitted' THEN 'Suallara aydın cavab verib.' ELSE '' END",
        score="CASE WHEN state IN ('submitted', 'reopened') THEN round((3 * c1 + 2 * c2)::numeric / 5, 2) END",
        submitted_at="CASE WHEN state IN ('submitted', 'reopened') THEN asked + interval '1 day' END",
    )  # fmt: skip
    _tallies()
    kind = str(ContentType.objects.get_for_model(Review).pk)
    source = f"FROM reviews_review r JOIN reviews_reviewmember m ON m.id = r.member_id JOIN w_judge j ON j.person = m.person_id WHERE r.id > {first}"
    common = {
        "content_type_id": kind, "object_id": "r.id", "actor_kind": "'user'", "user_id": "j.account",
        "actor_name": "j.name", "kept": "jsonb_build_object('object_id', r.object_id)",
    }  # fmt: skip
    led = (
        ("invite", "", "invited", ReviewState.values, "r.created"),
        ("submit", "invited", "submitted", ("submitted", "reopened"), "r.created + interval '20 hours'"),
        ("amend", "submitted", "reopened", ("reopened",), "r.state_since"),
        ("begin", "invited", "draft", ("draft",), "r.state_since"),
        ("decline", "invited", "declined", ("declined",), "r.state_since"),
    )
    for verb, before, after, states, at in led:
        where = ", ".join(f"'{state}'" for state in states)
        insert(
            Change, f"{source} AND r.state IN ({where})", verb=f"'{verb}'", from_state=f"'{before}'",
            to_state=f"'{after}'", at=at, told_at=at,
            note="'Vaxtım yoxdur.'" if verb == "decline" else "''",
            **(common | by_hr if verb == "invite" else common),
        )  # fmt: skip


def _tallies() -> None:
    """What tables keep of the reviews, as reviews/tallies.py works it out of a few."""
    numbers = {
        "asked": "count(*) FILTER (WHERE state IN ('invited', 'draft', 'reopened', 'submitted'))",
        "done": "count(*) FILTER (WHERE state = 'submitted')",
    }
    no, handed_in = (
        "count(*) FILTER (WHERE state IN ('declined', 'conflict'))",
        "FILTER (WHERE state = 'submitted')",
    )
    apart = f"max(score) {handed_in} - min(score) {handed_in} >= {APART} * {len(LABELS['labels_az'])}"
    insert(
        Tally, "FROM reviews_review GROUP BY round_id, object_id ORDER BY round_id, object_id",
        round_id="round_id", object_id="object_id", **numbers, dropped=no, mean=f"round(avg(score) {handed_in}, 2)",
        spread=f"CASE WHEN count(*) {handed_in} > 1 THEN round(stddev_pop(score) {handed_in}, 2) END",
        differ=f"coalesce(count(*) {handed_in} > 1 AND {apart}, false)",
        scores=f"coalesce(string_agg(score::text, ' ' ORDER BY id) {handed_in}, '')",
    )  # fmt: skip
    run(
        f"""UPDATE reviews_reviewmember m SET asked = q.asked, done = q.done, declined = q.declined
        FROM (SELECT member_id, {numbers["asked"]} AS asked, {numbers["done"]} AS done, {no} AS declined
              FROM reviews_review GROUP BY member_id) q WHERE q.member_id = m.id"""
    )
    for found in ReviewRound.objects.all():
        ReviewRound.objects.filter(pk=found.pk).update(**tallies.of_round(found))


def _kept_apart(world: World) -> None:
    """Who lectures at a university has a conflict with its candidates; some more were declared, one overridden."""
    tied, hr = Person.objects.get(email=TIED), world.cast.user("hr")
    insert(
        Conflict, "FROM (SELECT key FROM w_row w JOIN w_member m ON m.p = w.p AND m.i = 0 "
        f"WHERE reached IS NOT NULL AND root <> {world.cast.aztu.pk} ORDER BY a LIMIT 20) q",
        kind=f"'{KEY}'", object_id="key", person_id=str(tied.pk), reason="'Qohumumdur.'", made_by_id=str(tied.user_id),
    )  # fmt: skip
    judged = Review.objects.filter(round__state=Phase.MARKING, state=ReviewState.SUBMITTED)
    theirs = Application.objects.filter(
        pk__in=judged.values("object_id"), university=world.cast.aztu, state="in_review"
    )
    found = ReviewRound.objects.get(state=Phase.MARKING)
    for row in theirs.order_by("pk")[:1]:
        ConflictOverride.objects.create(
            kind=KEY, object_id=row.pk, round=found, person=tied, tie="unit", made_by=hr, reason="Başqa heç kim yoxdur."
        )  # fmt: skip


def unsound() -> list[str]:
    """Reviews of a sample that were asked of somebody in a conflict of interest, or whose score is another."""
    kind, wrong = type_of(KEY), []
    for found in ReviewRound.objects.select_related("rubric"):
        some = Tally.objects.filter(round=found).order_by("-pk")[:40]
        for kept, again in zip(some, tallies.summed(found, [row.object_id for row in some]), strict=True):
            if any(getattr(kept, name) != getattr(again, name) for name in tallies.KEPT):
                wrong.append(f"tally {kept.pk} says otherwise than its reviews")
        if any(getattr(found, name) != n for name, n in tallies.of_round(found).items()):
            wrong.append(f"round {found.pk} says otherwise than its items")
        given = list(Review.objects.filter(round=found).select_related("member").order_by("-pk")[:40])
        items = Application.objects.filter(pk__in=[review.object_id for review in given])
        ties = conflicts.table(kind, items, {review.member.person_id for review in given})
        for review in given:
            if (review.object_id, review.member.person_id) in ties:
                wrong.append(f"review {review.pk} is in conflict")
            if review.value is not None and review.score != found.scale.score(review.marks):
                wrong.append(f"review {review.pk} has the score of other marks")
    return wrong
