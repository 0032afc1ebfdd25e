"""One verb on several applications of the working list at once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from internships import actions, worklists
from internships.forms.worklist import ManyForm
from internships.history import DONE
from internships.models import Application
from internships.views.worklist import MANY
from partnerships.common.refusals import Refused, WorkflowError

MOST_AT_ONCE = 200


@require_POST
@login_required
def worklist_many(request: HttpRequest) -> HttpResponse:
    """One verb on the chosen rows: what can be done is done, the rest is told with its reason.

    What needs words asks for them on a page of its own; sent without them, it asks again and keeps them.
    """
    one = request.POST.get("endorse_one", "")
    verb = "endorse" if one else request.POST.get("verb", "")
    if verb not in MANY:
        raise BadRequest
    back = _back(request)
    chosen = _chosen(request, [one] if one else request.POST.getlist("pick"))
    if not chosen:
        messages.warning(request, _("Nothing was chosen."))
        return redirect(back)
    if not any(MANY[verb][0](request.user, application) for application in chosen):
        raise Refused(_("Your role does not include this here."))
    confirmed = "confirmed" in request.POST
    form = ManyForm(request.POST if confirmed or verb in ("endorse", "waitlist") else None, verb=verb)
    if not form.is_valid():
        context = {"form": form, "chosen": chosen, "verb": verb, "label": MANY[verb][1], "back": back}
        return render(request, "internships/worklist_many.html", context, status=422 if confirmed else 200)
    done, refused = _do_many(verb, chosen, form.cleaned_data, request.user)
    words = ngettext("%(done)s: %(count)d application", "%(done)s: %(count)d applications", len(done))
    told = words % {"done": DONE[verb], "count": len(done)}
    if not refused:
        messages.success(request, told)
        return redirect(back)
    context = {"done": done, "refused": refused, "told": told, "label": MANY[verb][1], "back": back}
    return render(request, "internships/worklist_result.html", context)


def _back(request: HttpRequest) -> str:
    """The list as it was narrowed; only our own parameters come back."""
    query = request.POST.get("query", "")[:2000]
    return f"{reverse('internships:worklist')}?{query}" if query else reverse("internships:worklist")


def _chosen(request: HttpRequest, uids: list[str]) -> list[Application]:
    if len(uids) > MOST_AT_ONCE:
        raise BadRequest
    try:
        found = list(
            worklists.working_rows(request.user)
            .filter(uid__in=uids)
            .with_rows()
            .order_by("person__sort_key", "pk")
        )
    except (ValueError, ValidationError) as error:
        raise BadRequest from error
    return found


def _do_many(
    verb: str, chosen: list[Application], values: dict[str, Any], user: Any
) -> tuple[list[Application], list[tuple[Application, Any]]]:
    note = values.get("note", "")
    if verb in ("endorse", "return"):
        rows = Application.objects.filter(pk__in=[application.pk for application in chosen])
        many = actions.endorse_many if verb == "endorse" else actions.return_many
        result = many(rows, actor=user, note=note)
        return result.done, result.refused
    done, refused = [], []
    if verb == "offer":  # the best first: seats may be fewer than those chosen
        chosen = sorted(chosen, key=lambda application: application.score or 0, reverse=True)
    for application in chosen:
        try:
            if verb == "offer":
                done.append(actions.offer(application, actor=user, note=note))
            elif verb == "waitlist":
                done.append(actions.waitlist(application, actor=user, note=note))
            else:
                done.append(actions.refuse(application, actor=user, code=values["refusal_code"], note=note))
        except (WorkflowError, Refused) as refusal:
            application.refresh_from_db(fields=["state"])
            refused.append((application, refusal.reason))
    return done, refused
