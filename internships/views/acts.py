"""The verbs of an application: what each asks first, and the action it calls."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from internships import actions
from internships.forms import acts as forms
from internships.models import Application
from internships.views import deciding, interviews


@dataclass(frozen=True)
class Act:
    """A verb as a page does it.

    run     (object, user, values of the form) -> anything
    done    what is said afterwards; intro  what follows from the act, said before
    form    what it asks on a page of its own; at_once  it asks nothing and is done by one press
    """

    run: Callable[[Any, Any, dict[str, Any]], Any]
    done: Any
    form: type[forms.ActForm] = forms.PlainForm
    intro: Any = ""
    at_once: bool = False


def _nominate(application: Application, user: Any, values: dict[str, Any]) -> Any:
    order = actions.make_order(
        application.programme, application.university, number=values["number"], day=values["day"], actor=user
    )
    return actions.nominate(
        application.person,
        application.programme,
        [],
        order=order,
        actor=user,
        supervisor=values["supervisor"],
    )


# A verb that is in neither table has no button on the application's page: sending has a page of its own
# (check), and an interview is over when it is held, cancelled, or the candidate did not come.
ACTS: dict[str, Act] = {
    "withdraw": Act(
        lambda it, user, v: actions.withdraw(it, actor=user, **v),
        _("The application is withdrawn."),
        forms.NoteForm,
        _(
            "The application ends here; a seat or a place in line goes to the next. While applications are "
            "open you can take it up again."
        ),
    ),
    "resume": Act(
        lambda it, user, v: actions.resume(it, actor=user, **v),
        _("It is a draft again: finish it and send it."),
        intro=_("It becomes a draft again; what you wrote is kept."),
        at_once=True,
    ),
    "accept": Act(
        lambda it, user, v: actions.accept(it, actor=user, **v),
        _("The offer is accepted: the seat is yours."),
    ),
    "decline": Act(
        lambda it, user, v: actions.decline(it, actor=user, **v),
        _("The offer is declined."),
        forms.NoteForm,
        _("The seat goes to the next in line. This cannot be taken back by you."),
    ),
    "endorse": Act(
        lambda it, user, v: actions.endorse(it, actor=user, **v),
        _("Endorsed: the company sees the application from now on."),
        intro=_("Your university vouches for the student. The company sees the application and answers it."),
        at_once=True,
    ),
    "return": Act(
        lambda it, user, v: actions.return_to_student(it, actor=user, **v),
        _("Returned to the student with your reason."),
        forms.ReasonToStudentForm,
        _("The student changes what you ask for and sends it again, even after the deadline to apply."),
    ),
    "not_endorse": Act(
        lambda it, user, v: actions.not_endorse(it, actor=user, **v),
        _("Not endorsed; the student is told the reason."),
        forms.ReasonToStudentForm,
        _("The company will not see this application."),
    ),
    "reopen_endorsement": Act(
        lambda it, user, v: actions.reopen_endorsement(it, actor=user, **v),
        _("It waits for your endorsement again."),
        forms.ReasonToStudentForm,
        _("The application waits for you again, and you endorse it or return it."),
    ),
    "nominate": Act(
        _nominate,
        _("Nominated: the company sees the application from now on."),
        forms.NominateForm,
        _("The student is put forward by an order of the university."),
    ),
}

# The company decides on pages of its own, where its other candidates and free times are in view.
COMPANY: dict[str, Callable[..., HttpResponse]] = {
    "invite": interviews.invite,
    "offer": partial(deciding.decision, verb="offer"),
    "waitlist": partial(deciding.decision, verb="waitlist"),
    "refuse": partial(deciding.decision, verb="refuse"),
    "revoke": partial(deciding.decision, verb="revoke"),
    "reconsider": partial(deciding.decision, verb="reconsider"),
}
INTERVIEW_ACTS = frozenset({"hold", "no_show", "reschedule", "cancel"})

# The one primary button is the first of these that can be pressed.
PRIMARY = ("accept", "endorse", "offer", "invite", "nominate", "resume", "reopen_endorsement")


@dataclass(frozen=True)
class Button:
    """A verb as the page draws it: a link to what it asks, a button that does it, or blocked with why."""

    name: str
    label: str
    url: str
    asks: bool
    css: str
    why: str = ""


def buttons(
    offered: Any,
    names: Container[str],
    url: Callable[[str], str],
    *,
    primary: bool = True,
    first: Sequence[str] = PRIMARY,
    acts: dict[str, Act] = ACTS,
) -> list[Button]:
    """The verbs of `offered` (Workflow.available) that have a button here; the primary one first.

    A page has one primary button: what stands beside the strip asks for none (`primary=False`).
    """
    known = [item for item in offered if item.name in names]
    free = [item.name for item in known if item.refusal is None]
    main = next((name for name in first if primary and name in free), "")
    drawn = [
        Button(
            item.name,
            str(item.label),
            url(item.name),
            not (item.name in acts and acts[item.name].at_once),
            "btn-primary"
            if item.name == main
            else "btn-danger-quiet"
            if item.transition.danger
            else "btn-quiet",
            str(item.refusal.reason) if item.refusal else "",
        )
        for item in known
    ]
    return sorted(drawn, key=lambda button: button.css != "btn-primary")
