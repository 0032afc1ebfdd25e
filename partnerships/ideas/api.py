"""Cooperation ideas by the same rights and verbs as on the pages; what one has become is said on its page."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.common.api import NeededNote, Note, OfferedVerb, Verbs, add_verbs, add_writes, offered_alone
from partnerships.common.days import validate_day
from partnerships.common.narrowing import filters_of
from partnerships.common.viewsets import VisibleViewSet
from partnerships.directory.models import Organization
from partnerships.ideas import actions
from partnerships.ideas.enums import CameUp, IdeaState
from partnerships.ideas.models import Idea
from partnerships.ideas.views import IDEAS
from partnerships.ideas.workflow import IDEA


class IdeaSerializer(serializers.ModelSerializer[Idea]):
    partner = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    owner = serializers.CharField(source="owner.name")
    noted_by = serializers.CharField(source="noted_by.name")
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Idea
        fields = (
            "uid", "title", "text", "partner", "came_up", "said_on", "owner", "noted_by", "next_step",
            "next_on", "state", "state_since", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self, idea: Idea) -> Any:
        return offered_alone(IDEA, idea, self.context, VERBS)


IdeaFilter = filters_of(IDEAS, Idea, state=django_filters.ChoiceFilter(choices=IdeaState.choices))


class NextStep(Note):
    next_step = serializers.CharField(max_length=200)
    next_on = serializers.DateField(validators=[validate_day])


class NewIdea(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    partner = serializers.CharField(max_length=200, required=False, allow_null=True, help_text="Its slug.")
    came_up = serializers.ChoiceField(CameUp.choices, required=False)
    said_on = serializers.DateField(validators=[validate_day], required=False)
    next_step = serializers.CharField(max_length=200)
    next_on = serializers.DateField(validators=[validate_day])

    def validate_partner(self, slug: str | None) -> Organization | None:
        field = serializers.SlugRelatedField("slug", queryset=Organization.objects.partners())
        return field.run_validation(slug) if slug is not None else None


class ChangedIdea(NewIdea):
    """The parts that may be corrected; what comes next is moved by the verb `step`."""

    next_step = next_on = None  # type: ignore[assignment]


VERBS: Verbs = {
    "step": (NextStep, actions.step),
    "drop": (NeededNote, actions.drop),
    "reopen": (NextStep, actions.reopen),
}


class IdeaViewSet(VisibleViewSet):
    """What two partners could do together, until something comes of it."""

    serializer_class = IdeaSerializer
    filterset_class = IdeaFilter
    queryset = Idea.objects.none()

    def get_queryset(self) -> Any:
        return super().get_queryset().with_rows()


def _change(idea: Idea, *, actor: Any, **values: Any) -> Idea:
    """Correct an idea."""
    return actions.change(idea, actor=actor, version=idea.version, **values)


add_verbs(IdeaViewSet, VERBS)
add_writes(IdeaViewSet, create=(NewIdea, actions.note), change=(ChangedIdea, _change))
RESOURCES = (("ideas", IdeaViewSet),)
