"""The draft saved as it is typed; the first letters start it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from internships import actions, rules
from internships.forms.applying import DraftForm
from internships.models import Application, Vacancy
from internships.views.applying import ChangedElsewhere, fresh, places_of, save
from partnerships.calls.forms import given
from partnerships.common.access import access
from partnerships.common.refusals import WorkflowError
from partnerships.common.templatetags.figures import baku_time


@require_POST
def apply_autosave(request: HttpRequest, uid: str) -> JsonResponse:
    """The first letters typed start the draft."""
    vacancy = access(Vacancy.objects.with_place(), uid, request.user)
    if not request.user.is_authenticated:
        return _signed_out()
    try:
        application = actions.start_application(vacancy, actor=request.user)
    except WorkflowError as refused:
        return JsonResponse({"detail": str(refused.reason)}, status=409)
    return _autosave(request, fresh(application))


@require_POST
def draft_autosave(request: HttpRequest, uid: str) -> JsonResponse:
    if not request.user.is_authenticated:
        return _signed_out()
    application = access(Application.objects.with_rows(), uid, request.user, rules.is_applicant)
    return _autosave(request, application)


def _signed_out() -> JsonResponse:
    detail = _(
        "You have been signed out. What you typed is kept on this device: sign in and open this page again."
    )
    return JsonResponse({"detail": detail}, status=401)


def _autosave(request: HttpRequest, application: Application) -> JsonResponse:
    data = request.POST.copy()
    data.pop("do", None)
    form = DraftForm(data, programme=application.programme, places=places_of(application.programme))
    if not form.is_valid():
        detail = " ".join(text for errors in form.errors.values() for text in errors)
        return JsonResponse({"detail": detail}, status=422)
    asked = application.programme.call.asked
    answers = given(asked, data)
    if answers.refused:
        named = [f"{row.label} – {answers.refused[row.pk]}" for row in asked if row.pk in answers.refused]
        return JsonResponse({"detail": " ".join(named)}, status=422)
    try:
        saved = save(application, form, answers, actor=request.user)
    except ChangedElsewhere:
        detail = _(
            "This application was changed in another window. Open the page again to see what stands there; "
            "what you typed here is kept on this device."
        )
        return JsonResponse({"detail": detail}, status=409)
    except WorkflowError as refused:
        return JsonResponse({"detail": str(refused.reason)}, status=409)
    except ValidationError as refused:
        return JsonResponse({"detail": " ".join(refused.messages)}, status=422)
    return JsonResponse({"version": saved.version, "saved": baku_time(timezone.now())})
