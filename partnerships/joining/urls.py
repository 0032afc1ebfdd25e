from django.urls import include, path

from partnerships.joining import views

pages_of_ours = [
    path("join/", views.join, name="join"),
    path("join/s/<str:token>/", views.status, name="status"),
    path("joining/", views.requests, name="requests"),
    path("joining/<uuid:uid>/", views.one_request, name="request"),
    path("joining/<uuid:uid>/<slug:verb>/", views.act, name="act"),
]
urlpatterns = [path("", include((pages_of_ours, "joining")))]
