"""Practices in the curriculum that are over in the demonstration: what the supervisor reads and marks."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count, F

from internships import actions
from internships.certificates import KEY as CERTIFICATE
from internships.criteria import current_form
from internships.demo_practice import admit, as_person, sign
from internships.enums import DiaryState, EvaluationKind, PracticeType, ProgrammeKind
from internships.models import DiaryEntry, NominationOrder, Placement, Programme, Vacancy
from internships.weeks import working_days
from partnerships.calls.models import Deadline, Step
from partnerships.certificates import actions as certificates
from partnerships.common.clock import end_of_day, today
from partnerships.directory.models import Person
from partnerships.workflow.actors import SYSTEM

WEEKS = 6
WORK = (
    "Transformator məntəqəsinin sxemini çəkdim, avadanlığın siyahısını tutdum.",
    "Sayğacların yoxlanılmasında iştirak etdim, göstəriciləri jurnala yazdım.",
    "0,4 kV xətdə gərginlik itkisini ölçmə nəticələrinə görə hesabladım.",
)


def build(demo: Any, report: SimpleUploadedFile) -> None:
    """Three students of AzTU whose supervisor is the demonstration's: one handed the report in, one has it
    marked, so that the final mark alone is missing, and one went all the way and has the certificate."""
    day = today()
    vacancy = _place(demo, day - timedelta(weeks=WEEKS, days=-1), day)
    order = actions.make_order(
        vacancy.position.programme,
        demo.nodes["aztu"],
        number="96/T",
        day=vacancy.period.starts - timedelta(days=21),
        actor=demo.user("coordinator"),
    )
    for person, far in zip(_free(demo), ("handed in", "marked", "certified"), strict=True):
        placement = _over(demo, person, vacancy, order)
        _write(placement)
        _evaluate(demo, placement)
        report.seek(0)
        title = "Paylayıcı şəbəkədə enerji itkilərinin azaldılması"
        written = actions.attach_report(placement, [report], actor=as_person(person), title=title)
        actions.submit_report(placement, actor=as_person(person, written.link_scope))
        if far != "handed in":
            actions.accept_report(placement, actor=demo.user("supervisor"), mark=88, commission="T. Abbasov")
        if far == "certified":
            actions.assess_placement(placement, actor=demo.user("supervisor"), mark=90)
            certified = Placement.objects.with_rows().get(pk=placement.pk)
            certificates.issue(certified, kind=CERTIFICATE, actor=demo.user("hr"))
    Deadline.objects.filter(call=vacancy.position.programme.call).update(at=F("at") - timedelta(days=120))


def _free(demo: Any) -> list[Person]:
    """Students of AzTU in no other practice, first those who have applied nowhere."""
    rows = Person.objects.filter(
        pk__in=[person.pk for person in demo.students],
        affiliations__organization__path__startswith=demo.nodes["aztu"].path,
    ).exclude(pk__in=Placement.objects.values("person"))
    return list(rows.annotate(sent=Count("applications")).order_by("sent", "pk")[:3])


def _place(demo: Any, starts: date, ends: date) -> Vacancy:
    """The programme of the practice that is over, with its one place."""
    hr = demo.user("hr")
    programme = actions.create_programme(
        demo.nodes["azerisiq"],
        actor=hr,
        kind=ProgrammeKind.PRACTICE,
        practice_type=PracticeType.PRODUCTION,
        title_az=f"İstehsalat təcrübəsi, {starts.year}-ci ilin payız semestri",
        title_en=f"Production practice, autumn {starts.year}",
        summary_az="Tədris planı üzrə altı həftə: transformator məntəqələri, ölçmə, itkilərin hesablanması.",
        summary_en="Six weeks in the curriculum: transformer points, metering, losses.",
        transcript_required=False,
        cv_required=False,
    )
    days = {Step.APPLY: 5, Step.ENDORSE: 7, Step.DECIDE: 20, Step.ANSWER: 25, Step.START: 60}
    moments = {str(step): end_of_day(today() + timedelta(days=n)) for step, n in days.items()}
    actions.set_deadlines(programme, moments, actor=hr)
    actions.set_periods(programme, [("Altı həftə", "Six weeks", starts, ends)], actor=hr)
    position = actions.add_position(
        programme,
        actor=hr,
        unit=demo.nodes["baki"],
        title_az="Enerji itkilərinin hesablanması",
        title_en="Accounting for losses of energy",
        mentors=[demo.people["mentor"]],
    )
    vacancy = actions.set_seats(position, programme.periods.get(), 3, actor=hr)
    actions.publish(Programme.objects.get(pk=programme.pk), actor=hr)
    return vacancy


def _over(demo: Any, person: Person, vacancy: Vacancy, order: NominationOrder) -> Placement:
    """Nominated, offered, accepted, signed, let in, over."""
    application = actions.nominate(
        person,
        vacancy.position.programme,
        [vacancy],
        order=order,
        supervisor=demo.people["supervisor"],
        actor=demo.user("coordinator"),
    )
    actions.offer(application, actor=demo.user("hr"))
    actions.accept(application, actor=as_person(person, f"internships.Application:{application.pk}"))
    placement = Placement.objects.with_rows().get(application=application)
    sign(demo, placement)
    admit(demo, placement, placement.hazard.required, placement.starts)  # type: ignore[union-attr]
    actions.begin(placement, actor=SYSTEM)
    actions.finish(placement, actor=SYSTEM)
    return Placement.objects.with_rows().get(pk=placement.pk)


def _write(placement: Placement) -> None:
    """Its days, confirmed: written as rows, since a day is handed in while the practice runs."""
    noon = end_of_day(placement.ends)
    DiaryEntry.objects.bulk_create(
        DiaryEntry(
            placement=placement,
            date=day,
            state=DiaryState.CONFIRMED,
            minutes=240,
            site="Transformator məntəqəsi",
            work=WORK[number % len(WORK)],
            learned="Ölçmə və hesablama",
            submitted_at=noon,
            confirmed_at=noon,
        )
        for number, day in enumerate(working_days(placement.starts, placement.ends))
    )


def _evaluate(demo: Any, placement: Placement) -> None:
    actions.give_evaluation(
        placement,
        EvaluationKind.MENTOR_FINAL,
        actor=demo.user("mentor"),
        marks={criterion.key: 4 for criterion in current_form(EvaluationKind.MENTOR_FINAL).criteria},
        comment="Sxemləri sərbəst oxuyur, hesablamaları özü yoxlayır. Ölçmə sahəsində işləyə bilər.",
        recommended=True,
    )
