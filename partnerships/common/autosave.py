"""A form that is saved as it is typed: what its script is told. Docs: docs/frontend.md, `data-autosave`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partnerships.common.refusals import WorkflowError
from partnerships.common.templatetags.figures import baku_time


def autosaving(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    """A view to which a form is sent as it is typed: whoever was signed out meanwhile is told so, and what is
    refused is told as words for the status line."""

    @require_POST
    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        if not request.user.is_authenticated:
            detail = _(
                "You have been signed out. What you typed is kept on this device: sign in and open this page "
                "again."
            )
            return refused(detail, 401)
        try:
            return view(request, *args, **kwargs)
        except WorkflowError as error:
            return refused(str(error.reason), 409)
        except ValidationError as error:
            return refused(" ".join(error.messages), 422)

    return told


def refused(detail: str, status: int) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)


def errors_of(form: Any) -> JsonResponse:
    """What is wrong with the form, on one line."""
    return refused(" ".join(text for errors in form.errors.values() for text in errors), 422)


def saved(row: Any) -> JsonResponse:
    """It is kept: its version, which the form sends next time, and when."""
    return JsonResponse({"version": row.version, "saved": baku_time(timezone.now())})
