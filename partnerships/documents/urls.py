from django.urls import path

from partnerships.documents import brought_views, export_views, import_columns, import_views, views

urlpatterns = [
    path("documents/", views.document_views, name="document_views"),
    path("documents/imports/", import_views.import_list, name="import_list"),
    path("documents/imports/<uuid:uid>/", import_views.import_run, name="import_run"),
    path("documents/imports/<uuid:uid>/progress/", import_views.import_progress, name="import_progress"),
    path("documents/imports/<uuid:uid>/preview/", import_views.import_preview, name="import_preview"),
    path("documents/imports/<uuid:uid>/columns/", import_columns.columns, name="import_columns"),
    path("documents/imports/<uuid:uid>/confirm/", import_views.import_confirm, name="import_confirm"),
    path("documents/imports/<uuid:uid>/discard/", import_views.import_discard, name="import_discard"),
    path("documents/imports/<uuid:uid>/report/", import_views.import_report, name="import_report"),
    path("partners-import/", brought_views.partners, name="import_partners"),
    path("partners/<slug:slug>/units/import/", brought_views.units, name="import_units"),
    path("calendar/days-off/import/", brought_views.days_off, name="import_days_off"),
    path("people/import/", brought_views.staff, name="import_staff"),
    path("documents/exports/", export_views.export_list, name="export_list"),
    path("documents/exports/<uuid:uid>/", export_views.export_run, name="export_run"),
    path("documents/exports/<uuid:uid>/progress/", export_views.export_progress, name="export_progress"),
    path("exports/<str:kind>/", export_views.export, name="export"),
    path("documents/<uuid:uid>/", views.document, name="document"),
    path("documents/<uuid:uid>/small/", views.photo_small, name="photo_small"),
    path("documents/<uuid:uid>/remove/", views.document_remove, name="document_remove"),
]
