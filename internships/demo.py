"""Programmes and applications of the demonstration, in every state that a visitor should meet."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from internships import actions, demo_commission, demo_diary, demo_over, demo_practice
from internships import demo_questions as questions
from internships.enums import PracticeType, ProgrammeKind, Recommendation
from internships.models import Application, Interview, Placement, Programme, Vacancy
from partnerships.agreements import actions as agreements
from partnerships.bookings.models import Thing
from partnerships.calls.models import Step
from partnerships.common.clock import add_working_days, end_of_day, start_of_day, today
from partnerships.directory.enums import Degree
from partnerships.directory.models import Person, Skill, Specialty
from partnerships.documents.models import DocumentKind
from partnerships.workflow.actors import link_actor


def build(demo: Any) -> None:
    """Programmes of Azərişıq and of the second company, with applications and practices at every stage."""
    demo_practice.hazards(demo)
    summer = _summer(demo)
    practice = _practice(demo)
    _smart_meters(demo)
    _second_company(demo)
    _nominations(demo, practice)
    _applications(demo, summer)
    demo_commission.build(demo, summer)
    _contract(demo)
    demo_diary.build(demo)
    demo_practice.build(demo)
    demo_over.build(demo, _paper("Hesabat", "AzTU"))
    actions.suggest_everywhere()


def _moments(apply: int, endorse: int, decide: int, answer: int, start: int) -> dict[str, datetime | None]:
    days = {
        Step.APPLY: apply,
        Step.ENDORSE: endorse,
        Step.DECIDE: decide,
        Step.ANSWER: answer,
        Step.START: start,
    }
    return {str(step): end_of_day(today() + timedelta(days=n)) for step, n in days.items()}


def _days_until(day: date) -> int:
    return (day - today()).days


def _next_summer() -> tuple[date, date]:
    year = today().year + 1
    return date(year, 6, 14), date(year, 7, 31)


def _position(demo: Any, programme: Programme, hr: Any, unit: str, seats: int, **values: Any) -> Vacancy:
    codes = values.pop("codes", ())
    skills = Skill.objects.filter(name__in=values.pop("skills", ()))
    mentors = [demo.people[name] for name in values.pop("mentors", ())]
    quotas = {demo.nodes[key].pk: places for key, places in values.pop("quotas", {}).items()}
    position = actions.add_position(
        programme,
        actor=hr,
        unit=demo.nodes[unit],
        specialties=list(Specialty.objects.filter(code__in=codes)),
        skills=list(skills),
        mentors=mentors,
        **values,
    )
    period = programme.periods.first()
    assert period is not None
    return actions.set_seats(position, period, seats, actor=hr, quotas=quotas or None)


def _summer(demo: Any) -> Programme:
    hr, (starts, ends) = demo.user("hr"), _next_summer()
    programme = actions.create_programme(
        demo.nodes["azerisiq"],
        actor=hr,
        kind=ProgrammeKind.INTERNSHIP,
        title_az=f"Yay internship proqramı {starts.year}",
        title_en=f"Summer internship {starts.year}",
        summary_az="Elektrik şəbəkəsində altı həftə: yarımstansiya, relə mühafizəsi, dispetçer idarəetməsi.",
        summary_en="Six weeks in the electricity network: substations, relay protection, dispatching.",
        description_az=(
            "Tələbələr real obyektlərdə mentorun rəhbərliyi ilə işləyir, gündəlik aparır və sonda layihəsini "
            "təqdim edir.\n\nİşə başlamazdan əvvəl hər kəs təhlükəsizlik təlimatlandırması keçir."
        ),
        description_en=(
            "Students work at real sites with a mentor, keep a diary and present a project at the end.\n\n"
            "Everybody is briefed on safety before the first day."
        ),
        paid=True,
        stipend_az="Ayda 400 ₼",
        stipend_en="400 ₼ a month",
        open_to_foreigners=True,
        contact_email="hr@demo.example",
    )
    actions.set_deadlines(programme, _moments(5, 9, 20, 27, _days_until(starts)), actor=hr)
    actions.set_periods(programme, [(f"{starts.year}, yay", f"Summer {starts.year}", starts, ends)], actor=hr)
    _summer_places(demo, programme, hr)
    questions.ask(programme, hr)
    actions.publish(Programme.objects.get(pk=programme.pk), actor=hr)
    programme = Programme.objects.with_call().get(pk=programme.pk)
    until, why = end_of_day(today() + timedelta(days=14)), "Elnur Qarabağlı, olimpiadaya görə gecikir"
    actions.make_access_code(programme, actor=hr, note=why, expires=until)
    return programme


def _summer_places(demo: Any, programme: Programme, hr: Any) -> None:
    _position(
        demo,
        programme,
        hr,
        "yasamal",
        12,
        title_az="Yarımstansiyaların istismarı",
        title_en="Substation operation",
        tasks_az="Növbətçi heyətlə avadanlığa baxış, sxemlərin oxunması, əməliyyat jurnalının aparılması.",
        tasks_en="Inspect equipment with the crew on duty, read diagrams, keep the operations journal.",
        codes=["050608"],
        min_year=3,
        degrees=[Degree.BACHELOR, Degree.MASTER],
        mentors=["mentor"],
        quotas={"aztu": 6},
    )
    _position(
        demo,
        programme,
        hr,
        "centre",
        4,
        title_az="Relə mühafizəsi və avtomatika",
        title_en="Relay protection and automation",
        tasks_az="Laboratoriyada rele qurğularının sınağı, parametrlərin hesablanması, hesabat.",
        tasks_en="Test relays in the laboratory, calculate settings and write the report.",
        codes=["050608"],
        min_year=3,
        min_gpa="80",
        mentors=["trainer"],
    )
    _position(
        demo,
        programme,
        hr,
        "dispatch",
        2,
        title_az="Dispetçer idarəetməsi",
        title_en="Dispatching",
        tasks_az="SCADA məlumatlarının təhlili və rejimlərin müşahidəsi.",
        tasks_en="Analyse SCADA data and watch operating modes.",
        min_year=3,
        min_gpa="70",
        citizens_only=True,
    )


def _practice(demo: Any) -> Programme:
    hr, year = demo.user("hr"), today().year + 1
    programme = actions.create_programme(
        demo.nodes["azerisiq"],
        actor=hr,
        kind=ProgrammeKind.PRACTICE,
        practice_type=PracticeType.PRODUCTION,
        title_az=f"İstehsalat təcrübəsi, {year}-ci ilin yaz semestri",
        title_en=f"Production practice, spring {year}",
        summary_az="Tədris planı üzrə istehsalat təcrübəsi: universitet tələbələrini əmrlə irəli sürür.",
        summary_en="Production practice in the curriculum: the university nominates its students by order.",
        max_choices=2,
        transcript_required=False,
    )
    actions.set_deadlines(
        programme, _moments(12, 14, 24, 30, max(31, _days_until(date(year, 2, 15)))), actor=hr
    )
    actions.set_periods(
        programme, [(f"{year}, yaz", f"Spring {year}", date(year, 2, 15), date(year, 5, 21))], actor=hr
    )
    for unit, title, title_en, seats in (
        ("aran", "Paylayıcı şəbəkələrin istismarı", "Distribution network operation", 12),
        ("gence", "Kabel və hava xətləri", "Cable and overhead lines", 18),
        ("baki", "Sayğacların yoxlanılması və ölçmə", "Metering and meter testing", 14),
    ):
        _position(
            demo,
            programme,
            hr,
            unit,
            seats,
            title_az=title,
            title_en=title_en,
            codes=["050608"],
            min_year=3,
            full_time_only=True,
        )
    actions.publish(Programme.objects.get(pk=programme.pk), actor=hr)
    return Programme.objects.with_call().get(pk=programme.pk)


def _smart_meters(demo: Any) -> Programme:
    hr, (starts, ends) = demo.user("hr"), _next_summer()
    programme = actions.create_programme(
        demo.nodes["azerisiq"],
        actor=hr,
        kind=ProgrammeKind.INTERNSHIP,
        title_az="Ağıllı sayğaclar və verilənlərin təhlili",
        title_en="Smart meters and data analysis",
        summary_az="Sayğac verilənləri ilə işləmək istəyən İT tələbələri üçün səkkiz həftə.",
        summary_en="Eight weeks for IT students who want to work with meter data.",
        endorsement_required=False,
        transcript_required=False,
    )
    actions.set_deadlines(programme, _moments(18, 20, 30, 36, _days_until(starts)), actor=hr)
    actions.set_periods(programme, [(f"{starts.year}, yay", f"Summer {starts.year}", starts, ends)], actor=hr)
    _position(
        demo,
        programme,
        hr,
        "centre",
        5,
        title_az="Verilənlərin təhlili",
        title_en="Data analysis",
        tasks_az="Yük qrafiklərinin təhlili, itkilərin tapılması, nəticələrin vizuallaşdırılması.",
        tasks_en="Analyse load profiles, find losses, visualise results.",
        skills=["Python", "SQL"],
        min_year=2,
    )
    questions.ask(programme, hr)
    actions.publish(Programme.objects.get(pk=programme.pk), actor=hr)
    return programme


def _second_company(demo: Any) -> Programme:
    hr, (starts, ends) = demo.user("hr2"), _next_summer()
    programme = actions.create_programme(
        demo.nodes["company2"],
        actor=hr,
        kind=ProgrammeKind.INTERNSHIP,
        title_az="Transformatorların təmiri üzrə internship",
        title_en="Internship in transformer repair",
        summary_az="Güc transformatorlarının diaqnostikası və təmiri sahəsində beş həftə.",
        summary_en="Five weeks in the diagnosis and repair of power transformers.",
        endorsement_required=False,
        transcript_required=False,
    )
    actions.set_deadlines(programme, _moments(9, 12, 22, 28, _days_until(starts)), actor=hr)
    actions.set_periods(programme, [(f"{starts.year}, yay", f"Summer {starts.year}", starts, ends)], actor=hr)
    _position(
        demo,
        programme,
        hr,
        "kes",
        3,
        title_az="Transformatorların təmiri",
        title_en="Transformer repair",
        codes=["050608"],
        min_year=3,
        mentors=["mentor2"],
    )
    actions.publish(Programme.objects.get(pk=programme.pk), actor=hr)
    programme = Programme.objects.with_call().get(pk=programme.pk)
    for person in demo.students[7:10]:
        _sent(person, programme, [0], "Transformatorlar üzrə diplom işi yazıram.")
    return programme


def _paper(title: str, name: str) -> SimpleUploadedFile:
    """A one-page PDF, as an applicant would send."""
    page = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(page).text(
        (120, 140), f"{title}: {name}".encode("ascii", "replace").decode(), fill="black"
    )
    file = BytesIO()
    page.save(file, "PDF", resolution=150)
    return SimpleUploadedFile(f"{title}.pdf", file.getvalue(), content_type="application/pdf")


def _as(person: Person, application: Application | None = None) -> Any:
    """The person's account; where the demonstration gave them none, the person behind a link."""
    scope = f"internships.Application:{application.pk}" if application else ""
    return person.user or link_actor(person.pk, scope, person.name)


