"""The directory in the administration: people with their roles, organisations as a tree, reference data."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from partnerships.accounts.models import Consent, ConsentText, User
from partnerships.common.text import fold
from partnerships.directory import actions
from partnerships.directory.access import access_of
from partnerships.directory.models import (
    Affiliation,
    Deputyship,
    Domain,
    ExternalId,
    Invitation,
    Organization,
    OrganizationName,
    Person,
    Skill,
    Specialty,
)


class LabelledDateTime(AdminSplitDateTime):
    """Django draws the words "Date" and "Time" beside its two fields without tying them to the fields."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        labels = (_("Date"), _("Time"))
        for part, label in zip(context["widget"]["subwidgets"], labels, strict=True):
            part["attrs"]["aria-label"] = label
        return context


class NamedValues(admin.AllValuesFieldListFilter):
    """An empty value is a choice too, and its link needs a name."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or _("not given")}


class Kept:
    """Open to administrators of the organisation that runs the portal, and to a superuser."""

    show_full_result_count = False
    list_per_page = 50
    formfield_overrides = {models.DateTimeField: {"widget": LabelledDateTime}}

    def _may(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.is_active and (user.is_superuser or access_of(user).administers))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission


class FoldedSearch:
    """Search that forgives letters: every word typed must occur in the folded text."""

    search_fields = ["folded"]
    search_help_text = _("However it is spelt: “azerisiq” finds “Azərişıq”.")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        for word in fold(search_term).split():
            queryset = self.search_word(queryset, word)
        return queryset, False

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(folded__contains=word)


class NeverDeleted:
    """Rows with a history are ended or switched off. Named before `Kept`, whose permission it takes back."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# People and accounts ------------------------------------------------------------------------------------
class AffiliationInline(NeverDeleted, Kept, admin.StackedInline):  # type: ignore[type-arg]
    """New rows are roles given by the administrator; a role that is there gets its end, never goes away."""

    model = Affiliation
    extra = 0
    fields = ["organization", "role", "position", "starts", "ends", "state", "verified_by", "verified_at"]
    readonly_fields = ["state", "verified_by", "verified_at"]
    autocomplete_fields = ["organization"]
    show_change_link = False


class PersonAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    forget_fin = forms.BooleanField(
        label=_("Remove the personal code"),
        required=False,
        help_text=_("It is kept only where a contract needs it."),
    )


@admin.register(Person)
class PersonAdmin(FoldedSearch, NeverDeleted, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["named", "email", "phone", "user", "is_foreigner"]
    list_filter = ["is_foreigner"]
    list_select_related = ["user"]
    autocomplete_fields = ["user", "skills"]
    inlines = [AffiliationInline]
    form = PersonAdminForm
    readonly_fields = ["fin_shown", "created", "updated"]
    fieldsets = [
        (None, {"fields": ["family_name", "given_name", "patronymic", "user", "email", "phone"]}),
        (_("Identifiers"), {"fields": ["orcid", "fin_shown", "forget_fin", "is_foreigner"]}),
        (_("More"), {"fields": ["skills", "created", "updated"]}),
    ]

    @admin.display(description=_("person"))
    def named(self, person: Person) -> str:
        return person.full_name

    @admin.display(description=_("personal code (FIN)"))
    def fin_shown(self, person: Person) -> str:
        return person.masked_fin or "—"

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        obj.email = obj.email.lower()
        if form.cleaned_data.get("forget_fin"):
            obj.fin = ""
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not Affiliation:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for one in formset.initial_forms:
            if one.has_changed():
                changed = {name: one.cleaned_data[name] for name in one.changed_data}
                row = actions.amend_affiliation(one.instance, actor=request.user, **changed)
                formset.changed_objects.append((row, one.changed_data))
        for one in formset.extra_forms:
            if one.has_changed():
                row = actions.give_affiliation(
                    form.instance,
                    one.cleaned_data["organization"],
                    one.cleaned_data["role"],
                    actor=request.user,
                    position=one.cleaned_data["position"],
                    starts=one.cleaned_data["starts"],
                    ends=one.cleaned_data["ends"],
                )
                formset.new_objects.append(row)


class ConsentInline(NeverDeleted, Kept, admin.StackedInline):  # type: ignore[type-arg]
    model = Consent
    extra = 0
    fields = ["text", "at", "ip"]
    readonly_fields = ["text", "at", "ip"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NewUserForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account without a password: its owner sets one by a code sent to the address."""

    class Meta:
        model = User
        fields = ["email", "language", "is_staff"]

    def clean_email(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["email"])

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        user.set_unusable_password()
        if commit:
            user.save()
        return user


@admin.register(User)
class UserAdmin(Kept, DjangoUserAdmin):  # type: ignore[type-arg]
    list_display = ["email", "person_link", "language", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "language"]
    search_fields = ["email"]
    ordering = ["email"]
    filter_horizontal = []
    list_select_related = ["person"]
    inlines = [ConsentInline]
    readonly_fields = ["person_link", "last_login", "date_joined"]
    add_form = NewUserForm
    add_fieldsets = [(None, {"fields": ["email", "language", "is_staff"]})]
    fieldsets = [
        (None, {"fields": ["email", "password", "language", "person_link"]}),
        (_("What it may do"), {"fields": ["is_active", "is_staff"]}),
        (_("When"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        for word in fold(search_term).split():
            queryset = queryset.filter(email__contains=word) | queryset.filter(person__folded__contains=word)
        return queryset, False

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser's account is changed by a superuser."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or bool(request.user.is_superuser))  # type: ignore[union-attr]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("person"))
    def person_link(self, user: User) -> str:
        person = getattr(user, "person", None)
        if person is None:
            return "—"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:directory_person_change", args=[person.pk]), person.name
        )


admin.site.unregister(Group)


@admin.register(ConsentText)
class ConsentTextAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["number", "published"]
    fields = ["number", "body_az", "body_en", "published"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.consents.exists())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and not obj.consents.exists()


# Organisations ------------------------------------------------------------------------------------------
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


@admin.register(Specialty)
class SpecialtyAdmin(FoldedSearch, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["code", "name", "name_en", "degree"]
    list_filter = ["degree"]


@admin.register(Skill)
class SkillAdmin(FoldedSearch, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "name_en"]


@admin.register(Invitation)
class InvitationAdmin(NeverDeleted, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """To be read; codes are made by those who give them out."""

    list_display = ["code", "organization", "role", "uses_left", "expires", "made_by"]
    list_filter = ["role"]
    search_fields = ["code", "note"]
    list_select_related = ["organization", "made_by"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Deputyship)
class DeputyshipAdmin(NeverDeleted, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """Read here; named, declined and ended on the page of deputies."""

    list_display = ("holder", "deputy", "affiliation", "starts", "ends", "state")
    list_filter = ("state",)
    list_select_related = ("holder", "deputy", "affiliation")
    search_fields = ("holder__folded", "deputy__folded")
    date_hierarchy = "starts"
    fields = (
        "holder",
        "deputy",
        "affiliation",
        "starts",
        "ends",
        "reason",
        "state",
        "state_since",
        "created",
    )
    readonly_fields = fields

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, fold(search_term))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
