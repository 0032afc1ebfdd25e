"""What the company decides: the desk with one application after the other, and each decision by itself."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from internships import actions, eligibility, reports, rules
from internships.enums import ApplicationState as A
from internships.forms.acts import ReasonForm
from internships.forms.deciding import (
    AssessForm,
    OfferForm,
    RefuseForm,
    WaitlistForm,
    place_label,
    take_errors,
)
from internships.history import DONE, history_of
from internships.models import Application, Choice, Programme
from internships.moves import move_of
from internships.views.commission import commission_of
from internships.views.desk_forms import assess_fields, named, offer_fields, own_of, refuse_fields
from internships.views.parts import answers_told
from internships.whole_application import marks_of, skills_of, whole_application
from internships.workflow import APPLICATION
from partnerships.common.access import access
from partnerships.common.addresses import addresses, is_ours
from partnerships.common.markup import markup
from partnerships.common.prepared import Prepared
from partnerships.common.refusals import Blocked, IllegalTransition, Refused, StaleState
from partnerships.common.templatetags.figures import baku, baku_short, until
from partnerships.common.text import key_of
from partnerships.directory.access import access_of
from partnerships.directory.door import key_seen
from partnerships.directory.enums import Role
from partnerships.workflow.engine import not_due
from partnerships.workflow.models import Change

VERBS: dict[str, Callable[..., Any]] = {
    "offer": actions.offer,
    "waitlist": actions.waitlist,
    "refuse": actions.refuse,
    "revoke": actions.revoke,
    "reconsider": actions.reconsider,
}


def form_of(verb: str, application: Application, data: Any = None) -> forms.Form:
    """The form that a decision is given with; several of them stand on the desk, so their ids differ."""
    form: forms.Form
    if verb == "offer":
        form = OfferForm(data, application=application)
    elif verb == "waitlist":
        form = WaitlistForm(data)
    else:
        form = RefuseForm(data) if verb == "refuse" else ReasonForm(data)
    return named(form, verb)


# The desk ------------------------------------------------------------------------------------------


def desk_url(programme: Programme | None, application: Any = None, done: Any = None) -> str:
    query = {
        "programme": programme.slug if programme else "",
        "application": str(application or ""),
        "done": str(done or ""),
    }
    given = {name: value for name, value in query.items() if value}
    return f"{reverse('internships:decide')}?{urlencode(given)}" if given else reverse("internships:decide")


def _programme(request: HttpRequest, slug: str) -> Programme | None:
    if not access_of(request.user).has(Role.HR):
        raise Refused(_("Only human resources of a company decide on applications."))
    return get_object_or_404(reports.own_programmes(request.user), slug=slug) if slug else None


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error


@require_safe
@login_required
def decide(request: HttpRequest) -> HttpResponse:
    """The next application that waits for a decision, with all that a decision needs."""
    programme = _programme(request, request.GET.get("programme", ""))
    waiting = reports.queue(request.user, programme)
    wanted = _uid(request.GET.get("application", ""))
    done = _uid(request.GET.get("done", ""))
    last = reports.decidable(request.user).select_related("person").filter(uid=done).first() if done else None
    if wanted is None and not waiting:
        return render(request, "internships/decide.html", {"programme": programme, "last": last, "left": 0})
    # The first in the queue came through the door with it.
    key = key_seen(Application, wanted, request.user) if wanted else waiting[0]
    application = whole_application(key, lines=True)
    if not rules.decides_application(request.user, application):
        raise Http404
    return _desk(request, application, programme, waiting, last=last)


def _desk(
    request: HttpRequest,
    application: Application,
    programme: Programme | None,
    waiting: list[int],
    *,
    last: Application | None = None,
    bound: tuple[str, forms.Form] | None = None,
    assess: AssessForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The desk at one application; `bound` is the form that was refused, with what was typed."""
    before, after = neighbours(waiting, application.pk)
    assessments = marks_of(application)
    offered = {found.name: found for found in APPLICATION.available(application, request.user)}
    refused: dict[str, Any] = {} if bound is None else {bound[0]: bound[1]}
    if assess is not None:
        refused["assess"] = assess
    context = {
        "application": application,
        "programme": programme,
        "last": last,
        "left": len(waiting),
        "number": waiting.index(application.pk) + 1 if application.pk in waiting else None,
        "previous_url": desk_url(programme, before) if before else "",
        "next_url": desk_url(programme, after) if after else "",
        "next_uid": after or "",
        "desk_fields": _desk_fields(request, application, programme, after),
        "may": offered,
        "to": _addresses(application.uid),
        "fields": {
            "offer": offer_fields(application, refused.get("offer")) if "offer" in offered else "",
            "refuse": refuse_fields(refused.get("refuse")),
            "assess": assess_fields(own_of(assessments, request.user), assess),
        },
        "refused": refused,
        "assessments": assessments,
        "commission": commission_of(application, request.user)
        if getattr(application, "has_commission", False)
        else None,
        "skills": skills_of(application),
        **facts_of(application, request.user),
    }
    return render(request, "internships/decide.html", context, status=status)


