"""Bookings by the same rights and verbs as on the pages; what this engine has for programs."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from partnerships.bookings import actions
from partnerships.bookings.api_keeping import ClosureViewSet, ThingViewSet
from partnerships.bookings.api_quotas import QuotaViewSet
from partnerships.bookings.enums import BookingState
from partnerships.bookings.lists import at_site
from partnerships.bookings.models import Booking, Message, Thing
from partnerships.bookings.reports import answering, in_show
from partnerships.bookings.workflow import BOOKING
from partnerships.common.api import (
    MomentField,
    NeededNote,
    Note,
    Nothing,
    OfferedVerb,
    SeenField,
    Verbs,
    add_verbs,
    add_writes,
    called,
    offered,
)
from partnerships.common.narrowing import ByChoice, ByText, ByUid
from partnerships.common.viewsets import VisibleViewSet
from partnerships.directory.models import Organization
from partnerships.directory.threads import LONGEST


class BookingSerializer(serializers.ModelSerializer[Booking]):
    things = serializers.SerializerMethodField()
    holder = serializers.CharField(source="holder.name", read_only=True)
    organization = serializers.CharField(
        source="organization.slug", allow_null=True, default=None, read_only=True
    )
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = (
            "uid", "state", "state_since", "title", "people", "private", "things", "holder", "organization",
            "starts", "ends", "expires", "more_asked", "check_in_by", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_things(self, booking: Booking) -> list[str]:
        return [str(thing.uid) for thing in booking.things]

    @extend_schema_field(OfferedVerb(many=True))
    def get_actions(self, booking: Booking) -> Any:
        return offered(BOOKING.available(booking, self.context["request"].user), _CALLED)


class BookingFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=BookingState.choices)
    show = ByChoice(in_show, choices=[(show, show) for show in ("mine", "hit", "decide", "coming", "past")])
    q = ByText(answering, help_text="Words of what it is for, of the room, or of who has it.")
    site = ByUid(at_site, help_text="uid of the thing at the root.")

    class Meta:
        model = Booking
        fields = ("state", "show", "q", "site")


class BookSerializer(serializers.Serializer[Any]):
    things = SeenField(Thing, many=True, allow_empty=False)
    starts = MomentField()
    ends = MomentField()
    title = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    people = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=5000)
    private = serializers.BooleanField(required=False, default=False)
    organization: Any = serializers.SlugRelatedField(
        "slug",
        queryset=Organization.objects.filter(parent=None),
        required=False,
        help_text="Slug: whose hours of the month it takes, of those to which you belong.",
    )
    wait = serializers.BooleanField(
        required=False, default=False, help_text="Stand in line when it is taken."
    )


class MoveSerializer(serializers.Serializer[Any]):
    starts = MomentField()
    ends = MomentField()
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


def _free(taken: actions.Taken) -> ValidationError:
    """A taken time with the nearest free ones."""
    free = [moment.isoformat() for moment in taken.free]
    return ValidationError({"starts": taken.messages, "code": "taken", "free": free})


def _book(*, actor: Any, things: list[Thing], **values: Any) -> Booking:
    """Book. A taken time is answered with `free`, the nearest beginnings."""
    try:
        return actions.book(things, actor=actor, **values)
    except actions.Taken as taken:
        raise _free(taken) from taken


def _move(booking: Booking, *, actor: Any, **values: Any) -> Booking:
    """Move to another time. A taken one is answered with the nearest free times."""
    try:
        return actions.move(booking, actor=actor, **values)
    except actions.Taken as taken:
        raise _free(taken) from taken


class SaySerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST)


class MessageSerializer(serializers.ModelSerializer[Message]):
    booking = serializers.UUIDField(source="booking.uid", read_only=True)
    author = serializers.CharField(source="author.name", read_only=True)

    class Meta:
        model = Message
        fields = ("uid", "booking", "author", "asks", "text", "created")
        read_only_fields = fields


class MessageFilter(django_filters.FilterSet):
    booking = django_filters.UUIDFilter("booking__uid", help_text="uid of the booking.")

    class Meta:
        model = Message
        fields = ("booking",)


class MessageViewSet(VisibleViewSet):
    """What the two sides of a booking that needs approval write to each other; written by its verb `say`."""

    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    queryset = Message.objects.none()

    def get_queryset(self) -> Any:
        return Message.objects.visible_to(self.request.user).select_related("booking", "author")


VERBS: Verbs = {
    "say": (SaySerializer, actions.say),
    "ask": (NeededNote, actions.ask_more),
    "approve": (Note, actions.approve),
    "decline": (NeededNote, actions.decline),
    "accept": (Nothing, actions.accept),
    "check-in": (Nothing, actions.check_in),
    "finish": (Nothing, actions.finish),
    "move": (MoveSerializer, _move),
    "cancel": (Note, actions.cancel),
    "withdraw": (NeededNote, actions.withdraw),
}
# What is asked of who decides first has a name of its own in the table, and the same address.
_CALLED = called({**VERBS, "accept-ask": VERBS["accept"], "move-ask": VERBS["move"]})


class BookingViewSet(VisibleViewSet):
    """Bookings that the reader may see. `actions` says what the reader may do with each now."""

    serializer_class = BookingSerializer
    filterset_class = BookingFilter
    queryset = Booking.objects.none()

    def get_queryset(self) -> Any:
        return Booking.objects.visible_to(self.request.user).with_rows().select_related("organization")


add_verbs(BookingViewSet, VERBS)
add_writes(BookingViewSet, create=(BookSerializer, _book))
RESOURCES = (
    ("things", ThingViewSet),
    ("closures", ClosureViewSet),
    ("quotas", QuotaViewSet),
    ("bookings", BookingViewSet),
    ("booking-messages", MessageViewSet),
)
