from django.urls import path

from partnerships.portal import views

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
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
