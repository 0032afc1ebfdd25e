"""What the engines below keep about people: work in the background, kept edits."""

from auditlog.models import LogEntry
from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Basis, Held, deletes
from partnerships.common.models import Job, JobState
from partnerships.privacy.models import RetentionRun

HELD = (
    Held(
        key="privacy.erasures",
        label=_("Requests for erasure"),
        model="privacy.Erasure",
        columns=("created", "due", "state"),
        linked=("privacy.Erasure.person",),
        history=False,
        public=False,
    ),
    Held(
        key="common.jobs",
        label=_("Work done for you in the background"),
        model="common.Job",
        columns=("created", "kind", "state", "finished"),
        linked=("common.Job.owner",),
        blank={"arguments": {}, "result": {}, "error": ""},
        history=False,
        public=False,
    ),
    Held(
        key="common.answers",
        label=_("Answers kept for your programs"),
        model="common.KeptAnswer",
        columns=("created", "status"),
        linked=("common.KeptAnswer.owner",),
        delete=True,
        history=False,
        public=False,
    ),
    Held(
        key="privacy.edits",
        label=_("Record of changes"),
        model="auditlog.LogEntry",
        columns=("timestamp", "content_type", "action", "remote_addr"),
        what=_("Who changed which personal or contractual record, before and after, from which address"),
        purpose=_("To find and mend mistakes and misuse"),
        basis=Basis.LAW,
        seen_by=_("The administrator and the person responsible for data protection"),
        until=_("Five years; after erasure without a name"),
        linked=("auditlog.LogEntry.actor",),
        blank={"actor_email": None, "remote_addr": None, "remote_port": None},
        history=False,
    ),
    Held(
        key="privacy.administration",
        label=_("What you did in the administration"),
        model="admin.LogEntry",
        columns=("action_time", "content_type", "action_flag"),
        linked=("admin.LogEntry.user",),
        delete=True,
        history=False,
        public=False,
    ),
)

RULES = (
    deletes(
        "common.jobs",
        _("Work in the background that is over"),
        90,
        lambda border: Job.objects.filter(state__in=(JobState.DONE, JobState.FAILED), finished__lt=border),
    ),
    deletes(
        "privacy.edits",
        _("Record of changes"),
        5 * 365,
        lambda border: LogEntry.objects.filter(timestamp__lt=border),
    ),
    deletes(
        "privacy.runs",
        _("Reports of this job"),
        3 * 365,
        lambda border: RetentionRun.objects.filter(started__lt=border),
    ),
)
