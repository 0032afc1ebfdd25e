"""Viewsets that several apps share. Apart from api.py, which the REST framework reads while it is loading."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.permissions import IsAuthenticated

from partnerships.common.api import refusals


class VisibleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """Rows of one model that the signed-in reader may see, by uid. Name `serializer_class`; for the schema,
    an empty `queryset`, of a model with `visible_to`; `api.add_verbs` gives it its verbs."""

    permission_classes = [IsAuthenticated]
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        row: Any = cls.serializer_class
        extend_schema_view(
            list=extend_schema(responses={200: row(many=True), **refusals(400, 401, 404)}),
            retrieve=extend_schema(responses={200: row, **refusals(401, 404)}),
        )(cls)

    def get_queryset(self) -> Any:
        row: Any = self.serializer_class
        return row.Meta.model.objects.visible_to(self.request.user)
