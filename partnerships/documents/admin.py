"""Documents and imports in the administration: their particulars, never their content, and never edited."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.common.text import sort_key
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


class PartFilter(admin.SimpleListFilter):
    """Where in the portal the list stands, in words: what it is called goes by the day and the language."""

    title = _("part of the portal")
    parameter_name = "part"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        kinds = ExportRun.objects.order_by().values_list("kind", flat=True).distinct()
        parts = {kind.partition(".")[0] for kind in kinds}
        return sorted(((part, part_in_words(part)) for part in parts), key=lambda pair: sort_key(pair[1]))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind__startswith=f"{self.value()}.") if self.value() else queryset


def part_in_words(label: str) -> str:
    """An application by its name; one that is no longer there by its label."""
    found = [config.verbose_name for config in apps.get_app_configs() if config.label == label]
    return str(found[0]) if found else label


@admin.register(ExportRun)
class ExportRunAdmin(ReadOnly):
    """The log of lists taken away: an export of people is an event of privacy."""

    list_display = ("created", "name", "owner", "rows", "people", "format")
    search_fields = ("owner__email",)
    list_filter = ("people", "format", PartFilter)
    list_select_related = ("owner",)
    date_hierarchy = "created"
    fields = ("created", "name", "part", "owner", "query", "rows", "people", "format", "request_id")
    readonly_fields = fields

    @admin.display(description=_("part of the portal"))
    def part(self, run: ExportRun) -> str:
        return part_in_words(run.kind.partition(".")[0])
