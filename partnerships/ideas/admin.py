"""Ideas in the administration: read; their pages move them."""

from django.contrib import admin

from partnerships.directory.admin import FoldedSearch
from partnerships.documents.admin import SeenOnly
from partnerships.ideas.models import Idea


@admin.register(Idea)
class IdeaAdmin(FoldedSearch, SeenOnly):
    list_display = ("title", "partner", "owner", "state", "next_on")
    list_filter = ("state", "came_up")
    list_select_related = ("partner", "owner")
    fields = (
        "title", "text", "home", "partner", "came_up", "said_on", "noted_by", "owner", "next_step", "next_on",
        "state", "state_since", "created",
    )  # fmt: skip
