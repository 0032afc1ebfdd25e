"""/api/v1/: the viewsets of all apps, the schema, the docs, and tokens."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from partnerships.api import views
from partnerships.api.jobs import JobViewSet
from partnerships.api.rows import rights_of, row_of
from partnerships.api.views import EndTokenView, SchemaView, TokenView
from partnerships.common import scopes
from partnerships.directory.registers import registers_of

router = SimpleRouter(use_regex_path=False)
CORE = (
    "partnerships.directory",
    "partnerships.documents",
    "partnerships.notifications",
    "partnerships.agreements",
    "partnerships.certificates",
    "partnerships.bookings",
    "partnerships.reviews",
    "partnerships.joining",
    "partnerships.ideas",
    "partnerships.indicators",
    "partnerships.portal",
)


def resources_of(name: str) -> list[tuple[str, Any]]:
    """(address, viewset) of what an app has for programs: its `api`, and its registers."""
    found = [*import_module(f"{name}.api").RESOURCES] if find_spec(f"{name}.api") else []
    return found + [(one.many, one.resource) for one in registers_of(name)]


for name in (*CORE, *settings.DIRECTIONS):
    label = name.removeprefix("partnerships.")
    resources = resources_of(name)
    if resources and name in settings.DIRECTIONS:
        scopes.offer(label)
    for prefix, viewset in resources:
        viewset.token_group = scopes.group_of(label)
        viewset.rights_of = staticmethod(rights_of)
        if viewset.lookup_field == "uid" and viewset.words_kept:
            viewset.row_of = staticmethod(row_of)
        router.register(prefix, viewset, basename=prefix)

JobViewSet.token_group = scopes.group_of("common")
router.register("jobs", JobViewSet, basename="jobs")

v1 = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("tokens/", TokenView.as_view(), name="tokens"),
    path("tokens/end/", EndTokenView.as_view(), name="token_end"),
    *router.urls,
]

urlpatterns = [
    path("api/v1/", RedirectView.as_view(pattern_name="api:docs")),  # whoever has this address alone
    path("api/v1/", include((v1, "api"))),
    path("profile/tokens/", views.tokens, name="api_tokens"),
    path("profile/tokens/<uuid:uid>/end/", views.token_end, name="api_token_end"),
]
