"""Practices of the demonstration in preparation, under way and over, with what the safety rules ask for."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from PIL import Image

from internships import actions
from internships.enums import ClearanceKind, ConcernTopic, ProgrammeKind
from internships.models import HazardClass, Placement, Programme, UnitHazard, Vacancy
from partnerships.agreements import actions as agreements
from partnerships.agreements.enums import PartyRole
from partnerships.calls.models import Deadline, Step
from partnerships.common.clock import end_of_day, today
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Person
from partnerships.workflow.actors import SYSTEM, link_actor

CLASSES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "office",
        {
            "name": "Ofis və laboratoriya",
            "name_en": "Office and laboratory",
            "electrical_group": None,
            "protective_equipment": False,
        },
    ),
    ("network", {"name": "Paylayıcı şəbəkə", "name_en": "Distribution network", "electrical_group": 1}),
    (
        "high-voltage",
        {
            "name": "Yüksək gərginlikli qurğular",
            "name_en": "High-voltage installations",
            "electrical_group": 2,
            "briefer_group": 4,
            "medical": True,
        },
    ),
)
UNITS = (
    ("azerisiq", "office"),
    ("baki", "network"),
    ("yasamal", "high-voltage"),
    ("aran", "network"),
    ("gence", "network"),
    ("company2", "network"),
)


def hazards(demo: Any) -> None:
    """Hazard classes, and which unit is of which; a unit without one of its own has that of the one above."""
    made = {
        code: HazardClass.objects.update_or_create(code=code, defaults=values)[0] for code, values in CLASSES
    }
    for node, code in UNITS:
        UnitHazard.objects.update_or_create(unit=demo.nodes[node], defaults={"hazard": made[code]})


def build(demo: Any) -> None:
    """One practice over, two under way, two being prepared: one with half of its admission, one with none."""
    day = today()
    over, running, soon = _programme(
        demo, [(day - timedelta(55), day), (day - timedelta(17), day + timedelta(38))], day
    )
    people = demo.students
    done = _placed(demo, people[1], over)
    first = _placed(demo, people[6], running)
    second = _placed(demo, people[11], running)
    half = _placed(demo, people[14], soon)
    _placed(demo, demo.people["student2"], soon)
    Deadline.objects.filter(call=over.position.programme.call).update(at=F("at") - timedelta(days=150))
    for placement in (done, first, second):
        sign(demo, placement)
        admit(demo, placement, placement.hazard.required, placement.starts)  # type: ignore[union-attr]
        actions.begin(placement, actor=SYSTEM)
    actions.finish(done, actor=SYSTEM)
    admit(demo, half, [ClearanceKind.ENTRY_BRIEFING], day)
    actions.write_particulars(
        half,
        {"contact": "Samirə Hüseynova (ana), 050 000 00 14", "size": "48, 42, 56", "transport": "Avtobus 88"},
        actor=as_person(people[14]),
    )
    actions.raise_concern(
        first,
        actor=as_person(people[6]),
        topic=ConcernTopic.HOURS,
        text="Cədvəl dərslərimlə üst-üstə düşür, növbəni dəyişmək istəyirəm.",
    )


def as_person(person: Person, scope: str = "") -> Any:
    """The person's account; where the demonstration gave them none, the person behind a link."""
    return person.user or link_actor(person.pk, scope, person.name)


