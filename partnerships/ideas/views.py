"""Noting an idea, the list, its page, its verbs."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common import lists, pages
from partnerships.common.access import access
from partnerships.common.lists import Button, ListPage, Pill, Within
from partnerships.common.markup import markup
from partnerships.common.refusals import Refused
from partnerships.common.sharing import sharing
from partnerships.common.tables import Column
from partnerships.common.templatetags.figures import baku_date
from partnerships.common.templatetags.ui import chip
from partnerships.directory.asked import asked
from partnerships.directory.models import Organization, Person
from partnerships.documents import import_views
from partnerships.ideas import actions, bringing, forms, results, rules
from partnerships.ideas.enums import IdeaState
from partnerships.ideas.models import Idea
from partnerships.ideas.workflow import IDEA
from partnerships.workflow.pages import Act, RecordPage, record_page

TOLD = {
    **IDEA.told,
    "note": gettext_lazy("Noted"),
    "change": gettext_lazy("Corrected"),
}
ACTS = {
    "step": Act(actions.step, gettext_lazy("Noted."), form=forms.StepForm),
    "become": Act(
        actions.become, gettext_lazy("The idea is linked with what it has become."), form=forms.BecomeForm
    ),
    "drop": Act(actions.drop, gettext_lazy("Dropped.")),
    "reopen": Act(actions.reopen, gettext_lazy("Taken up again."), form=forms.ReopenForm),
}
KINDS: dict[str, str] = {IdeaState.OPEN: "on", IdeaState.BECAME: "good"}


def _until(row: Idea) -> Any:
    return row.next_on if row.state == IdeaState.OPEN else None


def _marked(row: Idea) -> Any:
    """The day in red once it has gone by."""
    if row.is_late:
        return markup('<b class="num nowrap text-danger">{}</b>', baku_date(row.next_on))
    return _until(row)


def _state() -> Callable[[Idea], Any]:
    late = chip(_("Late"), "bad")
    chips = {state.value: chip(state.label, KINDS.get(state, "")) for state in IdeaState}
    return lambda row: late if row.is_late else chips[row.state]


# What the page draws of a row, and no more.
SHOWN = (
    *("uid", "state", "title", "next_step", "next_on"),
    *(f"owner__{name}" for name in Person.SHOWN),
    *(f"partner__{name}" for name in Organization.SHOWN),
)


def _columns() -> list[Column]:
    return [
        Column(_("Idea"), lambda row: row.title, width=60),
        Column(_("Partner"), lambda row: str(row.partner or ""), width=40, only="table"),
        Column(_("Next step"), lambda row: row.next_step if _until(row) else "", width=50),
        Column(_("To be done by"), _until, _marked, width=12),
        Column(_("Looked after by"), lambda row: row.owner.name, width=26),
        Column(_("Noted by"), lambda row: row.noted_by.name, width=26, only="table"),
        Column(_("Day"), lambda row: row.said_on, width=12, only="table"),
        Column(_("State"), lambda row: row.get_state_display(), _state()),
    ]


ABOVE = ((gettext_lazy("Cooperation ideas"), "ideas:list"),)


def _buttons(user: Any) -> list[Button]:
    if not rules.notes_ideas(user):
        return []
    return [Button(_("Import ideas"), reverse("ideas:import"), "upload")]


IDEAS = ListPage(
    title=gettext_lazy("Cooperation ideas"),
    about=gettext_lazy("Noted at a meeting or visit, looked after until something comes of them."),
    rows=Idea.objects.visible_to,
    keep=asked,
    fill=lambda rows: sharing(rows).select_related("owner", "partner").only(*SHOWN),
    table=lambda rows: rows.with_rows(),
    address="ideas:idea",
    columns=_columns,
    under=lambda row: row.partner and row.partner.display_name,
    counted=lambda n: ngettext("%(count)s idea", "%(count)s ideas", n),
    empty=(
        gettext_lazy("No ideas noted yet"),
        gettext_lazy(
            "What was said at a meeting is forgotten in a week. One line, who looks after it and the next "
            "step are enough."
        ),
    ),
    icon="lightbulb",
    pills=(
        Pill(
            "mine",
            gettext_lazy("Mine to move"),
            lambda rows, user: rows.open().looked_after_by(user),
        ),
        Pill("late", gettext_lazy("Late"), lambda rows, _user: rows.late()),
        *lists.state_pills(IdeaState),
    ),
    within={
        "partner": Within(
            lambda slug: Organization.objects.filter(parent=None, slug=slug).first(),
            lambda rows, partner, _user: rows.filter(partner=partner),
        )
    },
    search=gettext_lazy("Search in ideas"),
    new=(gettext_lazy("Note an idea"), "ideas:note", rules.notes_ideas),
    buttons=_buttons,
    download="ideas.ideas",
)


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Ideas from a table, kept at one's organisation."""
    home = actions.home_of(request.user)
    if home is None:
        raise Refused(_("Ideas are noted by those who work for a partner."))
    return import_views.upload(request, kind=bringing.KIND, context={"organization": home.pk})


