"""The verbs of a practice: what each asks first, and the action it calls."""

from django.utils.translation import gettext_lazy as _

from internships import actions
from internships.forms import placing as forms
from internships.forms.acts import ReasonToAllForm
from internships.views.acts import Act

ACTS: dict[str, Act] = {
    "begin": Act(
        lambda it, user, _v: actions.begin(it, actor=user),
        _("The practice has begun."),
        intro=_("From now on days of the diary count."),
        at_once=True,
    ),
    "suspend": Act(
        lambda it, user, v: actions.suspend(it, actor=user, **v),
        _("The practice is interrupted."),
        ReasonToAllForm,
        _("No day counts until it is taken up again. The last day stays as it is."),
    ),
    "resume": Act(
        lambda it, user, _v: actions.resume_placement(it, actor=user),
        _("The practice goes on."),
        intro=_("Days count again from today. The last day stays as it is."),
        at_once=True,
    ),
    "finish": Act(
        lambda it, user, _v: actions.finish(it, actor=user),
        _("The practice is over: evaluation, report and mark follow."),
        intro=_("The mentor's evaluation, the report and the final mark come next."),
        at_once=True,
    ),
    "end_early": Act(
        lambda it, user, v: actions.end_early(it, actor=user, **v),
        _("The practice is ended early; everybody is told."),
        forms.EndEarlyForm,
        _("Student, mentor and university are told with your reason."),
    ),
    "cancel": Act(
        lambda it, user, v: actions.cancel_placement(it, actor=user, **v),
        _("The practice is cancelled and the seat given back."),
        ReasonToAllForm,
        _("The seat goes to the next in line while the programme has not begun."),
    ),
    "reinstate": Act(
        lambda it, user, v: actions.reinstate(it, actor=user, **v),
        _("The early end is undone."),
        ReasonToAllForm,
        _("The practice goes on as if it had not been ended; everybody is told."),
    ),
}

# The one primary button is the first of these that can be pressed.
PRIMARY = ("begin", "resume", "finish", "assess", "reinstate")
