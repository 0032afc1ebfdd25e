"""Rounds of reviews that one leads or marks in, as on their list; the phases are moved by the same verbs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.common.api import NeededNote, Note, OfferedVerb, Verbs, add_verbs, offered_alone
from partnerships.common.cursors import KeysetPages, in_order_of
from partnerships.common.narrowing import filters_of, sorted_by
from partnerships.common.viewsets import VisibleViewSet
from partnerships.reviews import actions, lists
from partnerships.reviews.models import ReviewRound
from partnerships.reviews.workflow import ROUND


class ReviewRoundSerializer(serializers.ModelSerializer[ReviewRound]):
    """`asked` and `handed_in` are told to who leads, `to_mark` and `marked` are the reader's own."""

    organization: Any = serializers.SlugRelatedField("slug", read_only=True)
    phase = serializers.CharField(source="state", read_only=True)
    scale = serializers.CharField(source="scale_name", read_only=True, help_text="What is marked by.")
    to_mark = serializers.SerializerMethodField()
    marked = serializers.SerializerMethodField()
    asked = serializers.SerializerMethodField()
    handed_in = serializers.SerializerMethodField()
    page = serializers.CharField(source="get_absolute_url", read_only=True)
    actions = serializers.SerializerMethodField()

    class Meta:
        model = ReviewRound
        fields = (
            "uid", "title", "title_en", "organization", "phase", "state_since", "due", "blind", "show_files",
            "per_item", "cap", "scale", "to_mark", "marked", "asked", "handed_in", "page", "version",
            "actions",
        )  # fmt: skip
        read_only_fields = fields

    def get_to_mark(self, row: ReviewRound) -> int:
        return self._line(row).waiting

    def get_marked(self, row: ReviewRound) -> int:
        return self._line(row).done

    def get_asked(self, row: ReviewRound) -> int | None:
        progress = self._line(row).progress
        return progress.asked if progress is not None else None

    def get_handed_in(self, row: ReviewRound) -> int | None:
        progress = self._line(row).progress
        return progress.done if progress is not None else None

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self, row: ReviewRound) -> Any:
        return offered_alone(ROUND, row, self.context, VERBS)

    def _line(self, row: ReviewRound) -> lists.Line:
        """What the list says of it, worked out once for all rows of this answer."""
        known: dict[int, lists.Line] = self.context.setdefault("round_lines", {})
        if row.pk not in known:
            shown = self.parent.instance if self.parent is not None else row
            rows = shown if isinstance(shown, list) else [row]
            found = lists.lines(rows, self.context["request"].user)
            known |= {line.round.pk: line for line in found}
        return known[row.pk]


def _move(verb: str) -> Callable[..., ReviewRound]:
    moved = partial(actions.move, verb=verb)
    moved.__doc__ = f"{ROUND[verb].label}."
    return moved  # type: ignore[return-value]


VERBS: Verbs = {
    name.replace("_", "-"): (NeededNote if verb.needs else Note, _move(name))
    for name, verb in ROUND.transitions.items()
}


class ReviewRoundViewSet(VisibleViewSet):
    """Rounds that the reader leads, and those in which they mark. Who reviews what is settled on pages."""

    serializer_class = ReviewRoundSerializer
    filterset_class = filters_of(lists.ROUNDS, ReviewRound, sort=sorted_by(lists.ROUNDS.orders))
    pagination_class = KeysetPages
    queryset = ReviewRound.objects.none()

    def ordered(self, rows: Any) -> Any:
        return in_order_of(lists.ROUNDS.orders, rows, self.request.query_params)

    def get_queryset(self) -> Any:
        return lists.rounds(self.request.user).select_related("organization", "rubric__rubric")


add_verbs(ReviewRoundViewSet, VERBS)
