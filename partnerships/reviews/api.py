"""What one is asked to mark, by the same rights and verbs as on the pages; rounds: api_rounds."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import django_filters
from django.db.models import Case, DateTimeField, F, When
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.common.addresses import addresses
from partnerships.common.api import (
    NeededNote,
    Nothing,
    OfferedVerb,
    Pages,
    Verbs,
    add_verbs,
    add_writes,
    moment,
    offered_alone,
    refusals,
)
from partnerships.common.cursors import KeysetPages, in_order_of
from partnerships.common.narrowing import sorted_by
from partnerships.common.paging import SIZES
from partnerships.common.prepared import PreparedRows
from partnerships.common.viewsets import VisibleViewSet
from partnerships.reviews import actions
from partnerships.reviews.api_rounds import ReviewRoundViewSet
from partnerships.reviews.enums import Phase, ReviewState
from partnerships.reviews.kinds import type_of
from partnerships.reviews.lists import ROUNDS
from partnerships.reviews.models import Review, ReviewMember, ReviewRound
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
    round_title = serializers.CharField(source="round.display_title", read_only=True)
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

    def to_representation(self, instance: Review) -> dict[str, Any]:
        """What the fields say, without asking each of them of each row: a page has fifty."""
        of, score = instance.round, instance.score
        return {
            "uid": str(instance.uid),
            "round": str(of.uid),
            "round_title": of.display_title,
            "phase": str(of.state),
            "due": moment(of.due),
            "item": self.get_item(instance),
            "state": str(instance.state),
            "state_since": moment(instance.state_since),
            "criteria": self.get_criteria(instance),
            "marks": instance.marks,
            "comment": instance.comment,
            "score": None if score is None else f"{score:.2f}",
            "submitted_at": moment(instance.submitted_at),
            "sheet": self.get_sheet(instance),
            "page": self.get_page(instance),
            "version": instance.version,
            "actions": self.get_actions(instance),
        }

    @extend_schema_field(serializers.CharField(help_text="Whose it is; its code where that is hidden."))
    def get_item(self, review: Review) -> str:
        kind, row = review.round.reviewed, self._item(review)
        return kind.code(row) if review.round.hides_items else kind.name(row)

    @extend_schema_field(CriterionSerializer(many=True))
    def get_criteria(self, review: Review) -> Any:
        known = self.context.setdefault("review_criteria", {})  # the same for all of a round
        if review.round_id not in known:
            rows = [
                {"key": one.key, "title": str(one.title), "weight": one.weight, "labels": list(one.labels)}
                for one in review.round.scale.criteria
            ]
            known[review.round_id] = CriterionSerializer(rows, many=True).data
        return known[review.round_id]

    @extend_schema_field(
        FactSerializer(many=True, allow_null=True, help_text="What is known of it; null in lists.")
    )
    def get_sheet(self, review: Review) -> Any:
        if not self.context["view"].detail:
            return None
        sheet = review.round.reviewed.sheet(self._item(review), review.round.hides_items)
        lines = [*sheet.facts, *((label, text) for label, text in sheet.texts if text)]
        return FactSerializer([{"label": str(a), "text": str(b)} for a, b in lines], many=True).data

    @extend_schema_field(serializers.CharField(help_text="Where the files are opened."))
    def get_page(self, review: Review) -> str:
        known: dict[str, Any] = self.context.setdefault("review_pages", {})
        if not known:
            known["of"] = addresses("reviews:review")
        return str(known["of"](review.uid))

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self, review: Review) -> Any:
        return offered_alone(REVIEW, review, self.context, {**VERBS, **HIDES})

    def _item(self, review: Review) -> Any:
        """What is marked in this row; those of all rows of the answer are read once for each kind."""
        known: dict[tuple[str, int], Any] = self.context.setdefault("review_items", {})
        key = review.round.kind, review.object_id
        if key not in known:
            shown = self.parent.instance if self.parent is not None else self.instance
            rows: list[Review] = list(shown) if isinstance(shown, Iterable) else [shown]  # type: ignore[list-item]
            for kind in {row.round.kind for row in rows}:
                wanted = sorted({row.object_id for row in rows if row.round.kind == kind})
                known |= {(kind, item.pk): item for item in _items_of(kind)(wanted)}
        return known[key]


_WIDTHS = (*SIZES, Pages.max_page_size)


@cache
def _items_of(kind: str) -> PreparedRows[Any]:
    return PreparedRows(lambda keys: type_of(kind).rows().filter(pk__in=keys).order_by(), widths=_WIDTHS)


_ROUNDS: PreparedRows[ReviewRound] = PreparedRows(
    lambda keys: ReviewRound.objects.filter(pk__in=keys).select_related("organization", "rubric__rubric"),
    widths=_WIDTHS,
)
_MEMBERS: PreparedRows[ReviewMember] = PreparedRows(
    lambda keys: ReviewMember.objects.filter(pk__in=keys).select_related("person"), widths=_WIDTHS
)


def filled(page: list[Review]) -> list[Review]:
    """What `with_rows` brings along: read once for all rows that name it."""
    rounds = {one.pk: one for one in _ROUNDS(sorted({row.round_id for row in page}))}
    members = {one.pk: one for one in _MEMBERS(sorted({row.member_id for row in page}))}
    for row in page:
        row.round, row.member = rounds[row.round_id], members[row.member_id]
    return page


class ReviewFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ReviewState.choices)
    round = django_filters.UUIDFilter("round__uid")
    sort = sorted_by(ROUNDS.orders)
    waiting = django_filters.BooleanFilter(method="narrow", help_text="True: those that wait for the reader.")

    class Meta:
        model = Review
        fields = ("state", "round", "waiting", "sort")

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
    pagination_class = KeysetPages
    queryset = Review.objects.none()

    def ordered(self, rows: Any) -> Any:
        """As the page orders rounds: by what waits for the reader, by age, by the day when marks are due."""
        if not self.request.query_params.get("sort"):
            return None
        waiting = Review.objects.own(self.request.user).to_mark().order_by().values("pk")
        waits = Case(When(pk__in=waiting, then=F("round__due")), default=None, output_field=DateTimeField())
        rows = rows.annotate(waits_by=waits, due=F("round__due"))
        return in_order_of(ROUNDS.orders, rows, self.request.query_params)

    def get_queryset(self) -> Any:
        rows = Review.objects.own(self.request.user)
        return rows.with_rows() if self.detail else rows

    def paginate_queryset(self, queryset: Any) -> Any:
        return filled(list(super().paginate_queryset(queryset) or []))

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
RESOURCES = (("reviews", ReviewViewSet), ("review-rounds", ReviewRoundViewSet))
