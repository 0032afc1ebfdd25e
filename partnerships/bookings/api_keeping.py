"""Things for programs: read by whom they are open to, kept by who looks after them, as on the pages."""

from typing import Any

import django_filters
from django.db.models import Prefetch
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from partnerships.bookings import actions
from partnerships.bookings.enums import KEEPERS, Audience, ClosureKind, ClosureState, ThingKind
from partnerships.bookings.forms_keeping import RULES, WHAT
from partnerships.bookings.models import Closure, Hours, Thing
from partnerships.common.access import uid_if_seen
from partnerships.common.api import MomentField, Nothing, SeenField, Verbs, add_verbs, add_writes
from partnerships.common.narrowing import ByText
from partnerships.common.text import fold
from partnerships.common.viewsets import VisibleViewSet
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization


# The format "time" of a schema has an offset to UTC: these are times by the clock on the wall.
@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"})
class ClockField(serializers.TimeField):
    pass


class HoursSerializer(serializers.ModelSerializer[Hours]):
    """A span of a day of the week (0 is Monday), by the clock of Baku."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    opens = ClockField()
    closes = ClockField()

    class Meta:
        model = Hours
        fields = ("weekday", "opens", "closes")


class ThingSerializer(serializers.ModelSerializer[Thing]):
    """A rule that is null or empty, and hours that are none, are those of the thing that it stands in."""

    owner: Any = serializers.SlugRelatedField("slug", read_only=True)
    parent: Any = serializers.UUIDField(source="parent_seen", allow_null=True, read_only=True)
    audience = serializers.ChoiceField(Audience.choices, allow_blank=True, read_only=True)
    parts = serializers.SerializerMethodField()
    hours = HoursSerializer(many=True, read_only=True)

    class Meta:
        model = Thing
        fields = ("uid", *WHAT, "owner", "parent", "parts", *RULES, "hours", "version")
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_parts(self, thing: Thing) -> list[str]:
        return [str(part.uid) for part in thing.parts.all()]


def _with_owner(things: Any) -> Any:
    return things.select_related("owner", "top")


class OwnerField(serializers.SlugRelatedField[Organization]):
    """An organisation by its slug, among those whose things the writer looks after."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("slug", **kwargs)

    def get_queryset(self) -> Any:
        keys = [scope.node_id for scope in access_of(self.context["request"].user).of(*KEEPERS)]
        return Organization.objects.filter(pk__in=keys)


class ChangedThingSerializer(serializers.ModelSerializer[Thing]):
    parts = SeenField(Thing, _with_owner, many=True, required=False)

    class Meta:
        model = Thing
        fields = (*WHAT, *RULES, "parts")


class NewThingSerializer(serializers.ModelSerializer[Thing]):
    owner = extend_schema_field(OpenApiTypes.STR)(OwnerField)(
        queryset=Organization.objects.none(), required=False, help_text="Of a root: whose it is, by slug."
    )
    parent: Any = SeenField(Thing, _with_owner, required=False, help_text="What it stands in.")

    class Meta:
        model = Thing
        fields = (*(name for name in WHAT if name != "is_active"), *RULES, "owner", "parent")
        validators = ()  # one name in one place: the action says so


class SeenBookings(serializers.Serializer[Any]):
    seen = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        default=list,
        max_length=2000,
        help_text="Bookings of which you know that they are hit. Where others are, 400 with `bookings`.",
    )

    def validate_seen(self, given: list[Any]) -> list[str]:
        return [str(uid) for uid in given]


class OpeningWeekSerializer(SeenBookings):
    week = serializers.ListField(
        child=HoursSerializer(), max_length=70, help_text="The whole week; none: as what it stands in."
    )

    def validate_week(self, given: list[Any]) -> list[Any]:
        return [(row["weekday"], row["opens"], row["closes"]) for row in given]


class CloseThingSerializer(SeenBookings):
    starts = MomentField()
    ends = MomentField()
    reason = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(ClosureKind.choices, default=ClosureKind.CLOSURE)


def _hit(unseen: actions.Unseen) -> ValidationError:
    """What is hit, to be looked at and named in `seen`."""
    hit = [str(booking.uid) for booking in unseen.bookings]
    return ValidationError({"seen": unseen.messages, "code": "hits", "bookings": hit})


def _set_hours(thing: Thing, *, actor: Any, week: Any, seen: list[str]) -> None:
    """Set the opening hours. Bookings that they hit are answered with, and confirmed in `seen`."""
    try:
        actions.set_hours(thing, week, actor=actor, seen=seen)
    except actions.Unseen as unseen:
        raise _hit(unseen) from unseen


def _close(thing: Thing, *, actor: Any, seen: list[str], **values: Any) -> None:
    """Close for a time. Bookings that it hits are answered with, and confirmed in `seen`."""
    try:
        actions.close(thing, actor=actor, seen=seen, **values)
    except actions.Unseen as unseen:
        raise _hit(unseen) from unseen


class ThingFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=ThingKind.choices)
    is_bookable = django_filters.BooleanFilter()
    q = ByText(
        lambda rows, typed, _user: rows.filter(folded__contains=fold(typed)), help_text="Part of the name."
    )

    class Meta:
        model = Thing
        fields = ("kind", "is_bookable", "q")


class ThingViewSet(VisibleViewSet):
    """Rooms and equipment that are open to the reader; changed by who looks after them."""

    serializer_class = ThingSerializer
    filterset_class = ThingFilter
    queryset = Thing.objects.none()
    words_kept = False  # its parts are read beside, and who reads sees some of them

    def get_queryset(self) -> Any:
        user = self.request.user
        parts = Prefetch("parts", Thing.objects.visible_to(user).order_by("sort_key", "pk"))
        rows = Thing.objects.visible_to(user).select_related("owner__root", "top", "parent")
        return rows.annotate(parent_seen=uid_if_seen(Thing, user, "parent")).prefetch_related("hours", parts)


def _rewrite(thing: Thing, *, actor: Any, **values: Any) -> Thing:
    """Change names, rules, parts, or whether it is in use."""
    before = Thing.objects.get(pk=thing.pk)
    return actions.rewrite_thing(before, actor=actor, version=thing.version, **values)


KEEPING: Verbs = {"set-hours": (OpeningWeekSerializer, _set_hours), "close": (CloseThingSerializer, _close)}
add_verbs(ThingViewSet, KEEPING)
add_writes(
    ThingViewSet, create=(NewThingSerializer, actions.add_thing), change=(ChangedThingSerializer, _rewrite)
)


class ClosureSerializer(serializers.ModelSerializer[Closure]):
    thing = serializers.UUIDField(source="thing.uid", read_only=True)

    class Meta:
        model = Closure
        fields = ("uid", "thing", "kind", "starts", "ends", "reason", "state", "state_since", "version")
        read_only_fields = fields


class ClosureFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ClosureState.choices)

    class Meta:
        model = Closure
        fields = ("state",)


class ClosureViewSet(VisibleViewSet):
    """When things are shut or out of order; `lift` opens again before its time."""

    serializer_class = ClosureSerializer
    filterset_class = ClosureFilter
    queryset = Closure.objects.none()

    def get_queryset(self) -> Any:
        return Closure.objects.visible_to(self.request.user).select_related(
            "thing__owner__root", "thing__top"
        )


add_verbs(ClosureViewSet, {"lift": (Nothing, actions.lift)})
