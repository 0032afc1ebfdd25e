from django.urls import include, path

from partnerships.bookings import (
    views,
    views_feeds,
    views_grid,
    views_keeping,
    views_new,
    views_quotas,
    views_things,
)
from partnerships.bookings.lists import BOOKINGS
from partnerships.common.lists import list_page

pages_of_ours = [
    path("", views_grid.grid, name="grid"),
    path("find/", views_grid.find, name="find"),
    path("list/", list_page, {"page": BOOKINGS}, name="list"),
    path("import/", views_keeping.bookings_import, name="import_bookings"),
    path("new/", views_new.new, name="new"),
    path("things/", views_keeping.things, name="things"),
    path("things/import/", views_keeping.things_import, name="import"),
    path("things/new/", views_keeping.thing_new, name="thing_new"),
    path("things/<uuid:uid>/change/", views_keeping.thing_change, name="thing_change"),
    path("things/<uuid:uid>/hours/", views_keeping.thing_hours, name="thing_hours"),
    path("things/<uuid:uid>/quotas/", views_quotas.of_thing, name="thing_quotas"),
    path("quotas/", views_quotas.used, name="quotas"),
    path("quotas/<uuid:uid>/", views_quotas.change, name="quota"),
    path("quotas/<uuid:uid>/end/", views_quotas.end, name="quota_end"),
    path("things/<uuid:uid>/feed/", views_feeds.make, name="feed_make"),
    path("things/<uuid:uid>/feed/end/", views_feeds.end, name="feed_end"),
    path("feeds/<str:token>.ics", views_feeds.feed, name="feed"),
    path("things/<uuid:uid>/", views_things.thing, name="thing"),
    path("things/<uuid:uid>/close/", views_things.close, name="close"),
    path("closures/<uuid:uid>/lift/", views_things.lift, name="lift"),
    path("<uuid:uid>/", views.booking, name="booking"),
    path("<uuid:uid>/booking.ics", views.booking_ics, name="ics"),
    path("<uuid:uid>/say/", views.say, name="say"),
    path("<uuid:uid>/<slug:verb>/", views.act, name="act"),
]
urlpatterns = [path("bookings/", include((pages_of_ours, "bookings")))]
