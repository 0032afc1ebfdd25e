"""What is known of files; their content is opened on the page, where each look is kept for the owner."""

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.common.viewsets import VisibleViewSet
from partnerships.directory.access import access_of
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document


class DocumentSerializer(serializers.ModelSerializer[Document]):
    mine = serializers.SerializerMethodField()
    page = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Document
        fields = ("uid", "kind", "name", "mime", "size", "sha256", "created", "mine", "page", "version")
        read_only_fields = fields

    @extend_schema_field(serializers.BooleanField())
    def get_mine(self, document: Document) -> bool:
        return document.owner_id == access_of(self.context["request"].user).person_id


class DocumentFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=DocumentKind.choices)

    class Meta:
        model = Document
        fields = ("kind",)


class DocumentViewSet(VisibleViewSet):
    """Files of one's own and of what one may see: name, type, size and hash."""

    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    queryset = Document.objects.none()


RESOURCES = (("documents", DocumentViewSet),)
