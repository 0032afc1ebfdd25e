"""Work longer than a request: how far one's own is, and what came of it."""

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.common.jobs import labels
from partnerships.common.models import Job, JobState
from partnerships.common.viewsets import VisibleViewSet


class JobSerializer(serializers.ModelSerializer[Job]):
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    result = serializers.DictField(read_only=True)

    class Meta:
        model = Job
        fields = (
            "uid", "kind", "label", "state", "done", "total", "result", "error", "created", "finished",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_label(self, job: Job) -> str:
        return str(labels().get(job.kind, job.kind))


class JobFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=JobState.choices)

    class Meta:
        model = Job
        fields = ("state",)


class JobViewSet(VisibleViewSet):
    """Imports, exports, allocations, bulk papers that you have started."""

    serializer_class = JobSerializer
    filterset_class = JobFilter
    queryset = Job.objects.none()
