"""Who stands in for whom: one's own deputies, and whom one stands in for. Naming one has a page."""

from typing import Any

from rest_framework import serializers

from partnerships.directory import actions
from partnerships.directory.models import Deputyship
from partnerships.directory.workflow import DEPUTYSHIP
from partnerships.workflow.api import resource


class DeputyshipSerializer(serializers.ModelSerializer[Deputyship]):
    holder = serializers.CharField(source="holder.name", read_only=True)
    deputy = serializers.CharField(source="deputy.name", read_only=True)
    role = serializers.CharField(source="affiliation.role", read_only=True)
    organization: Any = serializers.SlugRelatedField(
        "slug", source="affiliation.organization", read_only=True
    )
    running = serializers.BooleanField(source="is_running", read_only=True)

    class Meta:
        model = Deputyship
        fields = (
            "uid", "holder", "deputy", "role", "organization", "starts", "ends", "reason", "running",
            "state", "state_since", "version",
        )  # fmt: skip
        read_only_fields = fields


_Rows: Any = resource(
    Deputyship,
    DEPUTYSHIP,
    {"decline": actions.decline_deputyship, "revoke": actions.end_deputyship},
    about="Deputies for dates: those that you named, and those whom you stand in for.",
    serializer=DeputyshipSerializer,
)


class DeputyshipViewSet(_Rows):
    """Deputies for dates: those that you named, and those whom you stand in for."""

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("holder", "deputy", "affiliation__organization")
