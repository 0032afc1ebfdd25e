"""A practice under way in the demonstration: its diary in every state, its mentor behind a link."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from PIL import Image, ImageDraw

from internships import actions, links
from internships.demo_practice import on_paper
from internships.enums import ClearanceKind, ProgrammeKind
from internships.models import Absence, DiaryEntry, Placement, Programme
from internships.weeks import monday_of, working_days
from internships.workflow import PLACEMENT
from partnerships.agreements import actions as agreements
from partnerships.calls.models import Deadline, Step
from partnerships.common.clock import BAKU, end_of_day, today
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Person

WEEKS = 8
GONE = 3  # whole weeks that lie behind
WORK = (
    ("Giriş təlimatı keçdim, yarımstansiyanın sxemi ilə tanış oldum.", "Birxətli sxemin oxunması"),
    ("Növbətçi heyətlə açıq paylayıcı qurğuya baxış keçirdik.", "Baxış marşrutu və əməliyyat jurnalı"),
    ("110 kV elegaz açarlarının texniki sənədlərini öyrəndim.", "Açarın əsas hissələri"),
    ("Relə mühafizəsi panelində siqnalların yoxlanmasını müşahidə etdim.", "Maksimal cərəyan mühafizəsi"),
    ("Güc transformatorunun yağ səviyyəsini və temperaturunu qeyd etdim.", "Yük qrafiki"),
)


def build(demo: Any) -> None:
    """The practice of the first student, four weeks old, with days in every state."""
    placement = _under_way(demo)
    _write(demo, placement)


def _mentor(demo: Any) -> Person:
    """A colleague without an account: this one confirms by the link in the mail."""
    person = Person.objects.create(
        given_name="Vüqar", family_name="Həsənov", email="vuqar.hesenov@azerisiq.example"
    )
    Affiliation.objects.create(
        person=person,
        organization=demo.nodes["yasamal"],
        role=Role.MENTOR,
        position="Növbə rəisi",
        starts=date(2024, 9, 1),
        state=AffiliationState.VERIFIED,
    )
    demo.people["mentor-by-link"] = person
    return person


def _under_way(demo: Any) -> Placement:
    hr, student = demo.user("hr"), demo.people["student"]
    starts = monday_of(today()) - timedelta(weeks=GONE)
    ends = starts + timedelta(weeks=WEEKS, days=-3)
    programme = actions.create_programme(
        demo.nodes["azerisiq"],
        actor=hr,
        kind=ProgrammeKind.INTERNSHIP,
        title_az=f"Yarımstansiya internshipi {starts.year}",
        title_en=f"Substation internship {starts.year}",
        summary_az="Səkkiz həftə yarımstansiyada: baxış, sxemlər, relə mühafizəsi.",
        summary_en="Eight weeks at a substation: inspection, diagrams, relay protection.",
        endorsement_required=False,
        transcript_required=False,
        cv_required=False,
    )
    days = {Step.APPLY: 5, Step.DECIDE: 20, Step.ANSWER: 25, Step.START: 60}
    moments = {str(step): end_of_day(today() + timedelta(days=n)) for step, n in days.items()}
    actions.set_deadlines(programme, moments, actor=hr)
    actions.set_periods(programme, [("Səkkiz həftə", "Eight weeks", starts, ends)], actor=hr)
    position = actions.add_position(
        programme,
        actor=hr,
        unit=demo.nodes["yasamal"],
        title_az="Növbətçi heyətlə təcrübə",
        title_en="Practice with the crew on duty",
        mentors=[_mentor(demo)],
    )
    vacancy = actions.set_seats(position, programme.periods.get(), 2, actor=hr)
    actions.publish(Programme.objects.get(pk=programme.pk), actor=hr)
    application = actions.start_application(vacancy, actor=student.user)
    actions.save_draft(application, actor=student.user, motivation="Növbədə işləmək istəyirəm.")
    actions.submit(application, actor=student.user)
    actions.offer(application, actor=hr)
    actions.accept(application, actor=student.user)
    # All of this happened before the practice began.
    Deadline.objects.filter(call=programme.call).update(at=F("at") - timedelta(days=60 + 7 * GONE))
    return _begun(demo, Placement.objects.with_rows().get(application=application))


def _begun(demo: Any, placement: Placement) -> Placement:
    hr = demo.user("hr")
    Placement.objects.filter(pk=placement.pk).update(supervisor=demo.people["supervisor"])
    assert placement.hazard is not None
    for kind in placement.hazard.required:
        actions.record_clearance(
            placement,
            kind,
            actor=hr,
            done_on=placement.starts,
            given_by="Elçin Nağıyev, növbə mühəndisi",
            giver_group=4,
            journal_number="214",
            valid_until=placement.starts + timedelta(days=365) if kind == ClearanceKind.MEDICAL else None,
        )
    placement = Placement.objects.with_rows().get(pk=placement.pk)
    _contract(placement, hr)
    placement = Placement.objects.with_rows().get(pk=placement.pk)
    PLACEMENT.apply(placement, "begin", actor=hr)
    return Placement.objects.with_rows().get(pk=placement.pk)


def _contract(placement: Placement, hr: Any) -> None:
    """The practice contract, signed by hand and entered from its scan."""
    contract = agreements.send(actions.open_contract(placement, actor=hr), actor=hr)
    page, file = Image.new("RGB", (1240, 1754), "white"), BytesIO()
    page.save(file, "PDF", resolution=150)
    agreements.enter_paper(
        contract,
        actor=hr,
        scan=SimpleUploadedFile("muqavile.pdf", file.getvalue(), content_type="application/pdf"),
        **on_paper(contract),
        signed_on=placement.starts - timedelta(days=3),
        text_hash=contract.text.sha256 if contract.text else "",
    )


def _write(demo: Any, placement: Placement) -> None:
    """Two weeks confirmed, one waiting with two returned days, the present one begun."""
    student, hr = demo.user("student"), demo.user("hr")
    mentor = links.actor_of(actions.mentor_link(placement, actor=hr))
    last = min(today(), placement.ends)
    weeks: dict[date, list[date]] = {}
    for day in working_days(placement.starts, last):
        weeks.setdefault(monday_of(day), []).append(day)
    mondays = sorted(weeks)
    for number, monday in enumerate(mondays[:GONE]):
        days = weeks[monday]
        if number == 1:
            _absent(placement, days.pop(), student, mentor, "studies", "Aralıq imtahan")
        if number == GONE - 1 and len(days) > 1:
            days.pop()  # one day nobody has written
        entries = [_day(placement, day, student) for day in days]
        seen = [(str(entry.uid), entry.version) for entry in entries]
        actions.hand_in(placement, seen, actor=student)
        if number < GONE - 1:
            actions.confirm(placement, _seen(entries), actor=mentor)
        else:
            note = "Hansı qurğuda işlədiyinizi yazın."
            actions.return_days(placement, _seen(entries[:2]), actor=mentor, note=note)
    for day in weeks.get(mondays[-1], [])[:2] if len(mondays) > GONE else []:
        _day(placement, day, student)
    _photo(placement, student)
    for entry in placement.diary.exclude(submitted_at=None):
        evening = datetime.combine(entry.date, time(18, 20), tzinfo=BAKU)
        DiaryEntry.objects.filter(pk=entry.pk).update(submitted_at=evening)
    actions.send_mentor_link(placement, actor=hr)


def _seen(entries: list[DiaryEntry]) -> list[tuple[str, int]]:
    keys = [entry.pk for entry in entries]
    rows = DiaryEntry.objects.filter(pk__in=keys).order_by("date")
    return [(str(uid), version) for uid, version in rows.values_list("uid", "version")]


def _day(placement: Placement, day: date, student: Any) -> DiaryEntry:
    work, learned = WORK[day.weekday() % len(WORK)]
    return actions.write_day(
        placement,
        day,
        actor=student,
        minutes=300 if day.weekday() < 4 else 240,
        site="Açıq paylayıcı qurğu" if day.weekday() % 2 else "İdarəetmə otağı",
        work=work,
        learned=learned,
    )


def _absent(placement: Placement, day: date, student: Any, mentor: Any, reason: str, note: str) -> Absence:
    absence = actions.report_absence(placement, day, actor=student, reason=reason, note=note)
    return actions.excuse_absence(absence, actor=mentor)


def _photo(placement: Placement, student: Any) -> None:
    """A picture with the last draft, as a phone would add it."""
    entry = placement.diary.filter(state="draft").last()
    if entry is None:
        return
    entry.placement = placement
    picture = Image.new("RGB", (1200, 900), "#46566b")
    draw = ImageDraw.Draw(picture)
    for n in range(6):
        draw.rectangle((140 + 160 * n, 200, 190 + 160 * n, 760), fill="#c9d6e8")
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    upload = SimpleUploadedFile("qurgu.jpg", file.getvalue(), content_type="image/jpeg")
    actions.add_photo(entry, upload, actor=student)
