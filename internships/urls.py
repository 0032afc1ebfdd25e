"""Addresses of practice and internship."""

from django.urls import path

from internships.views import application, applying, public

app_name = "internships"

urlpatterns = [
    # Public
    path("", public.index, name="index"),
    path("programmes/<slug:slug>/", public.programme, name="programme"),
    path("places/<uuid:uid>/", public.place, name="place"),
    # The student
    path("places/<uuid:uid>/apply/", applying.apply, name="apply"),
    path("places/<uuid:uid>/apply/save/", applying.apply_autosave, name="apply_autosave"),
    path("mine/", applying.mine, name="mine"),
    path("applications/<uuid:uid>/edit/", applying.draft, name="draft"),
    path("applications/<uuid:uid>/edit/save/", applying.draft_autosave, name="draft_autosave"),
    path("applications/<uuid:uid>/check/", applying.check, name="check"),
    # Everyone who may see it
    path("applications/<uuid:uid>/", application.application, name="application"),
    path("applications/<uuid:uid>/<slug:verb>/", application.act, name="act"),
    path("interviews/<uuid:uid>/interview.ics", application.interview_ics, name="interview_ics"),
]
