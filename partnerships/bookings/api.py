"""Bookings by the same rights and verbs as on the pages; what this engine has for programs."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.bookings import actions
from partnerships.bookings.api_keeping import ClosureViewSet, ThingViewSet
from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, Thing
from partnerships.bookings.workflow import BOOKING
from partnerships.common.api import NeededNote, Note, Nothing, OfferedVerb, Verbs, add_verbs, refusals
from partnerships.common.viewsets import VisibleViewSet

CALLED = frozenset(
    {
        "approve",
        "decline",
        "accept",
        "accept_ask",
        "check_in",
        "finish",
        "move",
        "move_ask",
        "cancel",
        "withdraw",
    }
)


class BookingSerializer(serializers.ModelSerializer[Booking]):
    things = serializers.SerializerMethodField()
    holder = serializers.CharField(source="holder.name", read_only=True)
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = (
            "uid", "state", "state_since", "title", "people", "private", "things", "holder", "starts", "ends",
            "expires", "check_in_by", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_things(self, booking: Booking) -> list[str]:
        return [str(thing.uid) for thing in booking.things]

    @extend_schema_field(OfferedVerb(many=True))
    def get_actions(self, booking: Booking) -> Any:
        offered = BOOKING.available(booking, self.context["request"].user)
        return OfferedVerb([verb for verb in offered if verb.name in CALLED], many=True).data


class BookingFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=BookingState.choices)

    class Meta:
        model = Booking
        fields = ("state",)


class BookSerializer(serializers.Serializer[Any]):
    things = serializers.SlugRelatedField(
        slug_field="uid", queryset=Thing.objects.none(), many=True, allow_empty=False
    )
    starts = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    title = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    people = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=5000)
    private = serializers.BooleanField(required=False, default=False)
    wait = serializers.BooleanField(
        required=False, default=False, help_text="Stand in line when it is taken."
    )

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if "request" in self.context:
            seen = Thing.objects.visible_to(self.context["request"].user)
            fields["things"].child_relation.queryset = seen
        return fields


class MoveSerializer(serializers.Serializer[Any]):
    starts = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


def _free(taken: actions.Taken) -> ValidationError:
    """A taken time with the nearest free ones."""
    free = [moment.isoformat() for moment in taken.free]
    return ValidationError({"starts": taken.messages, "code": "taken", "free": free})


def _move(booking: Booking, *, actor: Any, **values: Any) -> Booking:
    """Move to another time. A taken one is answered with the nearest free times."""
    try:
        return actions.move(booking, actor=actor, **values)
    except actions.Taken as taken:
        raise _free(taken) from taken


VERBS: Verbs = {
    "approve": (Note, actions.approve),
    "decline": (NeededNote, actions.decline),
    "accept": (Nothing, actions.accept),
    "check-in": (Nothing, actions.check_in),
    "finish": (Nothing, actions.finish),
    "move": (MoveSerializer, _move),
    "cancel": (Note, actions.cancel),
    "withdraw": (NeededNote, actions.withdraw),
}


class BookingViewSet(VisibleViewSet):
    """Bookings that the reader may see. `actions` says what the reader may do with each now."""

    serializer_class = BookingSerializer
    filterset_class = BookingFilter
    queryset = Booking.objects.none()

    def get_queryset(self) -> Any:
        return Booking.objects.visible_to(self.request.user).with_rows()

    @extend_schema(
        summary="Book",
        request=BookSerializer,
        responses={201: BookingSerializer, **refusals(400, 401, 403, 409, 415)},
    )
    def create(self, request: Request) -> Response:
        """A taken time is answered with `free`, the nearest beginnings."""
        given = BookSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        try:
            booking = actions.book(values.pop("things"), actor=request.user, **values)
        except actions.Taken as taken:
            raise _free(taken) from taken
        body = self.get_serializer(self.get_queryset().get(pk=booking.pk)).data
        return Response(body, status=status.HTTP_201_CREATED)


add_verbs(BookingViewSet, VERBS)
RESOURCES = (("things", ThingViewSet), ("closures", ClosureViewSet), ("bookings", BookingViewSet))
