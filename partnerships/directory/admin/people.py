"""People with their roles, accounts and consents; who was invited and who stands in."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from partnerships.accounts.models import Consent, ConsentText, User
from partnerships.common.text import fold
from partnerships.directory import actions
from partnerships.directory.admin.base import FoldedSearch, Kept, NeverDeleted
from partnerships.directory.models import (
    Affiliation,
    Deputyship,
    Invitation,
    Person,
)


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
    not_in_files = ["phone"]
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


def _same_words(given: dict[str, Any], text: ConsentText) -> bool:
    """However the lines end: a browser sends them in its own way."""
    return all(
        given.get(field, "").split() == getattr(text, field).split() for field in ("body_az", "body_en")
    )


class ConsentTextAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_number(self) -> int:
        """The highest number is the text that is asked for."""
        number: int = self.cleaned_data["number"]
        newest = ConsentText.objects.exclude(pk=self.instance.pk).first()
        if newest is not None and number <= newest.number:
            raise ValidationError(
                _("A newer text has a higher number: at least %(least)s."),
                params={"least": newest.number + 1},
            )
        return number

    def clean_published(self) -> datetime:
        published: datetime = self.cleaned_data["published"]
        if published > timezone.now():
            raise ValidationError(_("A text is asked for as soon as it is saved: this day is still to come."))
        return published

    def clean(self) -> dict[str, Any]:
        """The form begins as the present text: saved as it opened, everybody would be asked for nothing."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        newest = ConsentText.objects.first()
        if self.instance.pk is None and newest is not None and _same_words(given, newest):
            words = _("This is the present text word for word: everybody would be asked again. Change it.")
            self.add_error("body_az", words)
        return given


@admin.register(ConsentText)
class ConsentTextAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    form = ConsentTextAdminForm
    list_display = ["number", "published"]
    fieldsets = [
        (
            None,
            {
                "fields": ["number", "body_az", "body_en", "published"],
                "description": _(
                    "Everybody is asked to agree to the newest text within ten minutes, at the next page "
                    "that they open. Once somebody has agreed to a text, it stays as it is."
                ),
            },
        )
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The next text begins as the present one."""
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        newest = ConsentText.objects.first()
        if newest is None:
            return {"number": 1, **given}
        words = {"body_az": newest.body_az, "body_en": newest.body_en}
        return {"number": newest.number + 1, **words, **given}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.consents.exists())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and not obj.consents.exists()


# Organisations ------------------------------------------------------------------------------------------


@admin.register(Invitation)
class InvitationAdmin(NeverDeleted, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """To be read; codes are made by those who give them out."""

    list_display = ["code", "organization", "role", "uses_left", "expires", "made_by"]
    not_in_files = ["code"]
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
