from django.urls import include, path

from partnerships.bookings import views, views_grid, views_things

pages_of_ours = [
    path("", views_grid.grid, name="grid"),
    path("find/", views_grid.find, name="find"),
    path("list/", views.bookings, name="list"),
    path("new/", views.new, name="new"),
    path("things/<uuid:uid>/", views_things.thing, name="thing"),
    path("things/<uuid:uid>/close/", views_things.close, name="close"),
    path("closures/<uuid:uid>/lift/", views_things.lift, name="lift"),
    path("<uuid:uid>/", views.booking, name="booking"),
    path("<uuid:uid>/booking.ics", views.booking_ics, name="ics"),
    path("<uuid:uid>/<slug:verb>/", views.act, name="act"),
]
urlpatterns = [path("bookings/", include((pages_of_ours, "bookings")))]
