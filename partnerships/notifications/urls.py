from django.urls import path

from partnerships.notifications import health, views

urlpatterns = [
    path("healthz/", health.healthz, name="healthz"),
    path("readyz/", health.readyz, name="readyz"),
    path("inbox/", views.inbox_list, name="inbox"),
    path("inbox/read-all/", views.inbox_read_all, name="inbox_read_all"),
    path("inbox/<uuid:uid>/read/", views.inbox_read, name="inbox_read"),
    path("inbox/preferences/", views.preferences, name="preferences"),
    path("inbox/preferences/all/", views.preferences_all, name="preferences_all"),
    path("inbox/sent/", views.sent_list, name="sent"),
    path("inbox/following/", views.followed_list, name="followed"),
    path("inbox/follow/<str:key>/<uuid:uid>/", views.follow, name="follow"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
