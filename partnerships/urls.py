"""Every address of the portal; each app names its own in its urls.py."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from partnerships.portal.pages import direction_urls

CORE = (
    "portal",
    "accounts",
    "directory",
    "documents",
    "notifications",
    "agreements",
    "certificates",
    "bookings",
    "reviews",
    "privacy",
    "joining",
    "ideas",
    "indicators",
    "api",
)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    # Before the rest: a word tells whether an address is theirs, where each of the others is looked at.
    *(path(f"{name}/", include((direction_urls(name), name))) for name in settings.DIRECTIONS),
    *(path("", include(f"partnerships.{name}.urls")) for name in CORE),
]

handler400 = "partnerships.portal.errors.bad_request"
handler403 = "partnerships.portal.errors.permission_denied"
handler404 = "partnerships.portal.errors.page_not_found"
handler500 = "partnerships.portal.errors.server_error"
