"""What a list with its buttons costs each persona among 100,000 applications on PostgreSQL.

    DATABASE_URL=postgres://… python benchmarks/visibility.py [rows]

Builds the rows in a scratch test database, then asks for one page of fifty rows with the verbs that
each row offers, as six personas, and prints queries and milliseconds (median of five).
"""

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerships.testing.settings")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from internships import actions  # noqa: E402
from internships.enums import ApplicationState  # noqa: E402
from internships.models import Application, Choice  # noqa: E402
from internships.tests import makers  # noqa: E402
from internships.workflow import APPLICATION  # noqa: E402
from partnerships.accounts.models import User  # noqa: E402
from partnerships.common.paging import keyset  # noqa: E402
from partnerships.directory.enums import AffiliationState, Kind, Role  # noqa: E402
from partnerships.directory.models import Affiliation, Person, Study  # noqa: E402
from partnerships.testing import factories as make  # noqa: E402
from partnerships.testing.cast import Cast, build  # noqa: E402

PERSONAS = ("student", "coordinator", "hr", "mentor", "supervisor", "admin")
UNIVERSITIES = 50
STATES = [
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.WAITLISTED,
    ApplicationState.REFUSED,
    ApplicationState.ACCEPTED,
]


def fill(cast: Cast, rows: int) -> None:
    """`rows` students of fifty universities, each with one application to one of twenty programmes."""
    faculties = [cast.energy, cast.oil]
    for number in range(UNIVERSITIES - 2):
        university = make.university(f"Universitet {number}")
        faculties.append(make.organization("Energetika fakültəsi", Kind.FACULTY, university))
    programmes = [makers.programme(cast, title=f"Proqram {n}", seats=50) for n in range(20)]
    vacancies = [makers.vacancy(programme) for programme in programmes]
    vacancies[0].position.mentors.add(cast.mentor)
    specialty = make.specialty()
    now, batch = timezone.now(), 10_000
    for first in range(0, rows, batch):
        size = min(batch, rows - first)
        people = Person.objects.bulk_create(
            Person(given_name=f"Ad{first + n}", family_name=f"Soyad{(first + n) % 997}") for n in range(size)
        )
        places = [faculties[(first + n) % len(faculties)] for n in range(size)]
        studies = Affiliation.objects.bulk_create(
            Affiliation(
                person=person,
                organization=place,
                role=Role.STUDENT,
                starts=make.BEGINNING,
                state=AffiliationState.VERIFIED,
            )
            for person, place in zip(people, places, strict=True)
        )
        Study.objects.bulk_create(
            Study(affiliation=row, specialty=specialty, year=4, gpa=80) for row in studies
        )
        applications = Application.objects.bulk_create(
            Application(
                programme=programmes[(first + n) % 20],
                person=people[n],
                affiliation=studies[n],
                unit=places[n],
                university=places[n].root,
                state=STATES[(first + n) // 7 % len(STATES)],
                number=f"INT-2026-{first + n:06d}",
                submitted_at=now,
                reached_company_at=None if (first + n) // 7 % len(STATES) == 0 else now,
                offered_vacancy=vacancies[(first + n) % 20] if (first + n) // 7 % len(STATES) == 4 else None,
                supervisor=cast.supervisor if n % 500 == 0 else None,
            )
            for n in range(size)
        )
        Choice.objects.bulk_create(
            Choice(application=row, rank=1, vacancy=vacancies[(first + n) % 20])
            for n, row in enumerate(applications)
        )
    actions.submit(makers.draft(cast, programmes[0]), actor=cast.user("student"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def page(cast: Cast, who: str) -> tuple[int, int]:
    """One page with its buttons: (rows, buttons)."""
    user: User = cast.user(who)
    rows = keyset(Application.objects.visible_to(user).with_rows(), {}, order=("-pk",), size=50)
    return len(rows), sum(len(APPLICATION.available(row, user)) for row in rows)


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    databases = setup_databases(verbosity=0, interactive=False)
    worst = 0
    try:
        cast = build()
        began = time.perf_counter()
        fill(cast, wanted)
        took = time.perf_counter() - began
        print(f"{connection.vendor}: {Application.objects.count()} applications in {took:.0f} s")
        for who in PERSONAS:
            page(cast, who)
            times = []
            for _round in range(5):
                began = time.perf_counter()
                with CaptureQueriesContext(connection) as asked:
                    rows, buttons = page(cast, who)
                times.append((time.perf_counter() - began) * 1000)
            worst = max(worst, len(asked))
            seen = Application.objects.visible_to(cast.user(who)).count()
            print(
                f"{who:12} sees {seen:7}  page {rows:3} rows {buttons:3} buttons"
                f"  {len(asked):2} queries  {statistics.median(times):6.1f} ms"
            )
    finally:
        teardown_databases(databases, verbosity=0)
    return 0 if worst <= 12 else 1


if __name__ == "__main__":
    sys.exit(main())
