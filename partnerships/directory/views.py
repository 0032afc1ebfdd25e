"""Pages of the directory that belong to everybody: one's profile, one's university, the partners."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partnerships.common.access import access
from partnerships.common.addresses import asked_next
from partnerships.common.capped import capped_count
from partnerships.common.origins import noted_about
from partnerships.common.pages import attempt, form_page, status_of
from partnerships.common.paging import keyset
from partnerships.common.refusals import Blocked, Refused, StaleState, WorkflowError
from partnerships.common.tables import drawn
from partnerships.common.text import key_of
from partnerships.directory import actions, reports, reports_doubles, rules
from partnerships.directory import views_partner_rows as partner_rows
from partnerships.directory.access import access_of
from partnerships.directory.door import own_person
from partnerships.directory.enums import MEETING_ROLES, AffiliationState, Ending, Kind, Role
from partnerships.directory.forms import CodeForm, CorrectionForm, PersonForm, SkillForm, StudyForm
from partnerships.directory.maps import Place, atlas
from partnerships.directory.models import Affiliation, Organization, Person, Skill, Study
from partnerships.directory.workflow import AFFILIATION


def _own_affiliations(person: Person) -> list[Affiliation]:
    rows = person.affiliations.exclude(state=AffiliationState.REFUSED, ends=None)
    return list(
        rows.select_related("organization__root", "study__specialty", "verified_by").order_by("-starts", "pk")
    )


def _profile(request: HttpRequest, person: Person, form: PersonForm, skill_form: SkillForm) -> HttpResponse:
    rows = _own_affiliations(person)
    context = {
        "person": person,
        "form": form,
        "skill_form": skill_form,
        "skills": person.skills.all(),
        "words": Skill.objects.all(),
        "affiliations": [(row, AFFILIATION.available(row, request.user)) for row in rows],
    }
    status = form.status if form.is_bound else 422 if skill_form.is_bound else 200
    return render(request, "directory/profile.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = own_person(request)
    form = PersonForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_person(
                person, actor=request.user, version=form.cleaned_data["version"], **form.changes()
            )
        except StaleState as error:
            form = PersonForm(request.POST, instance=error.obj)
            form.is_valid()
        else:
            messages.success(request, _("Saved."))
            return redirect(asked_next(request, reverse("profile")))
    return _profile(request, person, form, SkillForm())


@login_required
@require_POST
def profile_skill(request: HttpRequest) -> HttpResponse:
    """Adds the typed word, or removes the one whose button was pressed."""
    person = own_person(request)
    if remove := request.POST.get("remove"):
        skill = get_object_or_404(Skill, pk=key_of(remove))
        actions.remove_skill(person, skill, actor=request.user)
        return redirect(reverse("profile") + "#skills")
    form = SkillForm(request.POST)
    if form.is_valid():
        actions.add_skill(person, form.cleaned_data["name"], actor=request.user)
        return redirect(reverse("profile") + "#skills")
    return _profile(request, person, PersonForm(instance=person), form)


# One's university -----------------------------------------------------------------------------------
def _chosen(request: HttpRequest, present: Affiliation | None) -> Organization | None:
    """The organisation that the address names, else the one suggested or asked for before."""
    slug = request.POST.get("organization") or request.GET.get("organization")
    if slug:
        return get_object_or_404(
            Organization.objects.filter(
                parent=None, is_active=True, kind__in=[Kind.UNIVERSITY, Kind.COMPANY]
            ).select_related("root"),
            slug=slug,
        )
    if present is None or request.GET.get("change"):
        return None
    return present.organization.root


@login_required
@require_http_methods(["GET", "POST"])
def profile_study(request: HttpRequest) -> HttpResponse:
    """Where one belongs and what one studies: suggested, searched for, or by invitation; one screen."""
    person = own_person(request)
    rows = _own_affiliations(person)
    confirmed = next((row for row in rows if row.role == Role.STUDENT and row.is_current), None)
    if confirmed is not None and not request.GET.get("more") and request.method == "GET":
        return _confirmed(request, confirmed)
    present = next(
        (row for row in rows if row.state in {AffiliationState.SUGGESTED, AffiliationState.REQUESTED}), None
    )
    chosen = _chosen(request, present)
    study = Study.objects.filter(affiliation=present).first() if present else None
    form = StudyForm(request.POST or None, instance=study, organization=chosen)
    if request.method == "POST" and form.is_valid():
        answer = _belong(request, person, form, chosen)
        if answer is not None:
            return answer
    query = request.GET.get("q", "")
    context = {
        "person": person,
        "form": form,
        "chosen": chosen,
        "suggested": bool(
            present and chosen == present.organization.root and present.state == AffiliationState.SUGGESTED
        ),
        "present": present,
        "query": query,
        "found": reports.find_organizations(query),
        "next": asked_next(request, ""),
    }
    template = "directory/profile_study.html"
    if request.headers.get("HX-Target") == "found":
        template += "#found"
    return render(request, template, context, status=422 if form.errors else 200)


def _belong(
    request: HttpRequest, person: Person, form: StudyForm, chosen: Organization | None
) -> HttpResponse | None:
    """Redeem the code or ask for confirmation; None when the form has to be shown again with the reason."""
    code = form.cleaned_data["code"]
    study = form.study() if form.is_student else None
    try:
        if code:
            row = actions.redeem_invitation(code, person, actor=request.user, study=study)
        elif chosen is None:
            form.add_error(None, _("Choose your university or company first, or type an invitation code."))
            return None
        else:
            row = actions.request_affiliation(
                person,
                form.cleaned_data["unit"] or chosen,
                actor=request.user,
                role=form.cleaned_data["role"],
                study=study,
                note=form.cleaned_data["note"],
            )
    except (WorkflowError, Refused) as error:
        form.add_error("code" if code else None, str(error))
        return None
    if row.state == AffiliationState.VERIFIED:
        messages.success(request, _confirmed_words(row))
    else:
        messages.success(
            request,
            _("Sent for confirmation: %(organization)s.") % {"organization": row.organization.display_name},
        )
    return redirect(asked_next(request, reverse("profile")))


def _confirmed_words(row: Affiliation) -> str:
    return _("Confirmed: %(organization)s.") % {"organization": row.organization.display_name}


def _redeemed(person: Person, user: Any, code: str) -> Affiliation:
    try:
        return actions.redeem_invitation(code, person, actor=user)
    except Blocked as error:
        raise ValidationError({"code": str(error.reason)}) from error


@login_required
@require_http_methods(["GET", "POST"])
def profile_code(request: HttpRequest) -> HttpResponse:
    """For who was invited: one field."""
    return form_page(
        request,
        CodeForm(request.POST or None),
        partial(_redeemed, own_person(request), request.user),
        heading=_("Invitation code"),
        intro=_("The code says which organisation you belong to, and you are confirmed at once."),
        back=reverse("profile"),
        to=reverse("home"),
        done=_confirmed_words,
        submit=pgettext("joining", "Enter the code"),
    )


def _confirmed(request: HttpRequest, affiliation: Affiliation, ask: Any = None) -> HttpResponse:
    """What the university has confirmed is corrected by the university."""
    ask = ask or CorrectionForm()
    context = {
        "ask": ask,
        "affiliation": affiliation,
        "study": Study.objects.filter(affiliation=affiliation).select_related("specialty").first(),
        "keepers": reports.keepers_of(affiliation)[:3],
        "next": asked_next(request, ""),
    }
    return render(request, "directory/profile_confirmed.html", context, status=status_of(ask))


@login_required
@require_POST
def profile_study_ask(request: HttpRequest, uid: Any) -> HttpResponse:
    """Ask the coordinator to correct what is confirmed; what cannot be sent stays in the form."""
    affiliation = access(Affiliation.objects.select_related("organization__root"), uid, request.user)
    ask = CorrectionForm(request.POST)
    if ask.is_valid():
        attempt(ask, partial(actions.ask_study_change, affiliation, actor=request.user))
    if ask.errors:
        return _confirmed(request, affiliation, ask)
    messages.success(request, _("Your coordinator has been told."))
    return redirect("profile_study")


# Partners ---------------------------------------------------------------------------------------------
@require_GET
def partners(request: HttpRequest) -> HttpResponse:
    query, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    place = Place.read(request.GET.get("place", ""))
    rows = reports.partner_rows(query, kind, place)
    page = keyset(partner_rows.with_columns(rows), request.GET, order=("sort_key", "pk"), size=60)
    count, more = capped_count(rows)
    columns = partner_rows.columns()
    context = {"page": page, "query": query, "kind": kind, "kinds": _kinds(), "place": place}
    context |= {"count": count, "more": more}
    context["operates"] = access_of(request.user).operates
    context["brings"] = rules.manages_organizations(request.user, None)
    drawing = {"columns": columns, "body": drawn(page, columns)}
    return render(request, "directory/partners.html", {**context, **drawing})


def _kinds() -> list[tuple[str, Any]]:
    return [(choice.value, choice.label) for choice in (Kind.UNIVERSITY, Kind.COMPANY, Kind.PARTNER)]


@require_GET
def partners_map(request: HttpRequest) -> HttpResponse:
    """Where the partners are; each place leads to its list."""
    kind = request.GET.get("kind", "")
    kept = {"kind": kind} if kind in dict(_kinds()) else {}
    to = reverse("partners")
    found = atlas(
        reports.partners_by_place(kind), lambda place: f"{to}?{urlencode({**kept, 'place': place.key})}"
    )
    context = {"atlas": found, "kind": kind, "kinds": _kinds()}
    return render(request, "directory/partners_map.html", context)


@require_GET
def partner_detail(request: HttpRequest, slug: str) -> HttpResponse:
    root = Organization.objects.partners().filter(slug=slug).first()
    if root is None:
        return _ended(request, slug)
    context = {
        "operates": access_of(request.user).operates,
        "organization": root,
        "branches": reports.tree(root),
        "facts": reports.partner_facts(root),
        "keeps": access_of(request.user).covers(root.path, Role.COORDINATOR, Role.HR, Role.ADMINISTRATOR),
        "draws": rules.manages_organizations(request.user, root),
        "notes": access_of(request.user).has(*MEETING_ROLES),
        "noted": noted_about(request.user, root),
    }
    return render(request, "directory/partner_detail.html", context)


def _ended(request: HttpRequest, slug: str) -> HttpResponse:
    """A partner that is no more says so and who goes on; a double leads to the record that stayed."""
    ended = reports_doubles.succession_of(slug)
    if ended is None or not ended.organization.is_partner:
        raise Http404
    successor = reports_doubles.living_successor(ended)
    if ended.how == Ending.DUPLICATE:
        if successor is None or not successor.has_page:
            raise Http404
        return redirect(successor, permanent=True)
    operates = access_of(request.user).operates
    context = {"organization": ended.organization, "ended": ended, "successor": successor}
    return render(request, "directory/partner_ended.html", {**context, "operates": operates})
