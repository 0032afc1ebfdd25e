"""The administration of the portal."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.notifications import health


class PortalAdminSite(AdminSite):
    site_header = _("Partnership portal: administration")
    site_title = _("Administration")
    index_title = _("What is kept here")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        context["troubles"] = health.troubles() if context["has_permission"] else []
        return context
