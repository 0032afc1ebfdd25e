"""The list of requests to join, to be taken away."""

from typing import Any

from django.http import QueryDict

from partnerships.common.listing import Listed, listing
from partnerships.common.pages import table_of
from partnerships.joining.views import REQUESTS


@listing("joining.requests", people=True)
def requests(user: Any, params: QueryDict) -> Listed:
    return table_of(REQUESTS, user, params)
