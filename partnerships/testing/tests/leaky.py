"""Pages with one mistake each, beside those of the portal: what the crawler has to find."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from partnerships.common.access import access
from partnerships.directory.models import Person
from partnerships.documents.models import Document
from partnerships.urls import urlpatterns as ours

PAGE = '<html lang="az"><body hx-headers=\'{{"X-CSRFToken": "x"}}\'>{}</body></html>'
TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="x">'


def index(request: HttpRequest) -> HttpResponse:
    """What is one's own, by every faulty way and by the right one."""
    if not request.user.is_authenticated:
        return HttpResponse(PAGE.format(""))
    lines = []
    for row in Document.objects.visible_to(request.user):
        lines.append(f'<a href="/leaky/read/{row.uid}/">x</a><a href="/leaky/sound/{row.uid}/">x</a>')
        lines.append(f'<a href="/leaky/echo/?before={row.uid}">x</a>')
        lines.append(f'<form method="post" action="/leaky/write/{row.uid}/">{TOKEN}<button>x</button></form>')
    return HttpResponse(PAGE.format("".join(lines)))


def faults(request: HttpRequest) -> HttpResponse:
    other = Document.objects.order_by("pk").last()
    return HttpResponse(
        PAGE.format(
            '<a href="/leaky/nowhere/">x</a><a href="/leaky/breaks/">x</a><a href="/leaky/counts/">x</a>'
            '<form method="post" action="/leaky/breaks/"><button>x</button></form>'
            f'<p data-row="{other.uid}">x</p>'
        )
    )


def sound(request: HttpRequest, uid: Any) -> HttpResponse:
    return HttpResponse(PAGE.format(access(Document, uid, request.user).name))


def echo(request: HttpRequest) -> HttpResponse:
    """Repeats what the sender has named, as a link to the next page does."""
    return HttpResponse(PAGE.format(f'<a href="/leaky/echo/?before={request.GET.get("before", "")}">x</a>'))


def read(request: HttpRequest, uid: Any) -> HttpResponse:
    return HttpResponse(PAGE.format(get_object_or_404(Document, uid=uid).name))


def write(request: HttpRequest, uid: Any) -> HttpResponse:
    Document.objects.filter(uid=uid).update(name="dəyişdi")
    return HttpResponse(PAGE.format("x"))


def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def counts(request: HttpRequest) -> HttpResponse:
    Person.objects.update(version=2)
    return HttpResponse(PAGE.format("x"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(PAGE.format(""), status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format(""), status=500)


urlpatterns = [
    path("leaky/", index),
    path("leaky/faults/", faults),
    path("leaky/echo/", echo),
    path("leaky/sound/<uuid:uid>/", sound),
    path("leaky/read/<uuid:uid>/", read),
    path("leaky/write/<uuid:uid>/", write),
    path("leaky/breaks/", breaks),
    path("leaky/counts/", counts),
    *ours,
]
handler404 = "partnerships.testing.tests.leaky.not_found"
handler500 = "partnerships.testing.tests.leaky.broken"
