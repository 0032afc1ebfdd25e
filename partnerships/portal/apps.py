from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "partnerships.portal"
    label = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from django.conf import settings

        from partnerships import checks  # noqa: F401, registers them

        if settings.SQLITE:  # whichever command is the first on a fresh machine
            settings.VAR_DIR.mkdir(parents=True, exist_ok=True)


class PortalAdminConfig(AdminConfig):
    verbose_name = _("Administration")
    default_site = "partnerships.portal.admin_site.PortalAdminSite"
