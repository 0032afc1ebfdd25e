from django.urls import include, path

from partnerships.ideas import views

pages_of_ours = [
    path("", views.ideas, name="list"),
    path("note/", views.note, name="note"),
    path("<uuid:uid>/", views.idea, name="idea"),
    path("<uuid:uid>/change/", views.change, name="change"),
    path("<uuid:uid>/<slug:verb>/", views.act, name="act"),
]
urlpatterns = [path("ideas/", include((pages_of_ours, "ideas")))]
