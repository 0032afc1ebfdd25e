"""The floor: the cheapest honest page of the portal. The shell, session and user, and one indexed query."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from internships.models import Application

PAGE = (
    '{% extends "base.html" %}{% block heading %}{{ row.number }}{% endblock %}'
    "{% block content %}{{ row.state }}{% endblock %}"
)


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    row = Application.objects.filter(number=request.GET["number"]).first()
    return HttpResponse(engines["django"].from_string(PAGE).render({"row": row}, request))


urlpatterns = [path("floor/", floor, name="floor"), path("", include("partnerships.urls"))]
