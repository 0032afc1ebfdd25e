"""The history of an application, as its reader may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from internships.models import Application, Interview
from internships.workflow import APPLICATION, INTERVIEW
from partnerships.workflow.models import ActorKind, Change

# What the tables call to do, told as done. A verb that is not here is told by its label in the table.
DONE = {
    "start": gettext_lazy("Application begun"),
    "submit": gettext_lazy("Sent to the university"),
    "submit_open": gettext_lazy("Sent to the company"),
    "withdraw": gettext_lazy("Withdrawn by the student"),
    "resume": gettext_lazy("Taken up again"),
    "accept": gettext_lazy("Offer accepted"),
    "decline": gettext_lazy("Offer declined"),
    "endorse": gettext_lazy("The university endorsed"),
    "return": gettext_lazy("Returned by the university for changes"),
    "not_endorse": gettext_lazy("The university did not endorse"),
    "reopen_endorsement": gettext_lazy("The university considers it again"),
    "nominate": gettext_lazy("Nominated by the university"),
    "invite": gettext_lazy("Invited to an interview"),
    "offer": gettext_lazy("Offer sent"),
    "waitlist": gettext_lazy("Put on the waiting list"),
    "refuse": gettext_lazy("Refused by the company"),
    "revoke": gettext_lazy("Offer taken back"),
    "reconsider": gettext_lazy("The company considers it again"),
    "promote": gettext_lazy("Moved up from the waiting list: offer sent"),
    "lapse": gettext_lazy("The offer was not answered in time"),
    "supersede": gettext_lazy("Withdrawn: another offer was accepted"),
    "cancelled": gettext_lazy("The programme was cancelled"),
    "miss": gettext_lazy("Not sent by the deadline"),
    "hold": gettext_lazy("Interview held"),
    "no_show": gettext_lazy("The candidate did not come to the interview"),
    "reschedule": gettext_lazy("Interview moved to another time"),
    "cancel": gettext_lazy("Interview cancelled"),
}
# Told by another row of the same moment: the invitation by its interview, and so on.
SILENT = frozenset({"schedule", "interviewed", "drop"})
# Notes that the company writes for itself, and that the university writes for the company.
COMPANY_NOTES = frozenset({"hold", "no_show", "waitlist"})
STAFF_NOTES = frozenset({"endorse", "nominate"})


@dataclass(frozen=True)
class Entry:
    label: str
    at: datetime | None = None
    who: str = ""
    note: str = ""
    detail: str = ""
    now: bool = False


def history_of(
    application: Application, interviews: Sequence[Interview], *, candidate: bool, company: bool
) -> list[Entry]:
    """The application's changes and its interviews', newest first, headed by how it stands now.

    The candidate reads the outer labels and never a note that was not written to them; the company's
    own notes and its recommendation are read by the company alone.
    """
    state = APPLICATION.public_label(application.state) if candidate else application.get_state_display()
    talks = {interview.pk: interview for interview in interviews}
    head = Entry(str(state), application.state_since, now=True)
    return [
        head,
        *(
            _entry(change, application, talks, candidate=candidate, company=company)
            for change in _changes(application, talks)
            if change.verb not in SILENT
        ),
    ]


def _changes(application: Application, talks: dict[int, Interview]) -> Any:
    kinds = ContentType.objects.get_for_models(Application, Interview)
    about = Q(content_type=kinds[Application], object_id=application.pk)
    if talks:
        about |= Q(content_type=kinds[Interview], object_id__in=list(talks))
    return Change.objects.filter(about).order_by("-at", "-pk")


def _entry(
    change: Change, application: Application, talks: dict[int, Interview], *, candidate: bool, company: bool
) -> Entry:
    readable = company or change.verb not in COMPANY_NOTES
    if candidate and change.verb in STAFF_NOTES:
        readable = False
    who = _("Automatically") if change.actor_kind == ActorKind.SYSTEM else change.actor_name
    detail = ""
    if change.verb == "refuse" and application.state == "refused":
        detail = application.get_refusal_code_display()
    if change.verb == "hold" and company and change.object_id in talks:
        detail = talks[change.object_id].get_recommendation_display()
    return Entry(_label(change.verb), change.at, who, change.note if readable else "", detail)


def _label(verb: str) -> str:
    if verb in DONE:
        return str(DONE[verb])
    for table in (APPLICATION, INTERVIEW):
        if verb in table.transitions:
            return str(table[verb].label)
    return verb