def _addresses(uid: UUID) -> dict[str, str]:
    """Where the forms and buttons of the desk lead."""
    found = {verb: addresses("internships:decision", verb)(uid) for verb in VERBS}
    found["assess"] = addresses("internships:assess")(uid)
    found["invite"] = addresses("internships:interview_invite")(uid)
    return found


def _desk_fields(
    request: HttpRequest, application: Application, programme: Programme | None, after: Any
) -> SafeString:
    """What each form of the desk sends besides its own: four have it, so it is drawn once."""
    return markup(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="desk" value="1">'
        '<input type="hidden" name="seen" value="{}">'
        '<input type="hidden" name="next" value="{}">'
        '<input type="hidden" name="programme" value="{}">\n',
        get_token(request),
        application.version,
        after or "",
        programme.slug if programme else "",
    )


def neighbours(waiting: list[int], key: int) -> tuple[Any, Any]:
    """The uids of the ones before and after in the queue; from outside of it the first is next."""
    place = waiting.index(key) if key in waiting else -1
    before = waiting[place - 1] if place > 0 else None
    after = waiting[place + 1] if place + 1 < len(waiting) else None
    uids = _UIDS(before or 0, after or 0) if before or after else []
    known = {row.pk: row.uid for row in uids}
    return known.get(before), known.get(after)  # type: ignore[arg-type]


_UIDS = Prepared(
    lambda one, other: Application.objects.filter(Q(pk=one) | Q(pk=other)).only("uid").order_by()
)


def facts_of(application: Application, user: Any) -> dict[str, Any]:
    """What the company knows of an application: rules, places with seats, scores, talks, history."""
    move = move_of(application, user)
    choices = list(application.choices.all())
    lines = reports.lines_of(application)
    places, answers = [], eligibility.answers_of(application)
    for choice in choices:
        checked = eligibility.checks(choice.vacancy.position, application, own=False, answers=answers)
        line = lines.get(choice.vacancy.pool_id)
        places.append(
            {
                "choice": choice,
                "label": place_label(choice, application.university_id),
                "failed": [check for check in checked if not check.ok],
                "in_line": line.place if line else None,
                "line": line.length if line else 0,
            }
        )
    talks = list(application.interviews.all())
    return {
        "move": move,
        "move_detail": _("Answer promised by %(when)s · %(left)s")
        % {"when": baku(move.due), "left": until(move.due)}
        if move.due
        else move.detail,
        "places": places,
        "drift": eligibility.drift(application),
        "answers": answers_told(application),
        "talks": talks,
        "history": history_of(application, talks, candidate=False, company=True),
    }


def assess_form(application: Application, user: Any, data: Any) -> AssessForm:
    """The form of this colleague's own score, as it was sent."""
    own = own_of(application.assessments.filter(user=user), user)
    return AssessForm(data, instance=own, prefix="assess")


# One decision --------------------------------------------------------------------------------------


def overtaken(application: Application, request: HttpRequest) -> str:
    """What somebody else decided while this page was open; empty when nobody has."""
    seen = request.POST.get("seen") or request.GET.get("seen", "")
    if not seen.isdecimal() or key_of(seen) == application.version:
        return ""
    return told_by(application)


