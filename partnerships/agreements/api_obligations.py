"""What is owed under agreements and what was done of it, by the rights of the agreement's page."""

from typing import Any

from rest_framework import serializers

from partnerships.agreements import actions, brought
from partnerships.agreements.models import Fulfilment, Obligation
from partnerships.agreements.owed import OBLIGATIONS
from partnerships.common.api import add_verbs
from partnerships.common.days import validate_day
from partnerships.common.narrowing import ByUid, filters_of
from partnerships.common.viewsets import VisibleViewSet


class FulfilmentSerializer(serializers.ModelSerializer[Fulfilment]):
    """A part that was done."""

    document = serializers.UUIDField(source="document.uid", default=None, allow_null=True)

    class Meta:
        model = Fulfilment
        fields = ("done_on", "amount", "note", "document", "at")
        read_only_fields = fields


class ObligationSerializer(serializers.ModelSerializer[Obligation]):
    """What a party owes. What the portal itself counts towards it (`figure`) stands on the single row."""

    agreement: Any = serializers.SlugRelatedField("uid", read_only=True)
    owed_by: Any = serializers.SlugRelatedField("slug", source="party.unit", read_only=True, allow_null=True)
    fulfilments = FulfilmentSerializer(many=True, read_only=True)
    done_by_hand = serializers.DecimalField(14, 2, read_only=True)
    counted = serializers.SerializerMethodField()
    version = serializers.IntegerField(read_only=True)

    class Meta:
        model = Obligation
        fields = (
            "uid", "agreement", "owed_by", "what_az", "what_en", "amount", "unit_az", "unit_en", "due",
            "figure", "done_by_hand", "counted", "fulfilments", "version",
        )  # fmt: skip
        read_only_fields = fields

    def get_counted(self, obligation: Obligation) -> str | None:
        if not obligation.figure or not self.context["view"].detail:
            return None
        found = brought.counted_under(obligation.agreement).get(obligation.figure)
        return str(found.value) if found is not None else "0"


class FulfilSerializer(serializers.Serializer[Any]):
    """What was done of it; a file that shows it is added on the page."""

    done_on = serializers.DateField(validators=[validate_day])
    amount = serializers.DecimalField(12, 2, required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=600, help_text="What was done.")


ObligationFilter = filters_of(
    OBLIGATIONS,
    Obligation,
    agreement=ByUid(
        lambda rows, uid, _user: rows.filter(agreement__uid=uid), help_text="Uid of an agreement."
    ),
)


class ObligationViewSet(VisibleViewSet):
    """What the parties of your agreements owe, with what was done of it."""

    serializer_class = ObligationSerializer
    filterset_class = ObligationFilter
    queryset = Obligation.objects.none()

    def get_queryset(self) -> Any:
        return super().get_queryset().with_rows()


add_verbs(ObligationViewSet, {"fulfil": (FulfilSerializer, actions.fulfil)})
