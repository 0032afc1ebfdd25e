from django.urls import path

from partnerships.common.lists import list_page
from partnerships.reviews.lists import ROUNDS
from partnerships.reviews.views import discussion, items, marking, rounds, rubrics

app_name = "reviews"
urlpatterns = [
    path("reviews/", list_page, {"page": ROUNDS}, name="mine"),
    path("reviews/rubrics/", rubrics.rubrics, name="rubrics"),
    path("reviews/rubrics/new/", rubrics.rubric_new, name="rubric_new"),
    path("reviews/rubrics/<uuid:uid>/", rubrics.rubric, name="rubric"),
    path("reviews/open/<str:kind>/<str:key>/", rounds.open_round, name="open"),
    path("reviews/rounds/<uuid:uid>/", rounds.round_page, name="round"),
    path("reviews/rounds/<uuid:uid>/next/", marking.next_one, name="next"),
    path("reviews/rounds/<uuid:uid>/change/", rounds.change, name="change"),
    path("reviews/rounds/<uuid:uid>/do/<slug:verb>/", rounds.act, name="round_act"),
    path("reviews/rounds/<uuid:uid>/members/", rounds.members, name="members"),
    path("reviews/rounds/<uuid:uid>/members/<uuid:member>/<slug:verb>/", rounds.member, name="member"),
    path("reviews/rounds/<uuid:uid>/assign/", items.assign_all, name="assign_all"),
    path("reviews/rounds/<uuid:uid>/import/", rounds.bring, name="import"),
    path("reviews/rounds/<uuid:uid>/overrides/<uuid:override>/end/", items.override_end, name="override_end"),
    path("reviews/rounds/<uuid:uid>/items/<uuid:item>/", items.item, name="item"),
    path("reviews/rounds/<uuid:uid>/items/<uuid:item>/say/", items.say, name="say"),
    path("reviews/remarks/<uuid:uid>/take-back/", discussion.unsay, name="unsay"),
    path("reviews/rounds/<uuid:uid>/items/<uuid:item>/conflict/", items.conflict, name="conflict"),
    path(
        "reviews/rounds/<uuid:uid>/items/<uuid:item>/override/<uuid:member>/", items.override, name="override"
    ),
    path("reviews/<uuid:uid>/", marking.review, name="review"),
    path("reviews/<uuid:uid>/save/", marking.autosave, name="autosave"),
    path("reviews/<uuid:uid>/files/<int:number>/", marking.file, name="file"),
    path("reviews/<uuid:uid>/do/<slug:verb>/", items.act, name="act"),
]
