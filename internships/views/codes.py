"""Access codes of a programme, and the page on which somebody who was invited enters one."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from internships import actions, reports
from internships.enums import ProgrammeState
from internships.forms.codes import CodeForm, EnterCodeForm
from internships.models import Programme
from internships.views.manage import own
from partnerships.calls.models import AccessCode, Step
from partnerships.common.limits import seconds_to_wait
from partnerships.common.refusals import Blocked
from partnerships.common.text import key_of
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role


@dataclass(frozen=True)
class CodeRow:
    """A code with who has used it. Its words are nowhere: only its hash is kept."""

    code: AccessCode
    people: list[Any]

    @property
    def left(self) -> int:
        return self.code.uses - len(self.people)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_codes(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme's codes, and a new one. What it reads is in this answer alone: a redirect would have to
    keep it."""
    programme = own(request, slug)
    verb, _colon, key = request.POST.get("do", "").partition(":")
    if verb == "revoke":
        code = get_object_or_404(programme.call.codes, pk=key_of(key))
        actions.revoke_access_code(programme, code, actor=request.user)
        messages.success(request, _("The code is taken back; nobody gets in by it any more."))
        return redirect("internships:manage_codes", slug)
    form, text, made = CodeForm(request.POST or None), "", None
    if request.method == "POST" and form.is_valid():
        try:
            made, text = actions.make_access_code(programme, actor=request.user, **form.values())
            form = CodeForm()
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error("last_day" if name == "expires" else None, texts)
    context = {
        "programme": programme,
        "form": form,
        "secret": text,
        "made": made,
        "rows": [CodeRow(code, people) for code, people in reports.codes_of(programme, request.user)],
        "address": request.build_absolute_uri(reverse("internships:enter_code", args=[slug])),
        "makes": programme.state == ProgrammeState.PUBLISHED
        and programme.students_apply
        and not programme.call.passed(Step.DECIDE),
    }
    status = 422 if form.is_bound and form.errors else 200
    response = render(request, "internships/manage_codes.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def enter_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was invited after the deadline enters the code and goes on to the draft."""
    programme = get_object_or_404(Programme.objects.visible_to(request.user).with_call(), slug=slug)
    who = access_of(request.user)
    if who.scopes and not who.has(Role.STUDENT):
        messages.info(request, _("Students apply here. Your account has another role."))
        return redirect(programme)
    form = EnterCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wait = seconds_to_wait(request, "access-code", settings.CODE_TRIES, 600)
        if wait:
            form.add_error(
                "code", _("Too many tries. Try again in %(minutes)s min.") % {"minutes": wait // 60 + 1}
            )
        else:
            try:
                application = actions.enter_by_code(programme, form.cleaned_data["code"], actor=request.user)
            except Blocked as blocked:
                form.add_error("code", str(blocked.reason))
            else:
                messages.success(request, _("The code is good: write your application and send it in time."))
                return redirect("internships:draft", application.uid)
    status = 422 if form.is_bound and form.errors else 200
    return render(
        request, "internships/enter_code.html", {"programme": programme, "form": form}, status=status
    )