def _programme(demo: Any, spans: list[tuple[date, date]], day: date) -> list[Vacancy]:
    """A programme of the company with a period for each span and one that begins in a few days."""
    hr = demo.user("hr")
    programme = actions.create_programme(
        demo.nodes["azerisiq"],
        actor=hr,
        kind=ProgrammeKind.INTERNSHIP,
        title_az=f"Payız internship proqramı {day.year}",
        title_en=f"Autumn internship {day.year}",
        summary_az="Paylayıcı şəbəkədə səkkiz həftə: xətlər, transformator məntəqələri, ölçmə.",
        summary_en="Eight weeks in the distribution network: lines, transformer points, metering.",
        endorsement_required=False,
        cv_required=False,
        transcript_required=False,
    )
    steps = {Step.APPLY: 5, Step.DECIDE: 10, Step.ANSWER: 12, Step.START: 90}
    moments = {str(step): end_of_day(day + timedelta(days=n)) for step, n in steps.items()}
    actions.set_deadlines(programme, moments, actor=hr)
    spans = [*spans, (day + timedelta(6), day + timedelta(61))]
    names = (
        ("Birinci növbə", "First shift"),
        ("İkinci növbə", "Second shift"),
        ("Üçüncü növbə", "Third shift"),
    )
    rows = [(az, en, *span) for (az, en), span in zip(names, spans, strict=True)]
    actions.set_periods(programme, rows, actor=hr)
    position = actions.add_position(
        programme,
        actor=hr,
        unit=demo.nodes["baki"],
        title_az="Paylayıcı şəbəkənin istismarı",
        title_en="Operation of the distribution network",
        mentors=[demo.people["mentor"]],
    )
    periods = programme.periods.order_by("starts")
    found = [actions.set_seats(position, period, 4, actor=hr) for period in periods]
    actions.publish(Programme.objects.get(pk=programme.pk), actor=hr)
    return found


def _placed(demo: Any, person: Person, vacancy: Vacancy) -> Placement:
    application = actions.start_application(vacancy, actor=as_person(person))
    scope = f"internships.Application:{application.pk}"
    actions.save_draft(application, actor=as_person(person, scope), motivation="Şəbəkədə işləmək istəyirəm.")
    actions.submit(application, actor=as_person(person, scope))
    actions.offer(application, actor=demo.user("hr"))
    actions.accept(application, actor=as_person(person, scope))
    placement = Placement.objects.with_rows().get(application=application)
    if placement.faculty is not None and placement.faculty.path.startswith(demo.nodes["aztu"].path):
        supervisor = demo.people["supervisor"]
        actions.change_supervisor(placement, actor=demo.user("coordinator"), supervisor=supervisor)
    return Placement.objects.with_rows().get(pk=placement.pk)


SIGNS = {PartyRole.UNIVERSITY: Role.COORDINATOR, PartyRole.COMPANY: Role.HR}


def on_paper(contract: Any) -> dict[str, Any]:
    """Who signed the paper of a contract, and in which position."""
    found = {}
    for party in contract.in_order:
        role = SIGNS.get(party.role)
        holders = Affiliation.objects.filter(organization=party.organization, role=role)
        holder = holders.select_related("person").first() if role else None
        unnamed = (party.name_az, "Səlahiyyətli şəxs" if party.organization_id else "")
        found[party.pk] = (holder.person.full_name, holder.position) if holder else unnamed
    return {
        "names": {key: name for key, (name, _position) in found.items()},
        "positions": {key: position for key, (_name, position) in found.items()},
    }


def sign(demo: Any, placement: Placement) -> None:
    """The contract, signed on paper by all and entered by the company."""
    hr = demo.user("hr")
    contract = agreements.send(actions.open_contract(placement, actor=hr), actor=hr)
    page, file = Image.new("RGB", (1240, 1754), "white"), BytesIO()
    page.save(file, "PDF", resolution=150)
    agreements.enter_paper(
        contract,
        actor=hr,
        scan=SimpleUploadedFile("muqavile.pdf", file.getvalue(), content_type="application/pdf"),
        **on_paper(contract),
        signed_on=min(today(), placement.starts),
        text_hash=contract.text.sha256,  # type: ignore[union-attr]
    )


def admit(demo: Any, placement: Placement, kinds: list[ClearanceKind], day: date) -> None:
    for kind in kinds:
        actions.record_clearance(
            placement,
            kind,
            actor=demo.user("hr"),
            done_on=day,
            given_by="Elçin Nağıyev, növbə mühəndisi",
            giver_group=4,
            journal_number="214",
        )
