# ruff: noqa: E501  (SQL reads better in long lines)
"""A portal of any size on PostgreSQL, written in sets: what the benchmarks look at.

`build(rows)` writes `rows` applications of `rows / 10` students (at least 500) at 200 universities to 50 rounds
of Azərişıq, 45 of them long over, with choices, seats, history, practices, notifications and bookings. Every row
is one that the actions could have written: `check` compares seats with holds, states with the last line of the
history, and has the models validate some of each table.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from benchmarks import applications, beside, few, judging, people
from benchmarks.inserting import bare
from benchmarks.people import World
from internships.actions import keep_numbers
from internships.models import Application, Choice, Interview, OnboardingTask, Placement
from partnerships.accounts.models import User
from partnerships.agreements.models import Agreement, Party
from partnerships.bookings.models import Booking, Slot
from partnerships.certificates.models import Certificate
from partnerships.directory.models import Affiliation, Invitation, Person, Study
from partnerships.ideas.models import Idea
from partnerships.indicators import actions as indicators
from partnerships.indicators.models import ReportedValue
from partnerships.joining.models import JoinRequest
from partnerships.notifications.models import Notification
from partnerships.reviews.models import Conflict, ConflictOverride, Review, ReviewMember, ReviewRound
from partnerships.seats.models import Hold, Pool, Waiting
from partnerships.testing.cast import build as build_cast
from partnerships.workflow.models import Change

__all__ = ["World", "build", "check"]

EACH = 10  # applications of a student, as far as there are enough
MANY = (
    User, Person, Affiliation, Study, Application, Choice, Hold, Waiting, Change, Placement, OnboardingTask, Notification,
    Review, Certificate,
)  # fmt: skip


def build(rows: int) -> World:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET statement_timeout = 0; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'"
        )
    cast = build_cast()
    students = max(rows // EACH, 500)
    few.universities(cast)
    few.rounds(cast)
    with bare(*MANY):
        world = people.people(cast, students)
        applications.applications(world, rows)
        applications.seats()
        applications.history(world)
        applications.practices(world)
        applications.notifications(world)
        judges = judging.people(world, rows)
        judging.talks(world)
        judging.commissions(world, judges)
        beside.certificates(world)
    beside.values(world, rows)
    beside.ideas(world, rows)
    beside.requests(world, rows)
    few.bookings(cast, max(rows // 10, 200))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    # What the clock counts.
    indicators.collect_everything()
    keep_numbers()
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = CURRENT_USER")
        if cursor.fetchone() == (True,):  # nothing of this is left to be written while pages are measured
            cursor.execute("CHECKPOINT")
        cursor.execute("RESET statement_timeout; RESET synchronous_commit; RESET maintenance_work_mem")
    return world


# Whether it is what it says ----------------------------------------------------------------------------
SAMPLE = 20
CHECKED: tuple[type[models.Model], ...] = (
    Person, Affiliation, Study, Application, Choice, Pool, Hold, Waiting, Placement, OnboardingTask, Notification,
    Booking, Slot, Agreement, Party, Interview, ReviewRound, ReviewMember, Review, Conflict, ConflictOverride, Certificate,
    ReportedValue, Idea, JoinRequest, Invitation,
)  # fmt: skip


MOVED: tuple[type[models.Model], ...] = (
    Application, Interview, ReviewRound, Review, Certificate, ReportedValue, Idea, JoinRequest,
)  # fmt: skip


def _unlike(model: type[models.Model]) -> str:
    kind = ContentType.objects.get_for_model(model).pk
    blank = " AND a.state <> 'draft'" if model is Application else ""  # nothing has happened to a draft yet
    return f"""SELECT count(*) FROM {model._meta.db_table} a LEFT JOIN (
        SELECT DISTINCT ON (object_id) object_id, to_state FROM workflow_change WHERE content_type_id = {kind}
        ORDER BY object_id, at DESC, id DESC) c ON c.object_id = a.id WHERE c.to_state IS DISTINCT FROM a.state{blank}"""


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
        "practices that do not know of their certificate": """SELECT count(*) FROM internships_placement p
            WHERE had_certificate <> EXISTS (SELECT FROM certificates_certificate c WHERE c.object_id = p.id)""",
        "applications without a choice": """SELECT count(*) FROM internships_application a WHERE NOT EXISTS
            (SELECT FROM internships_choice c WHERE c.application_id = a.id)""",
        "talks that do not go with their application": """SELECT count(*) FROM internships_application a FULL JOIN
            (SELECT * FROM internships_interview WHERE active) i ON i.application_id = a.id
            WHERE (a.state = 'interview') IS DISTINCT FROM (i.id IS NOT NULL)""",
        "marks out of the scale": """SELECT count(*) FROM reviews_review WHERE state = 'submitted' AND score <>
            round((3 * (marks->>'c1')::numeric + 2 * (marks->>'c2')::numeric) / 5, 2)""",
        **{
            f"{model._meta.verbose_name_plural} whose history does not end as they are": _unlike(model)
            for model in MOVED
        },
    }
    with connection.cursor() as cursor:
        for name, sql in questions.items():
            cursor.execute(sql)
            if found := cursor.fetchone()[0]:
                wrong.append(f"{found} {name}")
    wrong += beside.unsound() + judging.unsound()
    for model in CHECKED:
        for row in model._default_manager.order_by("-pk")[:SAMPLE]:
            empty = [f.name for f in model._meta.fields if getattr(row, f.attname) in (None, "", [], {})]
            row.clean_fields(exclude=empty)
            row.validate_constraints()
    return wrong
