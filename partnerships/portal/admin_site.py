"""The administration of the portal."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from partnerships.common.text import sort_key
from partnerships.notifications import health


class PortalAdminSite(AdminSite):
    site_header = _("Partnership portal: administration")
    site_title = _("Administration")
    index_title = _("What is kept here")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        context["troubles"] = health.troubles() if context["has_permission"] else []
        return context

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Sections, and what stands in each, by the Azerbaijani alphabet instead of by code points."""
        sections = sorted(super().get_app_list(request, app_label), key=_by_name)
        for section in sections:
            section["models"].sort(key=_by_name)
        return sections

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return ScriptWords.as_view(packages=["django.contrib.admin"])(request)  # type: ignore[return-value]


class ScriptWords(JavaScriptCatalog):
    """What Django's scripts in the administration say, and how we say it better."""

    def get_catalog(self) -> dict[str, Any]:
        said: dict[str, Any] = super().get_catalog()
        return {**said, "%(sel)s of %(cnt)s selected": gettext("%(sel)s of %(cnt)s selected")}


def _by_name(entry: dict[str, Any]) -> str:
    return sort_key(str(entry["name"]))