@login_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest) -> HttpResponse:
    """Note an idea; from a partner's page with the partner filled in."""
    home = actions.home_of(request.user)
    if home is None:
        raise Refused(_("Ideas are noted by those who work for a partner."))
    partner = Organization.objects.partners().filter(slug=request.GET.get("partner", "")).first()
    data, _files = pages.posted(request)
    return pages.form_page(
        request,
        forms.NoteForm(data, home=home, initial={"partner": partner and partner.pk}),
        partial(actions.note, actor=request.user),
        heading=_("New idea"),
        above=ABOVE,
        done=_("Noted."),
    )


def found(request: HttpRequest, uid: Any, may: Any = None) -> Idea:
    return access(Idea.objects.with_rows(), uid, request.user, may)


@require_safe
@login_required
def idea(request: HttpRequest, uid: str) -> HttpResponse:
    """The line, whose move it is and by when, what became of it, the history."""
    shown = found(request, uid)
    may_change = rules.moves(request.user, shown)
    is_open = shown.state == IdeaState.OPEN
    kinds = results.offered() if may_change and is_open else ()
    return record_page(
        request,
        shown,
        IDEA_PAGE,
        mine=is_open and rules.owns(request.user, shown),
        subheading=shown.partner and shown.partner.display_name,
        edit=reverse("ideas:change", args=[uid]) if may_change else "",
        result_url=_result_url(shown, request.user),
        makes=[(kind.label, _new_url(kind, shown)) for kind in kinds if kind.makes(request.user)],
    )


def _new_url(kind: Any, shown: Idea) -> str:
    """Where such a thing is made, with the partner of the idea filled in; it is linked with the idea then."""
    known = {"partner": shown.partner.slug} if shown.partner is not None else {}
    query = "&".join(part for part in (kind.query, urlencode({**known, "idea": shown.uid})) if part)
    return f"{reverse(kind.new_url)}?{query}"


def _facts(shown: Idea) -> list[tuple[Any, Any]]:
    partner = shown.partner
    link = partner and format_html(
        '<a href="{}">{}</a>', reverse("partner_detail", args=[partner.slug]), partner.display_name
    )
    return [
        (_("Partner"), link),
        (_("Where it came up"), f"{shown.get_came_up_display()}, {baku_date(shown.said_on)}"),
        (_("Looked after by"), shown.owner.name),
        (_("Noted by"), shown.noted_by.name),
    ]


def _result_url(shown: Idea, user: Any) -> str:
    """The page of what it has become, to who may open that."""
    result: Any = shown.result if shown.content_type_id else None
    if result is None or not hasattr(result, "get_absolute_url"):
        return ""
    seen = type(result)._default_manager.visible_to(user).filter(pk=result.pk).exists()
    return result.get_absolute_url() if seen else ""


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, uid: str) -> HttpResponse:
    """The line, its partner and details; the second of two editors is shown the difference."""
    shown = found(request, uid, rules.moves)
    data, _files = pages.posted(request)
    return pages.form_page(
        request,
        forms.ChangeForm(data, instance=shown),
        partial(actions.change, shown, actor=request.user),
        heading=_("Correct the idea"),
        back=shown.get_absolute_url(),
        crumbs=pages.crumbs(ABOVE, (shown, shown.get_absolute_url())),
    )


IDEA_PAGE = RecordPage(
    rows=Idea.objects.with_rows,
    workflow=IDEA,
    acts=ACTS,
    told=TOLD,
    detail=results.became,
    first=("step", "reopen"),
    facts=_facts,
    above=ABOVE,
    template="ideas/idea.html",
)
