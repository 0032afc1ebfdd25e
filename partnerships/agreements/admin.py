"""Texts are written here as new versions; agreements are only read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from partnerships.agreements.actions import write_version
from partnerships.agreements.actions.templates import WORDS, check_words
from partnerships.agreements.enums import REMINDED, AgreementKind, TermKind
from partnerships.agreements.kinds import kind_of, kinds
from partnerships.agreements.models import (
    Agreement,
    AgreementTemplate,
    AgreementText,
    AgreementType,
    Fulfilment,
    Obligation,
    Party,
    Signature,
    TemplateVersion,
)
from partnerships.agreements.models.types import remind_days
from partnerships.common.direction import directions
from partnerships.directory.admin import FoldedSearch, HistoryInline, Kept, NeverDeleted, ReadOnly, Seen


@admin.display(description=_("kind of text"))
def text_kind_in_words(row: Any) -> str:
    found = kinds().get(row.text_kind)
    return str(found.label) if found else row.text_kind


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """The present words, to be changed; saving them writes the next version."""

    title_az = forms.CharField(label=_("title in Azerbaijani"), max_length=300)
    title_en = forms.CharField(label=_("title in English"), max_length=300, required=False)
    body_az = forms.CharField(
        label=_("text in Azerbaijani"), widget=forms.Textarea({"rows": 24, "cols": 110})
    )
    body_en = forms.CharField(
        label=_("text in English"), required=False, widget=forms.Textarea({"rows": 24, "cols": 110})
    )
    note = forms.CharField(label=_("what has changed"), max_length=300, required=False)

    class Meta:
        model = AgreementTemplate
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.instance.current if self.instance.pk else None
        for name in WORDS:
            self.fields[name].initial = getattr(current, name, "")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name, problems in check_words(
            self.instance.kind_key, {k: cleaned.get(k, "") for k in WORDS}
        ).items():
            if name not in self.errors:
                self.add_error(name, ValidationError(problems))
        return cleaned


class NewTemplateForm(TemplateForm):
    """Words of its own for a type: its name, whose parties and places it has, and the first words."""

    key = forms.SlugField(label=_("key"), max_length=60)
    base = forms.ChoiceField(label=_("parties and places as in"))

    class Meta:
        model = AgreementTemplate
        fields = ("key", "name", "base")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base"].choices = lasting_texts()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        self.instance.base = self.cleaned_data.get("base", "")
        return super().clean()


def lasting_texts() -> list[tuple[str, Any]]:
    return [(key, kind.label) for key, kind in kinds().items() if kind.kind != AgreementKind.AMENDMENT]


class VersionInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = TemplateVersion
    extra = 0
    fields = readonly_fields = ("number", "title_az", "note", "created", "made_by")


@admin.register(AgreementTemplate)
class AgreementTemplateAdmin(Kept, NeverDeleted, admin.ModelAdmin):  # type: ignore[type-arg]
    """What was signed keeps its words: a change here is the next version, for what is sent from now on."""

    form = TemplateForm
    list_display = ("__str__", "version_now")
    search_fields = ("key", "name")
    fields = ("places", *WORDS, "note")
    readonly_fields = ("places",)
    inlines = (VersionInline,)
    actions = None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A new template is one that an administrator adds for a type; the others come from the apps."""
        kwargs["form"] = self.form if obj else NewTemplateForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ("key", "name", "base", *WORDS, "note")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(newest=Max("versions__number"))

    @admin.display(description=_("version"))
    def version_now(self, template: Any) -> int:
        return template.newest or 0

    @admin.display(description=_("places"))
    def places(self, template: AgreementTemplate) -> Any:
        known = kind_of(template.kind_key).known_places
        return format_html_join("\n", "<code>{{{}}}</code> {}<br>", sorted(known.items()))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in (*WORDS, "note")}
        if obj.pk is None:
            super().save_model(request, obj, form, change)
        write_version(obj, actor=request.user, **values)


@admin.register(TemplateVersion)
class TemplateVersionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("template", "number", "note", "created", "made_by")
    list_filter = ("template",)
    list_select_related = ("template", "made_by")
    search_fields = ("note", "template__name")
    fields = ("template", "number", *WORDS, "note", "created", "made_by")


class TypeForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a type may cover, which text it has, when it is reminded of."""

    text_kind = forms.ChoiceField(label=_("kind of text"))
    directions = forms.MultipleChoiceField(
        label=_("directions that it may cover"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )
    remind_days = forms.TypedMultipleChoiceField(
        label=_("reminders, days before the notice day"),
        coerce=int,
        required=False,
        initial=remind_days,
        choices=[(days, str(days)) for days in REMINDED],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = AgreementType
        fields = (
            "key",
            "name_az",
            "name_en",
            "text_kind",
            "template",
            "directions",
            "term_kind",
            "renew_months",
            "notice_days",
            "remind_days",
            "needs_legal",
            "needs_approval",
            "order",
            "active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text_kind"].choices = lasting_texts()  # type: ignore[attr-defined]
        self.fields["directions"].choices = [(one.key, one.name) for one in directions()]  # type: ignore[attr-defined]
        if self.instance.pk and Agreement.objects.filter(type=self.instance).exists():
            self.fields["text_kind"].disabled = True
            self.fields["text_kind"].help_text = _("Agreements of this type exist: their kind of text stays.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        template, text_kind = cleaned.get("template"), cleaned.get("text_kind")
        if template is not None and template.kind_key != text_kind:
            self.add_error("template", _("These words have other parties than the kind of text."))
        if cleaned.get("term_kind") == TermKind.AUTO and not cleaned.get("renew_months"):
            self.add_error("renew_months", _("Say by how many months it renews."))
        return cleaned


@admin.register(AgreementType)
class AgreementTypeAdmin(Kept, NeverDeleted, admin.ModelAdmin):  # type: ignore[type-arg]
    """Types are set here; what was made keeps what it was made with."""

    form = TypeForm
    list_display = ("name_az", text_kind_in_words, "notice_days", "needs_legal", "needs_approval", "active")
    list_filter = ("active",)
    search_fields = ("name_az", "name_en", "key")
    actions = None


class ObligationInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Obligation
    extra = 0
    fields = ("party", "what_az", "figure", "amount", "unit_az", "due")


class FulfilmentInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Fulfilment
    extra = 0
    fields = readonly_fields = ("done_on", "amount", "note", "document", "by", "at")


@admin.register(Obligation)
class ObligationAdmin(Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("what_az", "agreement", "party", "amount", "due")
    list_select_related = ("agreement", "party")
    search_fields = ("what_az", "what_en", "agreement__number")
    date_hierarchy = "due"
    inlines = (FulfilmentInline,)


class PartyInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Party
    extra = 0
    fields = ("order", "role", "name_az", "unit", "signatory", "position")


class SignatureInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Signature
    extra = 0
    fields = ("on_behalf_of", "legal_name", "at", "ip", "method", "sha256", "entered_by")


class TextInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = AgreementText
    extra = 0
    fields = readonly_fields = ("number", "template_version", "titled", "sha256", "made_at")

    @admin.display(description=_("title in Azerbaijani"))
    def titled(self, text: AgreementText) -> str:
        return text.title_az


@admin.register(Agreement)
class AgreementAdmin(FoldedSearch, Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "type", "title_az", "state", "starts", "ends", "notice_by")
    list_filter = ("state", "type", "kind")
    list_select_related = ("type",)
    inlines = (PartyInline, ObligationInline, SignatureInline, TextInline, HistoryInline)
    readonly_fields = (text_kind_in_words,)  # type: ignore[assignment]
    fields = (  # type: ignore[assignment]
        "number",
        "kind",
        text_kind_in_words,
        "state",
        "state_since",
        "title_az",
        "title_en",
        "type",
        "term_kind",
        "starts",
        "ends",
        "renew_months",
        "period_ends",
        "notice_days",
        "notice_by",
        "decision",
        "postponed_until",
        "directions",
        "parent",
        "renews",
        "owner",
        "keeper",
        "deputy",
        "proposed_by",
        "made_by",
        "bilingual",
        "awaiting",
        "turn_since",
        "sent_at",
        "in_force_since",
        "ended_on",
        "created",
        "updated",
    )
