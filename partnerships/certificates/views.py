"""The pages: one certificate, issuing, ending, and the public check. Lists: lists.py."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.certificates import actions, reports, rules
from partnerships.certificates.forms import CodeForm, ReasonForm
from partnerships.certificates.kinds import CertificateType, types
from partnerships.certificates.lists import KINDS
from partnerships.certificates.models import Certificate
from partnerships.certificates.printing import certificate_pdf
from partnerships.certificates.snapshot import freeze, in_language
from partnerships.certificates.verifying import find, seconds_to_wait
from partnerships.certificates.workflow import CERTIFICATE
from partnerships.common.access import access
from partnerships.common.query_words import Key
from partnerships.documents.printing import pdf_response


def certificate_type(key: str) -> CertificateType:
    """The type that an address names, or 404."""
    if key not in types():
        raise Http404
    return types()[key]


# One certificate -----------------------------------------------------------------------------------
def _found(request: HttpRequest, uid: Any, may: Any = None) -> Certificate:
    return access(Certificate.objects.select_related("replaced_by"), uid, request.user, may)


@require_safe
@login_required
def certificate(request: HttpRequest, uid: Any) -> HttpResponse:
    """Everything that stands on it, how it stands, and its way."""
    found: Any = next(iter(reports.whole(request.user, uid)[:1]), None)
    if found is None:
        raise Http404
    context = {
        "certificate": found,
        "chip": KINDS[found.standing],
        "own": rules.holds_certificate(request.user, found),
        "offers": CERTIFICATE.available(found, request.user),
        "earlier": Certificate.objects.filter(replaced_by=found).first() if found.was_another else None,
        "history": reports.history(found),
        "subject_url": _subject_url(request, found),
    }
    return render(request, "certificates/certificate.html", context)


def _subject_url(request: HttpRequest, found: Certificate) -> str:
    """The page of what it certifies, for whoever may see that."""
    subject = found.subject
    if subject is None or not hasattr(subject, "get_absolute_url"):
        return ""
    seen = reports.object_seen(request.user, type(subject), Key(subject.pk))[:1]
    return subject.get_absolute_url() if seen else ""


@require_safe
@login_required
def pdf(request: HttpRequest, uid: Any, language: str) -> HttpResponse:
    """The paper in one of the languages."""
    if language not in ("az", "en"):
        raise Http404
    found = _found(request, uid)
    return pdf_response(certificate_pdf(found, language=language), f"{found.serial} {language}", inline=True)


VERBS = {"revoke": actions.revoke, "reissue": actions.reissue}


@require_http_methods(["GET", "POST"])
@login_required
def act(request: HttpRequest, uid: Any, verb: str) -> HttpResponse:
    """Revoke it or draw it up anew, with the reason that everybody will read."""
    if verb not in VERBS:
        raise Http404
    found = _found(request, uid, CERTIFICATE.may(verb))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        result = VERBS[verb](found, actor=request.user, note=form.cleaned_data["note"])
        done = _("Revoked: %(serial)s") if verb == "revoke" else _("Issued anew: %(serial)s")
        messages.success(request, done % {"serial": result.serial})
        return redirect(result)
    offered = next((o for o in CERTIFICATE.available(found, request.user) if o.name == verb), None)
    if offered is None:
        messages.info(request, CERTIFICATE.not_due(found))
        return redirect(found)
    context = {
        "certificate": found,
        "form": form,
        "offered": offered,
        "back": found.get_absolute_url(),
        "drafted": _drafted(found, verb),
    }
    return render(request, "certificates/act.html", context, status=422 if form.errors else 200)


def _drafted(found: Certificate, verb: str) -> list[tuple[str, str, str]]:
    """What a new one would say otherwise: (label, as it is, as it would be)."""
    kind = types().get(found.kind)
    if verb != "reissue" or kind is None or found.subject is None:
        return []
    draft = kind.draft(found.subject)
    language = get_language() or "az"
    new = freeze(kind, draft)
    before = {line["key"]: line for line in found.snapshot["lines"]}
    after = {line["key"]: line for line in new["lines"]}
    rows = [(_("Holder"), found.holder_name, draft.holder_name)]
    for key in dict.fromkeys([*before, *after]):
        label = in_language((after.get(key) or before[key])["label"], language)
        values = [
            in_language(side[key]["value"], language) if key in side else "—" for side in (before, after)
        ]
        rows.append((label, values[0], values[1]))
    return [row for row in rows if row[1] != row[2]]


@require_http_methods(["GET", "POST"])
@login_required
def issue(request: HttpRequest, kind: str, uid: Any) -> HttpResponse:
    """What the certificate would say, and the button that issues it."""
    what = certificate_type(kind)
    obj = access(what.model_class, uid, request.user, what.may_issue)
    earlier = Certificate.objects.of(obj).filter(kind=kind).order_by("-pk")
    live = earlier.live().first()
    if live is not None:
        return redirect(live)
    if request.method == "POST":
        made = actions.issue(obj, kind=kind, actor=request.user, again=True)
        messages.success(request, _("Issued: %(serial)s") % {"serial": made.serial})
        return redirect(made)
    refusal = what.ready(obj)
    context: dict[str, Any] = {
        "kind": what,
        "object": obj,
        "name": what.describe(obj)[0],
        "refusal": refusal,
        "earlier": earlier.first(),
        "back": obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else "",
    }
    if refusal is None:
        draft, language = what.draft(obj), get_language() or "az"
        said = freeze(what, draft)
        context |= {
            "holder": draft.holder_name,
            "text": in_language(said["text"], language),
            "lines": [
                (in_language(x["label"], language), in_language(x["value"], language)) for x in said["lines"]
            ],
            "valid_to": draft.valid_to,
        }
    return render(request, "certificates/issue.html", context)


# The public check ----------------------------------------------------------------------------------
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Where a code is typed; a code that can be one leads to its page."""
    form = CodeForm(request.GET) if "code" in request.GET else CodeForm()
    if form.is_bound and form.is_valid():
        return redirect("verify_code", form.cleaned_data["code"])
    return render(request, "certificates/verify.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Every printed value and how the certificate stands, for whoever holds the paper."""
    if wait := seconds_to_wait(request):
        reason = _("Too many codes were asked for from your address. Wait a minute and try again.")
        response = render(request, "429.html", {"reason": reason}, status=429)
        response["Retry-After"] = str(wait)
        return _unlisted(response)
    found = find(code)
    if found is not None and code != found.code:
        return _unlisted(redirect("verify_code", found.code))
    if found is None:
        context = {"form": CodeForm(), "typed": code[:40]}
        return _unlisted(render(request, "certificates/verify_unknown.html", context, status=404))
    context = {"certificate": found, "sound": found.is_sound, "chip": KINDS[found.standing]}
    return _unlisted(render(request, "certificates/verified.html", context))


def _unlisted(response: Any) -> Any:
    """People's names: for no search engine and no cache."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response
