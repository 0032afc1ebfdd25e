"""Certificates issued together: what became of each, and the file to print. They are chosen on the page."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.certificates.enums import ItemState
from partnerships.certificates.lists import BATCHES, with_counts
from partnerships.certificates.models import Batch, BatchItem
from partnerships.common.cursors import KeysetPages, Ordered
from partnerships.common.narrowing import filters_of
from partnerships.common.viewsets import VisibleViewSet
from partnerships.documents.holding import still_at_work

STANDINGS = ("working", "stopped", "done")


class BatchItemSerializer(serializers.ModelSerializer[BatchItem]):
    """One of those chosen: the certificate that was issued, or why none was."""

    certificate: Any = serializers.SlugRelatedField("uid", read_only=True, allow_null=True)
    state = serializers.ChoiceField(ItemState.choices, read_only=True)

    class Meta:
        model = BatchItem
        fields = ("name", "state", "certificate", "reason")
        read_only_fields = fields


class BatchSerializer(serializers.ModelSerializer[Batch]):
    state = serializers.SerializerMethodField()
    job: Any = serializers.SlugRelatedField("uid", read_only=True, allow_null=True)
    file: Any = serializers.SlugRelatedField("uid", read_only=True, allow_null=True)
    chosen = serializers.IntegerField(read_only=True)
    issued = serializers.IntegerField(read_only=True)
    items = serializers.SerializerMethodField()
    page = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Batch
        fields = (
            "uid", "kind", "language", "created", "state", "chosen", "issued", "job", "file", "items",
            "page", "version",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField([(one, one) for one in STANDINGS]))
    def get_state(self, batch: Batch) -> str:
        return "working" if batch.is_working else "stopped" if batch.has_stopped else "done"

    @extend_schema_field(
        BatchItemSerializer(many=True, allow_null=True, help_text="Null in lists, and once the role is over.")
    )
    def get_items(self, batch: Batch) -> Any:
        if not self.context["view"].detail or not still_at_work(self.context["request"].user, batch):
            return None
        return BatchItemSerializer(batch.items.select_related("certificate"), many=True).data


class BatchViewSet(VisibleViewSet):
    """What the reader issued many at once; `job` under `jobs/` and `file` under `documents/` say more."""

    serializer_class = BatchSerializer
    filterset_class = filters_of(BATCHES, Batch)
    pagination_class = KeysetPages
    queryset = Batch.objects.none()

    def ordered(self, rows: Any) -> Ordered:
        return Ordered(rows, ("-created", "-pk"))

    def get_queryset(self) -> Any:
        return with_counts(super().get_queryset())
