from django.urls import include, path

from partnerships.common.lists import list_page
from partnerships.indicators import views, views_values

pages_of_ours = [
    path("", views.overview, name="overview"),
    path("report.pdf", views.report_paper, name="pdf"),
    path("values/", list_page, {"page": views_values.VALUES}, name="values"),
    path("values/import/", views_values.bring, name="import"),
    path("values/new/", views_values.new, name="new"),
    path("values/<uuid:uid>/", views_values.value, name="value"),
    path("values/<uuid:uid>/<slug:verb>/", views_values.act, name="act"),
    path("<str:key>/", views.one, name="one"),
    path("<str:key>/records/", views.records, name="records"),
    path("<str:key>/target/", views.target, name="target"),
    path("<str:key>/recount/", views.recount, name="recount"),
]
urlpatterns = [path("indicators/", include((pages_of_ours, "indicators")))]
