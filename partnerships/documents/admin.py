"""Documents and imports in the administration: their particulars, never their content, and never edited."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.directory.admin import FoldedSearch
from partnerships.directory.admin import ReadOnly as Read
from partnerships.documents.models import Document, DocumentView, ExportRun, ImportRun


class ReadOnly(Read, admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that the administration reads: nothing is added, changed or removed there."""


class SeenOnly(ReadOnly):
    """Rows through the one door, `visible_to`; what `fields` names is read, computed fields included."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).visible_to(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or ()


@admin.register(Document)
class DocumentAdmin(FoldedSearch, ReadOnly):
    list_display = ("name", "owner", "kind", "mime", "size", "created")
    list_filter = ("kind", "mime")
    list_select_related = ("owner",)
    date_hierarchy = "created"
    fields = (
        "name",
        "owner",
        "kind",
        "mime",
        "size",
        "sha256",
        "content_type",
        "number_of_object",
        "created",
    )
    readonly_fields = fields

    @admin.display(description=_("key of the object"))
    def number_of_object(self, document: Document) -> Any:
        return document.object_id

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(owner__folded__contains=word)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).described_to(request.user)


@admin.register(DocumentView)
class DocumentViewAdmin(ReadOnly):
    list_display = ("document", "user", "at")
    search_fields = ("user__email", "document__name")
    list_select_related = ("document", "user")
    date_hierarchy = "at"
    fields = ("document", "user", "at", "request_id")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        described = Document.objects.described_to(request.user)
        return super().get_queryset(request).filter(document__in=described)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly):
    """That it happened and how it went; the rows are people's data and stay with the owner."""

    list_display = ("file_name", "kind", "owner", "state", "created")
    search_fields = ("file_name", "owner__email")
    list_filter = ("kind", "state")
    list_select_related = ("owner",)
    fields = ("file_name", "kind", "owner", "state", "rows", "problem", "created", "updated")
    readonly_fields = fields

    @admin.display(description=_("rows"))
    def rows(self, run: ImportRun) -> Any:
        return run.summary.get("rows", 0)


@admin.register(ExportRun)
class ExportRunAdmin(ReadOnly):
    """The log of lists taken away: an export of people is an event of privacy."""

    list_display = ("created", "name", "owner", "rows", "people", "format")
    search_fields = ("owner__email",)
    list_filter = ("people", "format", "kind")
    list_select_related = ("owner",)
    date_hierarchy = "created"
    fields = ("created", "name", "kind", "owner", "query", "rows", "people", "format", "request_id")
    readonly_fields = fields
