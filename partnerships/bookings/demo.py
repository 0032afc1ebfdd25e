"""Rooms and laboratories of the Training and Innovation Centre, with a week of bookings."""

from datetime import date, datetime, time, timedelta
from typing import Any

from partnerships.bookings import actions
from partnerships.bookings.enums import Audience, ClosureKind, ThingKind
from partnerships.bookings.models import Thing
from partnerships.common.clock import BAKU, add_working_days, today
from partnerships.workflow.actors import SYSTEM


def build(demo: Any) -> None:
    rooms = _centre(demo)
    _week(demo, rooms)
    demo.rooms = rooms
    trainer, limits = demo.user("trainer"), ((rooms["lab"], 20), (rooms["101"], 30))
    for thing, hours in limits:
        actions.give_hours(thing, actor=trainer, hours=hours)


def _add(parent: Thing | None, kind: str, name: str, name_en: str, **values: Any) -> Thing:
    return actions.add_thing(actor=SYSTEM, parent=parent, kind=kind, name=name, name_en=name_en, **values)


def _centre(demo: Any) -> dict[str, Thing]:
    site = _add(
        None, ThingKind.SITE, "Tədris və İnnovasiyalar Mərkəzi", "Training and Innovation Centre",
        owner=demo.nodes["centre"], is_bookable=False, audience=Audience.PARTNERS, horizon_days=120,
        max_minutes=600, closed_on_holidays=True,
    )  # fmt: skip
    actions.set_hours(site, [(day, time(9), time(18)) for day in range(5)], actor=SYSTEM)
    main = _add(site, ThingKind.BUILDING, "Tədris korpusu", "Training building", is_bookable=False)
    first = _add(main, ThingKind.FLOOR, "1-ci mərtəbə", "Ground floor", is_bookable=False)
    second = _add(main, ThingKind.FLOOR, "2-ci mərtəbə", "First floor", is_bookable=False)
    hall = _add(
        first, ThingKind.HALL, "Konfrans zalı", "Conference hall", capacity=120, approval=True,
        buffer_before=30, buffer_after=30,
        about="Ekran, səs sistemi, tərcümə kabinəsi. Ortadan iki otağa bölünür.",
    )  # fmt: skip
    rooms = {
        "hall": hall,
        "left": _add(
            hall, ThingKind.ROOM, "Konfrans zalı, sol tərəf", "Conference hall, left half", capacity=60
        ),
        "right": _add(
            hall, ThingKind.ROOM, "Konfrans zalı, sağ tərəf", "Conference hall, right half", capacity=60
        ),
        "101": _add(first, ThingKind.ROOM, "101 nömrəli otaq", "Room 101", capacity=24),
        "102": _add(first, ThingKind.ROOM, "102 nömrəli otaq", "Room 102", capacity=16),
        "meeting": _add(
            second,
            ThingKind.ROOM,
            "Müsahibə otağı",
            "Interview room",
            capacity=6,
            audience=Audience.STAFF,
            max_minutes=240,
        ),
        "class": _add(
            second, ThingKind.ROOM, "Kompüter sinfi", "Computer class", capacity=20, check_in_minutes=20
        ),
        "lab": _add(
            second,
            ThingKind.LABORATORY,
            "Relə mühafizəsi laboratoriyası",
            "Relay protection laboratory",
            capacity=12,
            audience=Audience.EVERYBODY,
            approval=True,
            notice_minutes=24 * 60,
            per_person=3,
            about="Yalnız təlimatlandırma keçmiş şəxslər üçün.",
        ),
    }
    rooms["omicron"] = _add(
        rooms["lab"], ThingKind.EQUIPMENT, "OMICRON CMC 356 sınaq cihazı", "OMICRON CMC 356 test set"
    )
    rooms["camera"] = _add(
        site, ThingKind.EQUIPMENT, "Termoqrafik kamera", "Thermal camera", max_minutes=3 * 24 * 60,
        audience=Audience.PARTNERS,
    )  # fmt: skip
    return rooms


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BAKU)


def _book(
    demo: Any, who: str, room: Thing, day: date, hour: float, hours: float, title: str, **values: Any
) -> Any:
    starts = _at(day, int(hour), int(hour % 1 * 60))
    return actions.book(
        [room],
        actor=demo.user(who),
        starts=starts,
        ends=starts + timedelta(hours=hours),
        title=title,
        **values,
    )


def _week(demo: Any, rooms: dict[str, Thing]) -> None:
    one, two, three = (add_working_days(today(), n) for n in (1, 2, 3))
    _book(demo, "trainer", rooms["101"], one, 9, 3, "Relə mühafizəsi üzrə təlim, 1-ci qrup", people=18)
    _book(demo, "trainer", rooms["class"], one, 14, 2, "SCADA üzrə məşğələ", people=14)
    _book(demo, "hr", rooms["102"], one, 10, 1.5, "Mentorlarla görüş", people=8)
    _book(demo, "coordinator", rooms["102"], one, 15, 1, "AzTU ilə təcrübə planı")
    _book(demo, "mentor", rooms["camera"], two, 9, 6, "Yarımstansiyada termoqrafik yoxlama")
    _book(demo, "organiser", rooms["hall"], two, 10, 4, "Elmi seminar: rəqəmsal yarımstansiya", people=90)
    _book(demo, "student", rooms["lab"], three, 11, 2, "Diplom işi üçün ölçmələr", people=2)
    _book(demo, "coordinator", rooms["hall"], three, 10, 3, "Universitetlərlə görüş günü", people=70)
    _book(demo, "founder", rooms["101"], three, 14, 2, "Startap komandasının işi")
    _book(demo, "hr", rooms["101"], three, 14, 2, "Təlim planının müzakirəsi", wait=True)
    actions.book_series(
        [rooms["101"]], actor=demo.user("trainer"), starts=_at(two, 16), ends=_at(two, 17, 30),
        rule="FREQ=WEEKLY;COUNT=6", skip_conflicts=True, title="Təlimçilərin həftəlik müşavirəsi",
    )  # fmt: skip
    actions.close(
        rooms["right"], actor=demo.user("trainer"), starts=_at(add_working_days(today(), 6), 9),
        ends=_at(add_working_days(today(), 7), 18), reason="Səs sisteminin təmiri", kind=ClosureKind.OUTAGE,
    )  # fmt: skip
