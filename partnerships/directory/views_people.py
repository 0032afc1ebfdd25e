"""Pages of who looks after people: the list, one person, decisions, invitation codes."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partnerships.common.access import access
from partnerships.common.addresses import asked_next
from partnerships.common.pages import attempt, status_of
from partnerships.common.paging import keyset, page_links
from partnerships.common.refusals import Refused, StaleState
from partnerships.common.tables import drawn
from partnerships.directory import actions, reports, rules
from partnerships.directory.access import access_of
from partnerships.directory.forms import DecideForm, InvitationForm, StudyEditForm
from partnerships.directory.models import KEEPERS, Affiliation, Person
from partnerships.directory.people_list import listed
from partnerships.directory.person_page import affiliations_of, changes_of, person_of, standing_in
from partnerships.directory.views_people_rows import columns
from partnerships.directory.workflow import AFFILIATION


def _keepers_only(request: HttpRequest) -> None:
    if not reports.is_keeper(request.user):
        raise Refused(_("This page is for those who look after people of a university or company."))


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Whom one looks after: waiting first, then everybody by name."""
    _keepers_only(request)
    state = request.GET.get("state", "")
    found, bulk = listed(request.user, request.GET), state == "waiting"
    context = {
        "page": found.page,
        "pages": page_links(request.GET, found.page),
        "body": drawn(found.page, columns(bulk=bulk)),
        "waiting": found.waiting,
        "waiting_body": drawn(found.waiting, columns(bulk=True)) if found.waiting else "",
        "pills": reports.pills(found.found, state),
        "query": request.GET.get("q", ""),
        "state": state,
        "narrowed": any(request.GET.get(name) for name in ("q", "state", "role")),
        "bulk": bulk,
        "lists_staff": access_of(request.user).has(*KEEPERS),
    }
    return render(request, "directory/people.html", context)


@login_required
@require_POST
def people_confirm(request: HttpRequest) -> HttpResponse:
    """Confirm all that were ticked; those that cannot be are named with the reason."""
    uids = [uid for uid in request.POST.getlist("uid") if _is_uid(uid)][:500]
    rows = Affiliation.objects.visible_to(request.user).filter(uid__in=uids)
    result = actions.confirm_many(rows, actor=request.user)
    done = len(result.done)
    if done:
        messages.success(
            request, ngettext("%(n)s person confirmed.", "%(n)s people confirmed.", done) % {"n": done}
        )
    for row, reason in result.refused[:10]:
        messages.warning(request, _("%(name)s: %(reason)s") % {"name": row.person.name, "reason": reason})
    if not done and not result.refused:
        messages.info(request, _("Nobody was ticked."))
    return redirect(asked_next(request, reverse("people")))


def _is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@login_required
@require_POST
def affiliation_decide(request: HttpRequest, uid: Any) -> HttpResponse:
    """One decision: confirm, refuse, take back, consider again, end, withdraw. What was typed and cannot be
    taken stands on a page of its own, to be corrected."""
    affiliation = access(
        Affiliation.objects.select_related("organization__root", "person"), uid, request.user
    )
    form, back = DecideForm(request.POST), asked_next(request, reverse("people"))
    if form.is_valid():
        attempt(form, partial(_decide, affiliation, request.user))
    if not form.errors:
        messages.success(request, _("Done: %(name)s.") % {"name": affiliation.person.name})
        return redirect(back)
    if form.typed and "verb" not in form.errors:
        verb = AFFILIATION[form.data["verb"]]
        for name, field in form.fields.items():
            field.required = name in verb.needs  # asked by the action; here the page says so
        context = {"form": form, "heading": verb.label, "subheading": affiliation.person.name}
        context |= {"back": back, "next": back, "submit": verb.label, "danger": verb.danger}
        return render(request, "act.html", context, status=status_of(form))
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(back)


def _decide(affiliation: Affiliation, actor: Any, verb: str, note: str = "", ends: Any = None) -> None:
    if verb == "confirm":
        actions.confirm_affiliation(affiliation, actor=actor, note=note)
    elif verb == "withdraw":
        actions.withdraw_affiliation(affiliation, actor=actor)
    elif verb == "end":
        actions.end_affiliation(affiliation, actor=actor, ends=ends or _today(), note=note)
    elif verb == "restore":
        actions.restore_affiliation(affiliation, actor=actor, note=note)
    else:
        actions.refuse_affiliation(affiliation, actor=actor, note=note)


