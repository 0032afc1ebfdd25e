from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.utils.functional import lazy
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
        for name in settings.DIRECTIONS:
            config = apps.get_app_config(name)
            if type(config) is AppConfig:  # one of its own says its name itself
                config.verbose_name = lazy(_name_of, str)(name)


def _name_of(direction: str) -> str:
    """Asked when it is shown: a direction's declaration is read when all apps are."""
    from partnerships.portal import registry

    return str(registry.direction(direction).name)


class PortalAdminConfig(AdminConfig):
    verbose_name = _("Administration")
    default_site = "partnerships.portal.admin_site.PortalAdminSite"
