from django.urls import include, path

from partnerships.common.lists import list_page
from partnerships.ideas import views
from partnerships.workflow.pages import act

pages_of_ours = [
    path("", list_page, {"page": views.IDEAS}, name="list"),
    path("import/", views.bring, name="import"),
    path("note/", views.note, name="note"),
    path("<uuid:uid>/", views.idea, name="idea"),
    path("<uuid:uid>/change/", views.change, name="change"),
    path("<uuid:uid>/<slug:verb>/", act, {"page": views.IDEA_PAGE}, name="act"),
]
urlpatterns = [path("ideas/", include((pages_of_ours, "ideas")))]
