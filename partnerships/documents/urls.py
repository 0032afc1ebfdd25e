from django.urls import path

from partnerships.documents import import_views, views

urlpatterns = [
    path("documents/", views.document_views, name="document_views"),
    path("documents/imports/", import_views.import_list, name="import_list"),
    path("documents/imports/<uuid:uid>/", import_views.import_run, name="import_run"),
    path("documents/imports/<uuid:uid>/progress/", import_views.import_progress, name="import_progress"),
    path("documents/imports/<uuid:uid>/preview/", import_views.import_preview, name="import_preview"),
    path("documents/imports/<uuid:uid>/confirm/", import_views.import_confirm, name="import_confirm"),
    path("documents/imports/<uuid:uid>/discard/", import_views.import_discard, name="import_discard"),
    path("documents/imports/<uuid:uid>/report/", import_views.import_report, name="import_report"),
    path("documents/<uuid:uid>/", views.document, name="document"),
    path("documents/<uuid:uid>/remove/", views.document_remove, name="document_remove"),
]
