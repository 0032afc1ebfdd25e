"""Every address of the portal; each app names its own in its urls.py."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("partnerships.portal.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    *(path(f"{name}/", include(f"{name}.urls")) for name in settings.DIRECTIONS if find_spec(f"{name}.urls")),
    *(
        path("", include(f"partnerships.{name}.urls"))
        for name in ("accounts", "directory", "documents", "notifications", "api")
        if find_spec(f"partnerships.{name}.urls")
    ),
]

handler400 = "partnerships.portal.errors.bad_request"
handler403 = "partnerships.portal.errors.permission_denied"
handler404 = "partnerships.portal.errors.page_not_found"
handler500 = "partnerships.portal.errors.server_error"
