"""Addresses that fail in every way that an engine can refuse, beside those of the portal."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refusal, Refused, StaleState
from partnerships.urls import (  # noqa: F401
    handler400,
    handler403,
    handler404,
    handler500,
)
from partnerships.urls import urlpatterns as ours


class Thing:
    def get_absolute_url(self) -> str:
        return "/menu/"


WAYS: dict[str, Any] = {
    "stale": lambda: StaleState("Bunu bayaq Sevinc Quliyeva dəyişdi.", Thing()),
    "illegal": lambda: IllegalTransition("Bu artıq irəli gedib.", Thing()),
    "blocked": lambda: Blocked(Refusal("Son tarix keçib: 28 noyabr.", "deadline_passed")),
    "missing": lambda: Missing("note"),
    "refused": lambda: Refused("Bu yalnız koordinator üçündür."),
    "big": lambda: RequestDataTooBig("too big"),
    "database": lambda: OperationalError("server closed the connection"),
    "broken": lambda: ZeroDivisionError("broken on purpose"),
}


def fail(request: HttpRequest, way: str) -> HttpResponse:
    error: Exception = WAYS[way]()
    raise error


urlpatterns = [
    path("fail/<str:way>/", fail),
    path("api/fail/<str:way>/", fail),
    *ours,
]
