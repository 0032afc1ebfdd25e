"""Saved views of lists: one's own, as on the page."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.common.api import add_writes, refusals
from partnerships.common.viewsets import VisibleViewSet
from partnerships.portal import actions, saved
from partnerships.portal.models import SavedView


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    address = serializers.CharField(read_only=True, help_text="Path and query of the page.")

    class Meta:
        model = SavedView
        fields = ("uid", "name", "address", "saved")
        read_only_fields = fields


class NewView(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)
    address = serializers.CharField(
        max_length=saved.LONGEST, help_text="Path and query of a list: /ideas/?show=late"
    )


class RenamedView(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)


class SavedViewViewSet(VisibleViewSet):
    """Your own saved views of lists."""

    serializer_class = SavedViewSerializer
    queryset = SavedView.objects.none()

    @extend_schema(summary="Delete a saved view.", responses={204: None, **refusals(401, 403, 404)})
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        actions.delete_view(self.get_object(), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _rename(view: SavedView, *, actor: Any, name: str | None = None) -> SavedView:
    """Give a saved view another name."""
    return view if name is None else actions.rename_view(view, actor=actor, name=name)


add_writes(SavedViewViewSet, create=(NewView, actions.save_view), change=(RenamedView, _rename))
