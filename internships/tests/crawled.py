"""What the demonstration does not hold and the crawl has to meet: a practice that went all its way, its
papers and the account of who went it, and the mentor's page behind a link."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress

from internships import actions, links
from internships.certificates import KEY
from internships.criteria import current_form
from internships.enums import AbsenceReason, EvaluationKind, OutcomeKind
from internships.models import MentorLink, Placement
from partnerships.accounts.models import User
from partnerships.certificates import actions as certificates
from partnerships.common.clock import today
from partnerships.directory.models import Person
from partnerships.testing.files import pdf, upload
from partnerships.workflow.actors import SYSTEM


def build(users: dict[str, Any]) -> dict[str, tuple[Any, list[str]]]:
    """Add it to the demonstration of these accounts; answers with who walks beside them: {name: (account,
    where they begin; nothing for everywhere)}."""
    hr, university = users["hr"], users["coordinator"]
    rows = Placement.objects.underway().visible_to(users["supervisor"]).filter(person__user=None)
    over = rows.with_rows().order_by("pk")[0]
    graduate = User.objects.create_user("mezun@demo.example")
    Person.objects.filter(pk=over.person_id).update(user=graduate)
    EmailAddress.objects.create(user=graduate, email=graduate.email, verified=True, primary=True)
    actions.report_absence(over, over.starts, actor=hr, reason=AbsenceReason.ILLNESS)
    yesterday = today() - timedelta(days=1)
    Placement.objects.filter(pk=over.pk).update(ends=yesterday)
    over = actions.finish(Placement.objects.with_rows().get(pk=over.pk), actor=SYSTEM)
    actions.attach_report(over, [upload(pdf())], actor=graduate, title="Şəbəkədə iki ay")
    actions.submit_report(over, actor=graduate)
    for kind, giver in (
        (EvaluationKind.MENTOR_FINAL, users["mentor"]),
        (EvaluationKind.STUDENT, graduate),
        (EvaluationKind.UNIVERSITY, university),
    ):
        marks = {criterion.key: 4 for criterion in current_form(kind).criteria}
        actions.give_evaluation(over, kind, actor=giver, marks=marks, recommended=True, comment="Yaxşı")
    actions.accept_report(over, actor=university, mark=90)
    actions.assess_placement(over, actor=university, mark=91)
    actions.set_outcome(over, actor=hr, kind=OutcomeKind.NONE, decided_on=yesterday)
    certificates.start_batch([Placement.objects.with_rows().get(pk=over.pk)], kind=KEY, actor=hr)
    link = MentorLink.objects.select_related("person").filter(revoked_at=None).order_by("pk")[0]
    opened = links.open_link(links.token_of(link))
    return {
        "graduate": (graduate, []),
        "mentor by link": (links.actor_of(opened), [links.path_of(opened)]),
    }
