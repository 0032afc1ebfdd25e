"""What one is asked to mark, by the same rights and verbs as on the pages. Rounds are led on pages alone."""

from collections.abc import Iterable
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.common.api import (
    NeededNote,
    Nothing,
    OfferedVerb,
    Verbs,
    add_verbs,
    add_writes,
    offered_alone,
    refusals,
)
from partnerships.common.viewsets import VisibleViewSet
from partnerships.reviews import actions
from partnerships.reviews.enums import Phase, ReviewState
from partnerships.reviews.kinds import type_of
from partnerships.reviews.models import Review
from partnerships.reviews.workflow import REVIEW


class CriterionSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    weight = serializers.IntegerField()
    labels = serializers.ListField(child=serializers.CharField(), help_text="Of 1, 2, … in this order.")


class FactSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()
    text = serializers.CharField()


class ReviewSerializer(serializers.ModelSerializer[Review]):
    round: Any = serializers.SlugRelatedField("uid", read_only=True)
    round_title = serializers.CharField(source="round.title", read_only=True)
    phase = serializers.ChoiceField(Phase.choices, source="round.state", read_only=True)
    due = serializers.DateTimeField(source="round.due", read_only=True)
    item = serializers.SerializerMethodField()
    criteria = serializers.SerializerMethodField()
    sheet = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = (
            "uid", "round", "round_title", "phase", "due", "item", "state", "state_since", "criteria",
            "marks", "comment", "score", "submitted_at", "sheet", "page", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(help_text="Whose it is; its code where that is hidden."))
    def get_item(self, review: Review) -> str:
        kind, row = review.round.reviewed, self._items()[review.round.kind, review.object_id]
        return kind.code(row) if review.round.hides_items else kind.name(row)

    @extend_schema_field(CriterionSerializer(many=True))
    def get_criteria(self, review: Review) -> Any:
        rows = [
            {"key": one.key, "title": str(one.title), "weight": one.weight, "labels": list(one.labels)}
            for one in review.round.scale.criteria
        ]
        return CriterionSerializer(rows, many=True).data

    @extend_schema_field(
        FactSerializer(many=True, allow_null=True, help_text="What is known of it; null in lists.")
    )
    def get_sheet(self, review: Review) -> Any:
        if not self.context["view"].detail:
            return None
        row = self._items()[review.round.kind, review.object_id]
        sheet = review.round.reviewed.sheet(row, review.round.hides_items)
        lines = [*sheet.facts, *((label, text) for label, text in sheet.texts if text)]
        return FactSerializer([{"label": str(a), "text": str(b)} for a, b in lines], many=True).data

    @extend_schema_field(serializers.CharField(help_text="Where the files are opened."))
    def get_page(self, review: Review) -> str:
        return review.get_absolute_url()

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self, review: Review) -> Any:
        return offered_alone(REVIEW, review, self.context, {**VERBS, **HIDES})

    def _items(self) -> dict[tuple[str, int], Any]:
        """What is marked in the rows of this answer, read once for each kind."""
        shown = self.parent.instance if self.parent is not None else self.instance
        rows: list[Review] = list(shown) if isinstance(shown, Iterable) else [shown]  # type: ignore[list-item]
        known: dict[tuple[str, int], Any] = self.context.setdefault("review_items", {})
        for key in {row.round.kind for row in rows}:
            wanted = {row.object_id for row in rows if row.round.kind == key}
            if missing := [pk for pk in wanted if (key, pk) not in known]:
                items = type_of(key).rows().filter(pk__in=missing)
                known |= {(key, item.pk): item for item in items}
        return known


class ReviewFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ReviewState.choices)
    round = django_filters.UUIDFilter("round__uid")
    waiting = django_filters.BooleanFilter(method="narrow", help_text="True: those that wait for the reader.")

    class Meta:
        model = Review
        fields = ("state", "round", "waiting")

    def narrow(self, queryset: Any, name: str, value: bool) -> Any:
        waiting = queryset.to_mark()
        return waiting if value else queryset.exclude(pk__in=waiting.order_by().values("pk"))


class Marks(serializers.Serializer[Any]):
    marks = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=100),
        help_text="By the keys of `criteria`; a draft may leave some out.",
    )
    comment = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    version = serializers.IntegerField(required=False, min_value=1)


class HandIn(serializers.Serializer[Any]):
    marks = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=100),
        required=False,
        help_text="Left out: those of the draft.",
    )
    comment = serializers.CharField(required=False, allow_blank=True, max_length=4000)


def _save_draft(review: Review, *, actor: Any, **values: Any) -> Review:
    """Save a draft: marks and comment as far as they are; nothing is handed in."""
    values = {"marks": review.marks, "comment": review.comment, **values}
    return actions.save_draft(review, actor=actor, **values)


def _submit(review: Review, *, actor: Any, **values: Any) -> Review:
    """Hand the marks in."""
    if values.get("marks") is not None:
        values.setdefault("comment", review.comment)
    return actions.submit(review, actor=actor, **values)


VERBS: Verbs = {
    "submit": (HandIn, _submit),
    "decline": (NeededNote, actions.decline),
    "amend": (Nothing, actions.amend),
}
# Answers with nothing: from then on the review is hidden from who declared.
HIDES: Verbs = {"declare": (NeededNote, actions.declare)}


class ReviewViewSet(VisibleViewSet):
    """What the reader is asked to mark, less what they stand in conflict with."""

    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter
    queryset = Review.objects.none()

    def get_queryset(self) -> Any:
        return Review.objects.own(self.request.user).with_rows()

    @extend_schema(
        summary="Declare a conflict of interest",
        request=NeededNote,
        responses={204: None, **refusals(400, 401, 403, 404, 409, 415)},
    )
    @action(detail=True, methods=["post"])
    def declare(self, request: Request, uid: str) -> Response:
        """The review is over and hidden from the reader from then on: nothing is left to answer with."""
        review = self.get_object()
        given = NeededNote(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        actions.declare(review, actor=request.user, **given.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


add_verbs(ReviewViewSet, VERBS)
add_writes(ReviewViewSet, change=(Marks, _save_draft))
RESOURCES = (("reviews", ReviewViewSet),)
