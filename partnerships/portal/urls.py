from django.urls import path

from partnerships.portal import views, views_saved

urlpatterns = [
    path("", views.front, name="front"),
    path("home/", views.home, name="home"),
    path("waiting/", views.todo, name="todo"),
    path("menu/", views.menu, name="menu"),
    path("search/", views.search, name="search"),
    path("search/palette/", views.palette, name="palette"),
    path("calendar/", views.month, name="calendar"),
    path("calendar/renew/", views.renew_calendar, name="calendar_renew"),
    path("calendar/<str:token>.ics", views.calendar_feed, name="calendar_feed"),
    path("views/", views_saved.saved_views, name="saved_views"),
    path("views/new/", views_saved.view_new, name="view_new"),
    path("views/<uuid:uid>/", views_saved.view_rename, name="view_rename"),
    path("views/<uuid:uid>/delete/", views_saved.view_delete, name="view_delete"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
