"""Organisations as a tree with their names, and reference data."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.directory import actions
from partnerships.directory.admin.base import FoldedSearch, Kept, NamedValues, NeverDeleted, ReadOnly
from partnerships.directory.models import (
    Domain,
    ExternalId,
    Organization,
    OrganizationName,
    Skill,
    Specialty,
    Succession,
    ToldApart,
)


class NameInline(Kept, admin.StackedInline):  # type: ignore[type-arg]
    model = OrganizationName
    extra = 0
    fields = ["kind", "language", "text"]


class DomainInline(Kept, admin.StackedInline):  # type: ignore[type-arg]
    model = Domain
    extra = 0


class ExternalIdInline(Kept, admin.StackedInline):  # type: ignore[type-arg]
    model = ExternalId
    extra = 0


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Names of a new node become rows; later they are edited as rows below."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_parent(self) -> Organization | None:
        parent = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk and parent.path.startswith(self.instance.path):
            raise forms.ValidationError(_("A unit cannot stand below itself."))
        if self.instance.pk and (parent is None) != (self.instance.parent_id is None):
            raise forms.ValidationError(_("An organisation stands at the root of its tree and is not moved."))
        return parent


@admin.register(Organization)
class OrganizationAdmin(FoldedSearch, NeverDeleted, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    form = OrganizationForm
    list_display = ["indented", "kind", "acronym", "city", "country", "is_partner", "is_active"]
    list_filter = ["kind", "is_partner", "is_active", "ownership", ("source", NamedValues)]
    list_select_related = ["root"]
    ordering = ["path"]
    autocomplete_fields = ["parent"]
    inlines = [NameInline, DomainInline, ExternalIdInline]
    fieldsets = [
        (None, {"fields": ["kind", "parent", "name", "name_en", "acronym", "slug"]}),
        (_("Where"), {"fields": ["country", "city", "website", "ownership"]}),
        (_("Here"), {"fields": ["is_partner", "is_operator", "is_active", "checked_at", "source"]}),
    ]

    @admin.display(description=_("name"), ordering="path")
    def indented(self, node: Organization) -> str:
        depth = max(node.path.count(".") - 1, 0)
        return f"{'— ' * depth}{node.display_name}"

    def search_word(self, queryset: Any, word: str) -> Any:
        named = OrganizationName.objects.filter(folded__contains=word).values("organization_id")
        return queryset.filter(folded__contains=word) | queryset.filter(pk__in=named)

    def get_inlines(self, request: HttpRequest, obj: Organization | None) -> Any:
        return self.inlines if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Organization | None = None) -> Any:
        return ["name", "name_en", "acronym", "source"] if obj else ["source"]

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        values = {
            name: form.cleaned_data[name]
            for name in form.cleaned_data
            if name not in {"kind", "parent", "name"}
        }
        parent = form.cleaned_data.get("parent")
        if change:
            if parent is not None and "parent" in form.changed_data:
                obj.path, obj.root_id = self._moved(request, obj, parent)
            slug = values.get("slug") or form.initial["slug"]
            actions.update_organization(obj, actor=request.user, slug=slug)
            return
        values = {name: value for name, value in values.items() if name != "slug" or value}
        if parent is None:
            node = actions.create_organization(obj.kind, obj.name, actor=request.user, **values)
        else:
            node = actions.add_unit(parent, obj.kind, obj.name, actor=request.user, **values)
        Organization.objects.filter(pk=node.pk).update(edited_by_person=True)
        obj.pk = node.pk
        obj._state.adding = False
        obj.refresh_from_db()

    def _moved(self, request: HttpRequest, obj: Organization, parent: Organization) -> tuple[str, int | None]:
        moved = actions.move_unit(Organization.objects.get(pk=obj.pk), parent, actor=request.user)
        return moved.path, moved.root_id

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        rows = list(form.instance.names.values_list("language", "kind", "text"))
        if change and any(kind == "label" for _language, kind, _text in rows):
            actions.set_names(form.instance, rows, actor=request.user)


@admin.register(Succession)
class SuccessionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["organization", "how", "on", "successor"]
    list_filter = ["how"]
    list_select_related = ["organization", "successor"]
    search_fields = ["organization__folded", "successor__folded"]


@admin.register(ToldApart)
class ToldApartAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["first", "second", "reason", "made_by", "made_at"]
    list_select_related = ["first", "second", "made_by"]
    search_fields = ["first__folded", "second__folded"]


@admin.register(Specialty)
class SpecialtyAdmin(FoldedSearch, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["code", "name", "name_en", "degree"]
    list_filter = ["degree"]


@admin.register(Skill)
class SkillAdmin(FoldedSearch, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "name_en"]