def told_by(application: Application) -> str:
    """Leyla Rəhimova has decided meanwhile: Offer sent (22 noy, 11:20)."""
    change = Change.objects.of(application).first()
    words = {
        "who": (change.who if change else "") or _("The portal"),
        "name": application.person.name,
        "state": A(application.state).label,
        "when": baku_short(change.at) if change else "",
    }
    return _("%(name)s: decided meanwhile by %(who)s, %(when)s. It stands now: %(state)s.") % words


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decision(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """One verb of the company on one application; from the desk, the next application follows."""
    if verb not in VERBS:
        raise Http404
    # What is decided is read afresh under its lock; only a page shows the places with their seats.
    posted = request.method == "POST"
    parties = Application.objects.select_related("person", "programme__host")
    rows = parties if posted else Application.objects.with_choices()
    application = access(rows, uid, request.user, APPLICATION.may(verb))
    at_desk = "desk" in request.POST
    if not posted:
        if words := overtaken(application, request):
            messages.warning(request, words)
            return redirect(_back(request, application))
        return _verb_page(request, application, verb, form_of(verb, application))
    programme = _programme(request, request.POST.get("programme", "")) if at_desk else None
    if words := overtaken(application, request):
        _keep_typed(request, application, words)
        messages.warning(request, words)
        return redirect(_onwards(request, application, programme, at_desk))
    form = form_of(verb, application, request.POST)
    if form.is_valid():
        try:
            VERBS[verb](application, actor=request.user, **form.values())  # type: ignore[attr-defined]
        except (IllegalTransition, StaleState):
            application = Application.objects.with_parties().get(pk=application.pk)
            _keep_typed(request, application, words := told_by(application))
            messages.warning(request, words)
            return redirect(_onwards(request, application, programme, at_desk))
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        else:
            said = {"name": application.person.name, "done": DONE[verb]}
            messages.success(request, _("%(done)s: %(name)s") % said)
            return redirect(_onwards(request, application, programme, at_desk))
    return _asked_again(request, application, programme, verb, form)


def _keep_typed(request: HttpRequest, application: Application, words: str) -> None:
    """Raises IllegalTransition, whose page shows it to be copied, where a text was written."""
    if request.POST.get("note", "").strip():
        raise IllegalTransition(words, application)


def _asked_again(
    request: HttpRequest, application: Application, programme: Programme | None, verb: str, form: forms.Form
) -> HttpResponse:
    """The form that was refused, with what was typed and the places as they are by now."""
    if "desk" in request.POST:
        application = whole_application(application.pk, lines=True)
    elif isinstance(form, OfferForm):
        places = Choice.objects.select_related("vacancy__position", "vacancy__period", "vacancy__pool")
        prefetch_related_objects([application], Prefetch("choices", places), "choices__vacancy__pool__quotas")
    if isinstance(form, OfferForm):
        form.show(application)
    if "desk" in request.POST:
        waiting = reports.queue(request.user, programme)
        return _desk(request, application, programme, waiting, bound=(verb, form), status=422)
    return _verb_page(request, application, verb, form, status=422)


def _onwards(
    request: HttpRequest, application: Application, programme: Programme | None, at_desk: bool
) -> str:
    if not at_desk:
        return _back(request, application)
    following = request.POST.get("next", "")
    waiting = reports.queue(request.user, programme)
    uid = _uid(following)
    follows = uid is not None and Application.objects.filter(uid=uid, pk__in=waiting).exists()
    return desk_url(programme, uid if follows else None, application.uid)


def _back(request: HttpRequest, application: Application) -> str:
    """The page that led here, such as the board, else the application's."""
    wanted = request.POST.get("back") or request.GET.get("back", "")
    return wanted if is_ours(wanted) else application.get_absolute_url()


def _verb_page(
    request: HttpRequest, application: Application, verb: str, form: forms.Form, status: int = 200
) -> HttpResponse:
    refusal: Any = None
    if not form.errors:  # a form that was refused says why itself
        offered = APPLICATION.available(application, request.user)
        found = next((one for one in offered if one.name == verb), None)
        refusal = found.refusal if found else not_due(A(application.state).label)
    context = {
        "application": application,
        "back": _back(request, application),
        "verb": APPLICATION[verb],
        "form": form,
        "refusal": refusal,
    }
    return render(request, "internships/decide_verb.html", context, status=status)


@require_POST
@login_required
def assess(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep one's own score and note; the other colleagues' stay as they are."""
    application = access(Application.objects.with_parties(), uid, request.user, rules.may_score)
    form = assess_form(application, request.user, request.POST)
    at_desk = "desk" in request.POST
    programme = _programme(request, request.POST.get("programme", "")) if at_desk else None
    if form.is_valid():
        try:
            values = form.cleaned_data
            actions.assess(application, actor=request.user, score=values["score"], note=values["note"])
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Score kept: %(name)s") % {"name": application.person.name})
            return redirect(
                desk_url(programme, application.uid) if at_desk else application.get_absolute_url()
            )
    if at_desk:
        waiting = reports.queue(request.user, programme)
        return _desk(
            request,
            whole_application(application.pk, lines=True),
            programme,
            waiting,
            assess=form,
            status=422,
        )
    context = {"application": application, "form": form}
    return render(request, "internships/decide_assess.html", context, status=422)
