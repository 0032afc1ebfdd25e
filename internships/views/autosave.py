"""The draft saved as it is typed; the first letters start it."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from internships import actions, rules
from internships.forms.applying import DraftForm
from internships.models import Application, Vacancy
from internships.views.applying import ChangedElsewhere, fresh, places_of, save
from partnerships.calls.forms import given
from partnerships.common.access import access
from partnerships.common.autosave import autosaving, errors_of, refused, saved


@autosaving
def apply_autosave(request: HttpRequest, uid: str) -> JsonResponse:
    """The first letters typed start the draft."""
    vacancy = access(Vacancy.objects.with_place(), uid, request.user)
    return _autosave(request, fresh(actions.start_application(vacancy, actor=request.user)))


@autosaving
def draft_autosave(request: HttpRequest, uid: str) -> JsonResponse:
    return _autosave(request, access(Application.objects.with_rows(), uid, request.user, rules.is_applicant))


def _autosave(request: HttpRequest, application: Application) -> JsonResponse:
    data = request.POST.copy()
    data.pop("do", None)
    form = DraftForm(data, programme=application.programme, places=places_of(application.programme))
    if not form.is_valid():
        return errors_of(form)
    asked = application.programme.call.asked
    answers = given(asked, data)
    if answers.refused:
        named = [f"{row.label} – {answers.refused[row.pk]}" for row in asked if row.pk in answers.refused]
        return refused(" ".join(named), 422)
    try:
        return saved(save(application, form, answers, actor=request.user))
    except ChangedElsewhere:
        detail = _(
            "This application was changed in another window. Open the page again to see what stands there; "
            "what you typed here is kept on this device."
        )
        return refused(detail, 409)
