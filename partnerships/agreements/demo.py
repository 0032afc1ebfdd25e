"""Agreements of the demonstration: in force, to be decided, partly signed, proposed, in review, asleep."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from partnerships.agreements import actions
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.first_types import type_of
from partnerships.agreements.models import Agreement, AgreementType
from partnerships.agreements.terms import add_months
from partnerships.common.clock import end_of_day, today
from partnerships.directory.models import Organization


def build(demo: Any) -> None:
    aztu, adnsu, azerisiq = (demo.nodes[key] for key in ("aztu", "adnsu", "azerisiq"))
    day = today()
    holding = _framework(demo, aztu, azerisiq, date(day.year - 1, 1, 15), date(day.year + 2, 12, 31))
    _sign(demo, holding, "rector", "hr")
    _obligations(demo, holding)
    ending = _framework(demo, adnsu, azerisiq, day - timedelta(days=340), day + timedelta(days=25))
    _sign(demo, ending, "coordinator2", "hr")
    rolling = _framework(
        demo,
        demo.nodes["sdu"],
        azerisiq,
        date(day.year - 1, 9, 1),
        date(day.year + 1, 8, 31),
        renew_months=12,
        notice_days=60,
    )
    _on_paper(demo, rolling)
    other = demo.nodes["company2"]
    waiting = actions.open_framework(
        aztu, other, actor=demo.user("hr2"), starts=day, ends=day + timedelta(days=730), bilingual=True
    )
    actions.send(waiting, actor=demo.user("hr2"))
    _asleep(demo)
    _on_the_way(demo)


def _framework(
    demo: Any, university: Organization, company: Organization, starts: date, ends: date, **more: Any
) -> Agreement:
    if university == demo.nodes["aztu"]:
        more.update(university_signatory=demo.people["rector"], university_position="Rektor")
    agreement = actions.open_framework(
        university, company, actor=demo.user("partnerships"), starts=starts, ends=ends, **more
    )
    return actions.send(agreement, actor=demo.user("partnerships"))


def _sign(demo: Any, agreement: Agreement, *names: str) -> Agreement:
    for name in names:
        assert agreement.text is not None
        agreement = actions.sign(
            agreement,
            actor=demo.user(name),
            text_hash=agreement.text.sha256,
            legal_name=demo.people[name].full_name,
        )
    return agreement


def _on_paper(demo: Any, agreement: Agreement) -> Agreement:
    """Signed by hand by all, the scan entered by the company."""
    page, file = Image.new("RGB", (1240, 1754), "white"), BytesIO()
    page.save(file, "PDF", resolution=150)
    assert agreement.text is not None
    return actions.enter_paper(
        agreement,
        actor=demo.user("partnerships"),
        scan=SimpleUploadedFile("sazis.pdf", file.getvalue(), content_type="application/pdf"),
        names={party.pk: "Rəsmi nümayəndə" for party in agreement.in_order},
        positions={party.pk: "Səlahiyyətli şəxs" for party in agreement.in_order},
        signed_on=today(),
        text_hash=agreement.text.sha256,
    )


def _obligations(demo: Any, agreement: Agreement) -> None:
    """What AzTU and Azərişıq owe each other: counted by the portal, entered by hand, late."""
    manager, day = demo.user("partnerships"), today()
    university, company = agreement.in_order
    add = actions.add_obligation
    add(
        agreement,
        actor=manager,
        party=company,
        what_az="Təcrübə yerləri",
        what_en="Places of practice",
        figure="internships.places",
        amount=Decimal(12),
        unit_az="yer",
        unit_en="places",
        due=date(day.year + 1, 6, 30),
    )
    add(
        agreement,
        actor=manager,
        party=company,
        what_az="Məzunların işə qəbulu",
        what_en="Graduates hired",
        figure="internships.hired",
        amount=Decimal(3),
        unit_az="nəfər",
        unit_en="people",
        due=date(day.year + 2, 12, 31),
    )
    materials = add(
        agreement,
        actor=manager,
        party=university,
        what_az="Birgə tədris materialları",
        what_en="Joint teaching materials",
        amount=Decimal(4),
        unit_az="ədəd",
        unit_en="items",
        due=day - timedelta(days=20),
    )
    for back, note in ((400, "Relə mühafizəsi üzrə laboratoriya dərsliyi"), (60, "Ölçmə vasitələri kursu")):
        actions.fulfil(
            materials,
            actor=demo.user("coordinator"),
            done_on=day - timedelta(days=back),
            amount=Decimal(1),
            note=note,
        )
    seminar = add(
        agreement,
        actor=manager,
        party=company,
        what_az="İllik birgə seminar",
        what_en="Annual joint seminar",
    )
    actions.fulfil(seminar, actor=manager, done_on=day - timedelta(days=90), note="Bakı, 120 iştirakçı")


def _asleep(demo: Any) -> None:
    """A memorandum of some years ago under which nothing happens."""
    day = today()
    memorandum = actions.open_between(
        type_of("agreements.memorandum"),
        demo.nodes["azerisiq"],
        [demo.nodes["bmu"]],
        actor=demo.user("partnerships"),
        starts=date(day.year - 2, 3, 1),
    )
    signed = _on_paper(demo, actions.send(memorandum, actor=demo.user("partnerships")))
    long_ago = end_of_day(add_months(day, -20))
    Agreement.objects.filter(pk=signed.pk).update(in_force_since=long_ago)


def _to_approve(demo: Any) -> None:
    """Legally in order, with the leadership: a memorandum, which has to be approved before it is sent."""
    day, manager = today(), demo.user("partnerships")
    of_type = type_of("agreements.memorandum")
    AgreementType.objects.filter(pk=of_type.pk).update(needs_legal=True, needs_approval=True)
    of_type.refresh_from_db()
    memorandum = actions.open_between(
        of_type,
        demo.nodes["azerisiq"],
        [demo.nodes["sdu"]],
        actor=manager,
        starts=day,
        ends=day + timedelta(days=1094),
    )
    actions.pass_review(actions.to_legal(memorandum, actor=manager), actor=demo.user("legal"))


def _on_the_way(demo: Any) -> None:
    """Partly signed by three, proposed by a university, with legal counsel, a draft that goes there next."""
    day, manager = today(), demo.user("partnerships")
    nodes = demo.nodes
    several = actions.open_between(
        type_of("agreements.memorandum"),
        nodes["azerisiq"],
        [nodes["aztu"], nodes["adnsu"]],
        actor=manager,
        starts=day,
        ends=day + timedelta(days=729),
    )
    several = _sign(demo, actions.send(several, actor=manager), "coordinator")
    assert several.state == AgreementState.PARTLY_SIGNED
    actions.propose(
        type_of("agreements.framework"),
        nodes["company2"],
        nodes["adnsu"],
        actor=demo.user("coordinator2"),
        starts=day + timedelta(days=30),
        ends=day + timedelta(days=395),
        note="Energetika fakültəsinin tələbələri üçün yay təcrübəsi və birgə buraxılış işləri.",
    )
    secret = actions.open_between(
        type_of("agreements.nda"),
        nodes["azerisiq"],
        [nodes["aztu"]],
        actor=manager,
        starts=day,
        ends=day + timedelta(days=1094),
    )
    actions.to_legal(secret, actor=manager)
    _to_approve(demo)
    actions.open_between(
        type_of("agreements.cooperation"),
        nodes["azerisiq"],
        [nodes["aztu"], nodes["bmu"]],
        actor=manager,
        starts=day,
        ends=day + timedelta(days=1094),
    )