def _today() -> Any:
    from partnerships.common.clock import today

    return today()


@login_required
@require_http_methods(["GET", "POST"])
def person_detail(request: HttpRequest, uid: Any) -> HttpResponse:
    """One person as those see them who look after them."""
    person = person_of(request.user, uid)
    rows = affiliations_of(request.user, person)
    gone = person.erased_at is not None  # nothing is left to decide about: roles ended with it
    studies = [] if gone else [row for row in rows if hasattr(row, "study")]
    decided = next((row for row in studies if rules.decides(request.user, row)), None)
    form = StudyEditForm(request.POST or None, instance=decided.study) if decided else None
    if request.method == "POST":
        if decided is None or form is None:
            raise Http404
        if form.is_valid():
            try:
                actions.update_study(decided, actor=request.user, **form.cleaned_data)
            except StaleState as error:
                form = StudyEditForm(request.POST, instance=error.obj)
                form.is_valid()
            else:
                messages.success(request, _("Saved."))
                return redirect("person_detail", uid=person.uid)
    affiliations = [(row, [] if gone else AFFILIATION.available(row, request.user)) for row in rows]
    for affiliation_id, deputies in standing_in(rows).items():
        next(row for row in rows if row.pk == affiliation_id).standing = deputies  # type: ignore[attr-defined]
    waiting = [(row, offers) for row, offers in affiliations if any(o.name == "confirm" for o in offers)]
    context = {
        "person": person,
        "affiliations": affiliations,
        "waiting": waiting,
        "moving": [row for row, _offers in waiting],
        "form": form,
        "history": _history(rows),
        "administers": access_of(request.user).administers,
    }
    return render(request, "directory/person_detail.html", context, status=form.status if form else 200)


@login_required
@require_POST
def address_again(request: HttpRequest, uid: Any) -> HttpResponse:
    """The mailbox is there again."""
    person = access(Person, uid, request.user)
    actions.try_address_again(person, actor=request.user)
    messages.success(request, _("Letters go to this address again."))
    return redirect(asked_next(request, reverse("profile")))


def _history(rows: list[Affiliation]) -> list[dict[str, Any]]:
    """What happened to these affiliations, newest first, as the timeline draws it."""
    words = {
        "suggest": _("Suggested by the e-mail address"),
        "request": _("Asked for confirmation"),
        "withdraw": _("Withdrawn"),
        "confirm": _("Confirmed"),
        "match": _("Confirmed by the university's list"),
        "redeem": _("Came by invitation"),
        "enlist": _("Listed by the university"),
        "refuse": _("Refused"),
        "revoke": _("Confirmation taken back"),
        "restore": _("Considered again"),
        "end": _("Ended"),
        "ask_change": _("Asked for a correction"),
        "give": _("Given by the administrator"),
        "amend": _("Corrected by the administrator"),
    }
    return [
        {"label": words.get(c.verb, c.verb), "at": c.at, "who": c.who, "note": c.note}
        for c in changes_of(rows, 50)
    ]


# Invitations --------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """The codes that one has given out, and a new one."""
    _keepers_only(request)
    nodes, roles = reports.invitable(request.user)
    form = InvitationForm(request.POST or None, organizations=nodes, roles=roles)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_invitation(actor=request.user, **form.cleaned_data)
        except Refused as error:
            form.add_error("role", str(error))
        else:
            messages.success(request, _("The code is ready: %(code)s") % {"code": made.code})
            return redirect("invitations")
    page = keyset(reports.invitations(request.user), request.GET, order=("-created", "-pk"), size=30)
    context = {"form": form, "page": page}
    return render(request, "directory/invitations.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def invitation_close(request: HttpRequest, uid: Any) -> HttpResponse:
    row = reports.invitations(request.user).filter(uid=uid).first()
    if row is None:
        raise Http404
    actions.close_invitation(row, actor=request.user)
    messages.success(request, _("The code %(code)s no longer works.") % {"code": row.code})
    return redirect("invitations")
