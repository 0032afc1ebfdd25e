"""Every address of the portal, and an empty page where there is nothing: of a refusal to strangers only the
status is read, and drawing the whole page for each would take half of a crawl. Its words: test_refusals."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from partnerships.urls import handler400, handler403, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def nothing(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return HttpResponse(status=404)


handler404 = "partnerships.testing.crawling.bare.nothing"
