"""The list of cooperation ideas, to be taken away."""

from typing import Any

from django.http import QueryDict

from partnerships.common.listing import Listed, listing
from partnerships.common.pages import table_of
from partnerships.ideas.views import IDEAS


@listing("ideas.ideas")
def ideas(user: Any, params: QueryDict) -> Listed:
    return table_of(IDEAS, user, params)
