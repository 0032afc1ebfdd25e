"""The history of an application and of a placement, as its reader may read it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from internships.enums import ApplicationState, ClearanceKind, ReportState
from internships.models import Application, Concern, Interview, Placement, Report
from internships.sending import difference
from internships.workflow import APPLICATION, CONCERN, INTERVIEW, PLACEMENT, PROGRAMME, REPORT
from partnerships.common.clock import day_in_words
from partnerships.common.prepared import Prepared
from partnerships.workflow.models import ActorKind, Change
from partnerships.workflow.timeline import Entry, changes_of, entry_of

# What the tables tell as done, and what moves no state.
DONE = {
    **APPLICATION.told,
    **INTERVIEW.told,
    "start": gettext_lazy("Application begun"),
    "enter_by_code": gettext_lazy("Let in after the deadline"),
}
# Told by another row of the same moment: the invitation by its interview, and so on.
SILENT = frozenset({"schedule", "interviewed", "drop"})
# Notes that the company writes for itself, and that the university writes for the company.
COMPANY_NOTES = frozenset({"hold", "no_show", "waitlist"})
STAFF_NOTES = frozenset({"endorse", "nominate"})


def asked_to_change(found: Application | Report) -> str:
    """What the university asks to be changed, while an application or a report waits for that."""
    if found.state not in (ApplicationState.RETURNED, ReportState.RETURNED):
        return ""
    change = Change.objects.of(found).filter(verb="return").order_by("-at", "-pk").first()
    return change.note if change else ""


def why_refused(application: Application, told: Sequence[Entry]) -> str:
    """The reason of a refusal and what was written with it, out of the history that its reader reads."""
    if application.state not in (ApplicationState.REFUSED, ApplicationState.NOT_ENDORSED):
        return ""
    labels = {str(DONE["refuse"]), str(DONE["not_endorse"])}
    entry = next((one for one in told if one.label in labels), None)
    if entry is None:
        return ""
    reason = _("Reason: %(reason)s") % {"reason": entry.detail} if entry.detail else ""
    return "\n".join(part for part in (reason, entry.note) if part)


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
    changes = [change for change in _changes(application, talks) if change.verb not in SILENT]
    again = _sent_again(changes)
    return [
        head,
        *(
            _entry(
                change,
                application,
                talks,
                candidate=candidate,
                company=company,
                detail=again.get(change.pk, ""),
            )
            for change in changes
        ),
    ]


def _sent_again(changes: Sequence[Change]) -> dict[int, str]:
    """For each sending but the first (change key), what is different in it."""
    found, before = {}, None
    for change in reversed(changes):
        if change.verb in ("submit", "submit_open"):
            sent = change.data.get("sent", {})
            if before is not None:
                found[change.pk] = difference(before, sent)
            before = sent
    return found


def _changes(application: Application, talks: dict[int, Interview]) -> Any:
    if not talks:
        return changes_of(application)
    kinds = ContentType.objects.get_for_models(Application, Interview)
    about = Q(content_type=kinds[Application], object_id=application.pk)
    about |= Q(content_type=kinds[Interview], object_id__in=list(talks))
    return Change.objects.filter(about).order_by("-at", "-pk")


def _entry(
    change: Change,
    application: Application,
    talks: dict[int, Interview],
    *,
    candidate: bool,
    company: bool,
    detail: str = "",
) -> Entry:
    readable = company or change.verb not in COMPANY_NOTES
    if candidate and change.verb in STAFF_NOTES:
        readable = False
    if late := change.data.get("late"):
        by_code = _("After the deadline, %(code)s") % {"code": _by_code(late)}
        detail = f"{by_code}. {detail}" if detail else by_code
    if change.verb == "enter_by_code":
        detail = _by_code(change.data)
    if change.verb == "refuse" and application.state == "refused":
        detail = application.get_refusal_code_display()
    if change.verb == "hold" and company and change.object_id in talks:
        detail = talks[change.object_id].get_recommendation_display()
    return entry_of(change, DONE, APPLICATION, INTERVIEW, readable=readable, detail=detail)


def _by_code(data: dict[str, Any]) -> str:
    words = {"code": data["code"], "who": data["made_by"]}
    return _("access code …%(code)s, made by: %(who)s") % words


# The practice -----------------------------------------------------------------------------------------
PLACEMENT_DONE = {
    **PLACEMENT.told,
    "open": gettext_lazy("Offer accepted: the practice is being prepared"),
    "extend": gettext_lazy("The last day was moved"),
    "change_mentor": gettext_lazy("Mentor named"),
    "change_supervisor": gettext_lazy("University supervisor named"),
    "change_unit": gettext_lazy("Moved to another unit"),
    "clear": gettext_lazy("Safety admission recorded"),
    "particulars": gettext_lazy("Particulars written by the student"),
    "clear_again": gettext_lazy("Safety admission corrected"),
    "diary_confirmed": gettext_lazy("Days of the diary confirmed"),
    "diary_returned": gettext_lazy("Days of the diary returned"),
    "diary_reopened": gettext_lazy("Confirmation of days taken back"),
    "diary_paper": gettext_lazy("Days entered from a signed paper"),
    "absence_report": gettext_lazy("Absence reported"),
    "absence_excuse": gettext_lazy("Absence excused"),
    "absence_not_excuse": gettext_lazy("Absence not excused"),
    "absence_make_up": gettext_lazy("Absence made up"),
    "absence_reopen": gettext_lazy("Absence open again"),
    "link_made": gettext_lazy("Link made for the mentor"),
    "link_sent": gettext_lazy("Link mailed to the mentor"),
    "link_renewed": gettext_lazy("New link for the mentor; the old one is closed"),
    "link_revoked": gettext_lazy("The mentor's link was revoked"),
    "hire": gettext_lazy("Hired by the company"),
    "ask_pool": gettext_lazy("Invited to the talent pool"),
    "no_employment": gettext_lazy("Not employed after the practice"),
    "agree_to_pool": gettext_lazy("Agreed to the talent pool"),
    "leave_pool": gettext_lazy("Not in the talent pool"),
    "pause_pool": gettext_lazy("Paused in the talent pool for army service"),
}


def _of_placement(kind: int, key: int, report: int) -> Any:
    """What happened to a placement and to its report: two looks into one index."""
    written = Report.objects.filter(placement_id=key).order_by().values("pk")[:1]
    return Change.objects.filter(
        Q(content_type_id=kind, object_id=key) | Q(content_type_id=report, object_id=written)
    )


_OF_PLACEMENT = Prepared(_of_placement)


def history_of_placement(placement: Placement, *, company: bool = False) -> list[Entry]:
    """The changes of the placement and of its report, newest first, headed by how it stands now.

    Concerns are not among them: a concern goes past the mentor, who reads this too. What the university
    writes to the student about the report is not for the company, the mentor among it.
    """
    kind, report = (ContentType.objects.get_for_model(model).pk for model in (Placement, Report))
    told = [
        entry_of(row, {}, REPORT, readable=not company)
        if row.content_type_id == report
        else _placement_entry(row, placement)
        for row in _OF_PLACEMENT(kind, placement.pk, report)
    ]
    head = Entry(str(placement.get_state_display()), placement.state_since, now=True)
    return [head, *told]


def _placement_entry(row: Change, placement: Placement) -> Entry:
    """What the mentor did behind the link says so; a student without an account is behind none of those."""
    entry = entry_of(row, PLACEMENT_DONE, PLACEMENT, detail=_detail(row))
    if row.actor_kind != ActorKind.LINK or row.person_id == placement.person_id:
        return entry
    return replace(entry, who=_("%(person)s, by the mentor's link") % {"person": row.actor_name})


CONCERN_DONE = {
    **CONCERN.told,
    "raise": gettext_lazy("Raised by the student"),
}


PROGRAMME_DONE = {
    **PROGRAMME.told,
    "create": gettext_lazy("Programme made"),
    "edit": gettext_lazy("Programme changed"),
    "add_position": gettext_lazy("Place added"),
    "edit_position": gettext_lazy("Place changed"),
    "add_rule": gettext_lazy("Rule of eligibility added"),
    "edit_rule": gettext_lazy("Rule of eligibility changed"),
    "remove_rule": gettext_lazy("Rule of eligibility taken out"),
    "make_code": gettext_lazy("Access code made"),
    "revoke_code": gettext_lazy("Access code taken back"),
    "add_question": gettext_lazy("Question added"),
    "edit_question": gettext_lazy("Question changed"),
    "remove_question": gettext_lazy("Question taken out"),
    "extend": gettext_lazy("Deadline extended"),
    "suggest_agreements": gettext_lazy("Agreements of the universities suggested"),
    "settle_agreement": gettext_lazy("Agreement of a university chosen"),
    "remove_partner": gettext_lazy("University taken out"),
}
INTERVIEW_DONE = {**DONE, "schedule": gettext_lazy("Interview set")}
# For other pages: model -> verb -> words (`workflow.words`).
TOLD: dict[str, dict[str, Any]] = {
    "programme": PROGRAMME_DONE,
    "application": DONE,
    "interview": INTERVIEW_DONE,
    "placement": PLACEMENT_DONE,
    "concern": CONCERN_DONE,
}


def history_of_concern(concern: Concern) -> list[Entry]:
    """Everything that happened to a concern, for whoever may see it."""
    rows = changes_of(concern)
    head = Entry(str(concern.get_state_display()), concern.state_since, now=True)
    return [head, *(entry_of(row, CONCERN_DONE, CONCERN) for row in rows)]


def _detail(change: Change) -> str:
    if change.verb == "extend":
        return day_in_words(date.fromisoformat(change.data["to"]))
    if change.verb in ("change_mentor", "change_supervisor"):
        return str(change.data["name"])
    if change.verb == "change_unit":
        return str(change.data["to"])
    if change.verb.startswith("diary_"):
        return _days(change.data)
    if change.verb.startswith("absence_"):
        return day_in_words(date.fromisoformat(change.data["day"]))
    if change.verb in ("clear", "clear_again"):
        return ", ".join(str(ClearanceKind(kind).label) for kind in change.data["kinds"])
    return ""


def _days(data: dict[str, Any]) -> str:
    """3 days, 15 June – 17 June."""
    days = int(data["days"])
    first, last = (day_in_words(date.fromisoformat(data[name])) for name in ("first", "last"))
    count = ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    return f"{count}, {first}" if first == last else f"{count}, {first} – {last}"
