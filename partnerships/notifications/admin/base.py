"""What the engine alone writes is read by administrators."""

from django.contrib import admin

from partnerships.directory.admin import ReadOnly as Read


class ReadOnly(Read, admin.ModelAdmin):  # type: ignore[type-arg]
    """Seen by administrators of the organisation that runs the portal, written by the engine alone."""
