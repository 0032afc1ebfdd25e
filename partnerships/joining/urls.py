from django.urls import include, path

from partnerships.common.lists import list_page
from partnerships.joining import views
from partnerships.workflow.pages import act

pages_of_ours = [
    path("join/", views.join, name="join"),
    path("join/s/<str:token>/", views.status, name="status"),
    path("joining/", list_page, {"page": views.REQUESTS}, name="requests"),
    path("joining/<uuid:uid>/", views.one_request, name="request"),
    path("joining/<uuid:uid>/<slug:verb>/", act, {"page": views.REQUEST_PAGE}, name="act"),
]
urlpatterns = [path("", include((pages_of_ours, "joining")))]
