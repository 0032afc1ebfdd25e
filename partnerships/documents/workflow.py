"""The life of an import."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.models import JobState
from partnerships.common.refusals import Refusal
from partnerships.directory.access import is_system
from partnerships.documents import rules
from partnerships.documents.enums import ImportState as S
from partnerships.workflow.engine import Transition, Workflow


def nobody_at_work(run: Any, actor: Any) -> Refusal | None:
    """A worker that is at it is waited for; one that gave up may be followed by another."""
    if run.job is not None and run.job.state in (JobState.QUEUED, JobState.RUNNING):
        return Refusal(_now("This is being worked on. Wait until it is finished."), "at_work")
    return None


def has_good_rows(run: Any, actor: Any) -> Refusal | None:
    """There is something to write."""
    fates = run.summary.get("fates", {})
    if not fates.get("add") and not fates.get("change"):
        if not fates.get("refuse"):
            return Refusal(
                _now("Everything in this table is there already: nothing would be written."), "same"
            )
        return Refusal(
            _now("No row would be written. Mend the file by the errors shown and upload it again."), "no_rows"
        )
    return None


IMPORT = Workflow(
    "import",
    S,
    Transition(
        "preview",
        {S.UPLOADED, S.FAILED, S.PREVIEWED, S.PREVIEWING},
        S.PREVIEWING,
        rules.owns_import,
        _("Read again"),
        told=pgettext_lazy("import", "Read again"),
        conditions=(nobody_at_work,),
    ),
    Transition(
        "ask", {S.PREVIEWING}, S.ASKING, is_system, _("Ask for the columns"), told=_("Columns were asked for")
    ),
    Transition(
        "columns",
        {S.ASKING, S.PREVIEWED},
        S.PREVIEWING,
        rules.owns_import,
        _("Match the columns"),
        told=_("Columns matched"),
        conditions=(nobody_at_work,),
    ),
    Transition(
        "present", {S.PREVIEWING}, S.PREVIEWED, is_system, _("Show"), told=pgettext_lazy("import", "Shown")
    ),
    Transition(
        "confirm",
        {S.PREVIEWED, S.CONFIRMING},
        S.CONFIRMING,
        rules.owns_import,
        _("Confirm"),
        told=pgettext_lazy("import", "Confirmed"),
        conditions=(nobody_at_work, has_good_rows),
    ),
    Transition(
        "finish", {S.CONFIRMING}, S.DONE, is_system, _("Finish"), told=pgettext_lazy("import", "Finished")
    ),
    Transition(
        "fail",
        {S.PREVIEWING, S.CONFIRMING},
        S.FAILED,
        is_system,
        _("Give up"),
        told=pgettext_lazy("import", "Broken off"),
    ),
    Transition(
        "discard",
        {S.UPLOADED, S.ASKING, S.PREVIEWED, S.FAILED},
        S.DISCARDED,
        rules.may_discard,
        _("Discard"),
        told=pgettext_lazy("import", "Discarded"),
        conditions=(nobody_at_work,),
    ),
    initial=S.UPLOADED,
    terminal=(S.DONE, S.DISCARDED),
)
