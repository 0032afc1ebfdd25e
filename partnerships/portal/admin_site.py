"""The administration of the portal."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_header = _("Partnership portal: administration")
    site_title = _("Administration")
    index_title = _("What is kept here")