def _sent(person: Person, programme: Programme, ranks: list[int], motivation: str) -> Application:
    places = list(programme.vacancies().order_by("pk"))
    chosen = [places[rank] for rank in ranks]
    application = actions.start_application(chosen[0], actor=_as(person))
    actions.save_draft(
        application,
        actor=_as(person, application),
        motivation=motivation,
        vacancies=chosen,
        answers=questions.answers(programme, application.pk),
    )
    for kind, title in ((DocumentKind.CV, "CV"), (DocumentKind.TRANSCRIPT, "Transkript")):
        actions.attach(application, [_paper(title, person.name)], kind=kind, actor=_as(person, application))
    return actions.submit(application, actor=_as(person, application))


def _nominations(demo: Any, programme: Programme) -> None:
    coordinator = demo.user("coordinator")
    order = actions.make_order(
        programme, demo.nodes["aztu"], number="118/T", day=today() - timedelta(days=3), actor=coordinator
    )
    places = list(programme.vacancies().order_by("pk"))
    for index, position in ((9, 0), (13, 1), (17, 2)):
        actions.nominate(
            demo.students[index],
            programme,
            [places[position]],
            order=order,
            supervisor=demo.people["supervisor"],
            actor=coordinator,
        )


WHY = (
    "Yarımstansiya avadanlığını yerində görmək və növbətçi heyətlə işləmək istəyirəm.",
    "Relə mühafizəsi üzrə diplom işi yazıram, real qurğularla təcrübə mənim üçün vacibdir.",
    "Məzun olduqdan sonra elektrik şəbəkəsində işləmək istəyirəm.",
)


