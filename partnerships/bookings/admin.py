"""Things, their rules and hours are kept here; bookings and closures are read, their pages move them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.bookings import actions
from partnerships.bookings.models import Booking, Closure, Hours, Message, Quota, RoomFeed, Series, Thing
from partnerships.directory.admin import FoldedSearch, Kept, NeverDeleted
from partnerships.documents.admin import ReadOnly, SeenOnly
from partnerships.workflow.models import record


class HoursInline(Kept, admin.TabularInline):  # type: ignore[type-arg]
    model = Hours
    extra = 0


@admin.register(Thing)
class ThingAdmin(FoldedSearch, NeverDeleted, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """The tree. Where a thing stands and whose it is are said once, when it is added."""

    list_display = ("name", "kind", "parent", "owner", "capacity", "is_bookable", "is_active")
    list_filter = ("kind", "is_bookable", "is_active")
    list_select_related = ("parent", "owner")
    autocomplete_fields = ("owner", "parent", "parts")
    inlines = (HoursInline,)
    fields = (
        "owner", "parent", "kind", "name", "name_en", "about", "capacity", "is_bookable", "is_active",
        "parts", "audience", "approval", "horizon_days", "notice_minutes", "min_minutes", "max_minutes",
        "per_person", "buffer_before", "buffer_after", "check_in_minutes", "closed_on_holidays",
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("owner", "parent") if obj is not None else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), forms.NullBooleanSelect):
            field.widget.choices = [("unknown", _("As above")), *list(field.widget.choices)[1:]]
        return field

    def save_model(self, request: HttpRequest, obj: Thing, form: Any, change: bool) -> None:
        """Through the actions, which keep the path, the audience of what is below and what is held."""
        values = {name: value for name, value in form.cleaned_data.items() if name != "parts"}
        if change:
            values = {k: v for k, v in values.items() if k not in ("owner", "parent")}
            actions.change_thing(obj, actor=request.user, **values)
            return
        made = actions.add_thing(actor=request.user, **values)
        obj.pk, obj.path, obj.top_id = made.pk, made.path, made.top_id

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        thing = Thing.objects.get(pk=form.instance.pk)
        parts = list(form.cleaned_data.get("parts") or [])
        if set(parts) != set(thing.parts.all()):
            try:
                actions.set_parts(thing, parts, actor=request.user)
            except ValidationError as error:  # the rest is saved; what it is made of stays as it was
                messages.error(request, " ".join(error.messages))
        for formset in formsets:
            formset.instance = thing
            formset.save()
            if formset.has_changed():
                record(thing, "hours", actor=request.user)


@admin.register(Booking)
class BookingAdmin(FoldedSearch, SeenOnly):
    list_display = ("title", "holder", "owner", "starts", "ends", "state")
    list_filter = ("state",)
    list_select_related = ("holder", "owner")
    date_hierarchy = "starts"
    fields = (
        "title", "note", "holder", "owner", "people", "private", "starts", "ends", "needs_approval",
        "organization", "expires", "check_in_by", "series", "belongs_to", "state", "state_since", "created",
    )  # fmt: skip


@admin.register(Series)
class SeriesAdmin(ReadOnly):
    """The rule of a booking that comes again; its days are bookings of their own."""

    list_display = ("rule", "first", "minutes")
    search_fields = ("=pk", "bookings__title")
    fields = readonly_fields = ("rule", "first", "minutes", "left_out", "skipped")


@admin.register(RoomFeed)
class RoomFeedAdmin(FoldedSearch, ReadOnly):
    """Who reads which room in a calendar program; the address itself is its reader's alone."""

    list_display = ("thing", "person", "created")
    list_select_related = ("thing", "person")
    search_fields = ["person__folded"]
    fields = ("thing", "person", "created")
    readonly_fields = fields

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(Q(person__folded__contains=word) | Q(thing__folded__contains=word))


@admin.register(Message)
class MessageAdmin(FoldedSearch, SeenOnly):
    """That somebody wrote, and when; the words are for the two sides, on the page of the booking."""

    list_display = ("booking", "author", "asks", "created")
    list_select_related = ("booking", "author")
    search_fields = ["author__folded"]
    fields = ("booking", "author", "asks", "created")

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(Q(author__folded__contains=word) | Q(booking__folded__contains=word))


@admin.register(Closure)
class ClosureAdmin(SeenOnly):
    list_display = ("reason", "thing", "kind", "starts", "ends", "state")
    search_fields = ("reason", "thing__name", "thing__name_en")
    list_filter = ("kind", "state")
    list_select_related = ("thing",)
    fields = ("reason", "thing", "kind", "starts", "ends", "state", "state_since", "created")


@admin.register(Quota)
class QuotaAdmin(FoldedSearch, NeverDeleted, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """Hours a month. Of what and whose is said once; a quota is taken away on the page of its thing."""

    list_display = ("thing", "whose", "hours")
    list_select_related = ("thing", "organization")
    autocomplete_fields = ("thing", "organization")
    fields = ("thing", "organization", "hours")
    search_fields = ["thing__folded"]

    @admin.display(description=_("organisation"), ordering="organization")
    def whose(self, obj: Quota) -> str:
        return str(obj.organization or _("Each organisation by itself"))

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(Q(thing__folded__contains=word) | Q(organization__folded__contains=word))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("thing", "organization") if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Quota, form: Any, change: bool) -> None:
        """Through the actions, under the lock under which hours are counted."""
        if change:
            actions.change_hours(obj, actor=request.user, hours=obj.hours, version=obj.version)
            return
        whose = obj.organization
        obj.pk = actions.give_hours(obj.thing, actor=request.user, hours=obj.hours, organization=whose).pk
