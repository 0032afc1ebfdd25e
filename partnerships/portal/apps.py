from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "partnerships.portal"
    label = "portal"

    def ready(self) -> None:
        from django.conf import settings

        from partnerships import checks  # noqa: F401, registers them

        if settings.SQLITE:  # whichever command is the first on a fresh machine
            settings.VAR_DIR.mkdir(parents=True, exist_ok=True)


class PortalAdminConfig(AdminConfig):
    default_site = "partnerships.portal.admin_site.PortalAdminSite"