def _applications(demo: Any, summer: Programme) -> None:
    """AzTU's are endorsed and decided on, ADNSU's wait for their coordinator."""
    hr, coordinator, coordinator2 = demo.user("hr"), demo.user("coordinator"), demo.user("coordinator2")
    people = demo.students
    sent = [
        _sent(people[index], summer, ranks, WHY[number % 3])
        for number, (index, ranks) in enumerate(
            [
                (3, [0]),
                (4, [0, 2]),
                (5, [1, 0]),
                (10, [1, 0]),
                (13, [0, 1]),
                (0, [0, 1]),
                (7, [0]),
                (8, [1]),
                (16, [0]),
            ]
        )
    ]
    for application in sent[:5]:
        actions.endorse(application, actor=coordinator)
    actions.endorse(sent[5], actor=coordinator2, note="Qrupun ən yaxşı tələbələrindəndir.")
    scores = (79, 74, 92, 95, 80, 88)
    for application, score in zip(sent, scores, strict=False):
        actions.assess(application, actor=hr, score=score, note="")
    actions.offer(sent[0], actor=hr)
    actions.waitlist(sent[1], actor=hr)
    actions.offer(sent[2], actor=hr)
    actions.accept(sent[2], actor=_as(people[5], sent[2]))
    _interview(demo, sent[3], days=1, hour=10, room=demo.rooms.get("meeting"))
    held = _interview(demo, sent[5], days=-1, hour=11)
    actions.hold_interview(
        held,
        actor=hr,
        recommendation=Recommendation.RECOMMENDED,
        note="Sxemləri sərbəst oxuyur, növbəli işə hazırdır.",
    )
    own = _sent(demo.people["student"], summer, [0, 1, 2], WHY[0])
    actions.endorse(own, actor=coordinator)
    _sent(demo.people["student2"], summer, [1, 0], WHY[1])


def _contract(demo: Any) -> None:
    """The contract of the accepted student, sent: the student signs first."""
    placement = Placement.objects.order_by("pk").first()
    if placement is not None:
        hr = demo.user("hr")
        agreements.send(actions.open_contract(placement, actor=hr), actor=hr)


def _interview(
    demo: Any, application: Application, days: int, hour: int, room: Thing | None = None
) -> Interview:
    """A talk on a working day; one that lies in the past is invited for later and moved back."""
    day = add_working_days(today(), max(days, 1))
    starts = start_of_day(day) + timedelta(hours=hour)
    talk = actions.invite(
        application,
        actor=demo.user("hr"),
        interviewer=demo.people["mentor"],
        starts=starts,
        ends=starts + timedelta(minutes=30),
        place="" if room else "3 nömrəli otaq, Tədris və İnnovasiyalar Mərkəzi",
        room=room,
    )
    if days < 0:
        back = start_of_day(today()) + timedelta(days=days, hours=hour)
        Interview.objects.filter(pk=talk.pk).update(starts=back, ends=back + timedelta(minutes=30))
    return Interview.objects.get(pk=talk.pk)
