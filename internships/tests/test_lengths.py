"""Lists, of pages and of the API, ask the database the same at three rows and at thirty.

Those of which a test of their own says so are not here. What a list shows is made by its actions once; the
other rows are that one again, with other keys and with what must differ.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from internships.models import DiaryEntry, Placement, Programme
from internships.tests import makers
from internships.tests.test_api_resources import CASES
from partnerships.agreements.tests import makers as agreements
from partnerships.api.models import Token
from partnerships.bookings import actions as bookings
from partnerships.bookings.tests import makers as rooms
from partnerships.common.clock import today
from partnerships.directory import actions as directory
from partnerships.directory.enums import Role
from partnerships.directory.models import Deputyship
from partnerships.documents.models import ImportRun
from partnerships.indicators.tests.test_values import reported
from partnerships.reviews.tests.test_actions import rubric
from partnerships.testing import factories as make

pytestmark = pytest.mark.django_db
API = "/api/v1"


class Listed(NamedTuple):
    who: str
    first: Callable[[Any], Any]
    differs: Callable[[int], dict[str, Any]] = lambda n: {}
    more: Callable[[Any, int], Any] | None = None  # (cast, number), where the row again would not do
    many: int = 30


def made(name: str, who: str, differs: Callable[[int], dict[str, Any]] = lambda n: {}) -> Listed:
    return Listed(who, CASES[name][0], differs)


def deputy(cast: Any) -> Deputyship:
    day = today() + timedelta(days=3)
    return directory.name_deputy(
        cast.affiliation("hr"),
        actor=cast.user("hr"),
        deputy=cast.partnerships,
        starts=day,
        ends=day,
        reason="Məzuniyyət",
    )


def closed(cast: Any) -> Any:
    day = rooms.workday()
    house = rooms.site(cast.azerisiq)
    return bookings.close(
        house.lab, actor=cast.user("trainer"), starts=rooms.at(day, 9), ends=rooms.at(day, 18), reason="Su"
    )


def university(_cast: Any, n: int) -> Any:
    return make.university(f"Universitet {n}", f"U{n}", name_en=f"University {n}")


def position(cast: Any, n: int) -> None:
    makers.place(cast, Programme.objects.get(), title_az=f"Yer {n}")


def written(cast: Any) -> DiaryEntry:
    return DiaryEntry.objects.create(
        placement=makers.active(cast), date=today(), minutes=360, work="Ölçmələr", learned="Relelər"
    )


def placed(_cast: Any, n: int) -> None:
    """Another student's practice in the same place."""
    practice = Placement.objects.order_by("pk").first()
    person = make.person(f"Ad{n} Soyad{n}", f"ad{n}@a.example")
    application = copy_of(practice.application, person=person, number=None)
    application.save()
    copy_of(practice, person=person, application=application).save()


def copy_of(row: Any, **differs: Any) -> Any:
    """A new row that says the same, but for its keys and what differs."""
    key = row._meta.pk.attname
    same = {part.attname: getattr(row, part.attname) for part in row._meta.concrete_fields}
    other = type(row)(**{name: value for name, value in same.items() if name != key} | {"uid": uuid4()})
    for name, value in differs.items():
        setattr(other, name, value)
    return other


def scale(cast: Any, _n: int = 0) -> Any:
    return rubric(cast, "hr")


def token(n: int) -> dict[str, Any]:
    return {"digest": f"{n:0128}", "token_key": f"{n:08}"}


LISTS = {
    f"{API}/organizations/": Listed("student", lambda cast: cast.aztu, more=university),
    f"{API}/affiliations/": made(
        "affiliations",
        "coordinator",
        lambda n: {"person": make.person(f"Ad{n} Soyad{n}", f"ad{n}@a.example")},
    ),
    f"{API}/deputyships/": Listed("hr", deputy),
    f"{API}/documents/": made("documents", "student"),
    f"{API}/notifications/": made("notifications", "student"),
    f"{API}/agreements/": Listed(
        "hr", agreements.draft, more=lambda cast, _n: agreements.draft(cast), many=10
    ),
    f"{API}/certificate-batches/": made("certificate-batches", "hr"),
    f"{API}/closures/": Listed("trainer", closed),
    f"{API}/things/": Listed(
        "hr",
        lambda cast: rooms.site(cast.azerisiq).lab,
        lambda n: {"name": f"Otaq {n}", "sort_key": f"otaq{n}"},
    ),
    f"{API}/join-requests/": made(
        "join-requests", "partnerships", lambda n: {"email": f"a{n}@b{n}.example", "name": f"Universitet {n}"}
    ),
    f"{API}/reported-values/": Listed("hr", reported),
    f"{API}/positions/": Listed("student", makers.programme, more=position, many=10),
    f"{API}/diary/": Listed("student", written, lambda n: {"date": today() - timedelta(days=n + 1)}),
    f"{API}/placements/": Listed("hr", makers.active, more=placed),
    f"{API}/interviews/": made(
        "interviews",
        "hr",
        lambda n: {
            "starts": rooms.at(today() + timedelta(days=n + 9), 9),
            "ends": rooms.at(today() + timedelta(days=n + 9), 10),
        },
    ),
    f"{API}/jobs/": made("jobs", "student"),
    "/people/invitations/": Listed(
        "coordinator",
        lambda cast: directory.make_invitation(
            cast.aztu, role=Role.SUPERVISOR, actor=cast.user("coordinator")
        ),
        lambda n: {"code": f"KOD-{n:04}"},
    ),
    "/partners/": Listed("student", lambda cast: cast.aztu, more=university),
    "/indicators/values/": Listed("hr", reported),
    "/profile/deputies/": Listed("hr", deputy),
    "/profile/tokens/": Listed(
        "student",
        lambda cast: Token.objects.create(user=cast.user("student"), name="Skript")[0],
        token,
    ),
    "/documents/imports/": Listed(
        "coordinator",
        lambda cast: ImportRun.objects.create(
            owner=cast.user("coordinator"), kind="internships.nominations", file_name="t.xlsx", sha256="1"
        ),
    ),
    "/reviews/rubrics/": Listed("hr", scale, more=scale),
    "/internships/manage/": Listed(
        "hr", makers.programme, more=lambda cast, _n: makers.programme(cast), many=10
    ),
}


def again(cast: Any, row: Any, listed: Listed, numbers: range) -> None:
    """The row once more for each number."""
    if listed.more is None:
        type(row)._base_manager.bulk_create([copy_of(row, **listed.differs(n)) for n in numbers])
    else:
        for n in numbers:
            listed.more(cast, n)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_the_same_at_three_rows_and_at_many(cast, login, address):
    listed = LISTS[address]
    row, client = listed.first(cast), login(listed.who)
    api = address.startswith(API)

    def asked() -> tuple[int, int]:
        given = {"page_size": "100"} if api else {}
        client.get(address, given)  # what is asked once in the life of a process
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, given)
        assert answer.status_code == 200
        return len(queries), len(answer.json()["results"]) if api else len(answer.content)

    again(cast, row, listed, range(2))
    few, short = asked()
    again(cast, row, listed, range(2, listed.many - 1))
    many, long = asked()
    assert (many, long - short if api else long > short) == (few, listed.many - 3 if api else True)
