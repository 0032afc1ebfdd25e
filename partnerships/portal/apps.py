from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "partnerships.portal"
    label = "portal"

    def ready(self) -> None:
        from partnerships import checks  # noqa: F401, registers them


class PortalAdminConfig(AdminConfig):
    default_site = "partnerships.portal.admin_site.PortalAdminSite"
