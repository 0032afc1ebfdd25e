"""Organisations, in the open."""

from typing import Any

import django_filters
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.common.api import Pages, refusals
from partnerships.common.context import request_id
from partnerships.common.narrowing import ByText
from partnerships.common.viewsets import RowViewSet
from partnerships.directory.api_affiliations import AffiliationViewSet
from partnerships.directory.api_deputies import DeputyshipViewSet
from partnerships.directory.enums import Kind
from partnerships.directory.maps import Place
from partnerships.directory.models import Organization
from partnerships.directory.reports import named
from partnerships.directory.reports_doubles import stayed_for


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    parent = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    website = serializers.CharField(read_only=True, help_text="An address, or empty.")
    domains = serializers.SlugRelatedField("domain", many=True, read_only=True)
    city_name = serializers.CharField(
        read_only=True, help_text="The city in the language of the reader; `city` as it is kept."
    )

    class Meta:
        model = Organization
        fields = (
            "slug",
            "kind",
            "name",
            "name_en",
            "acronym",
            "parent",
            "country",
            "city",
            "city_name",
            "website",
            "is_partner",
            "domains",
        )
        read_only_fields = fields


def _below(rows: Any, slug: str, _user: Any) -> Any:
    node = Organization.objects.filter(slug=slug).first()
    if node is not None and not node.is_active:
        node = stayed_for(slug) or node
    return rows.none() if node is None else rows.below(node)


def _at(rows: Any, key: str, _user: Any) -> Any:
    place = Place.read(key)
    return rows.none() if place is None else rows.filter(place.among())


class OrganizationFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    country = django_filters.CharFilter(lookup_expr="iexact", max_length=2)
    partner = django_filters.BooleanFilter("is_partner")
    of = ByText(
        _below,
        help_text="Slug of an organisation: it and its units. A merged double: those of the one that stayed.",
    )
    place = ByText(
        _at, help_text='A city of Azerbaijan or a country, as the map writes it: "AZ-Gəncə", "TR".'
    )
    q = ByText(named, help_text="Words of a name, letters forgiven: azerisiq.")

    class Meta:
        model = Organization
        fields = ("kind", "country", "partner", "of", "place", "q")


class MovedSerializer(serializers.Serializer[Any]):
    """Said together with the new address, to programs that follow no redirection."""

    detail = serializers.CharField()
    code = serializers.ChoiceField(choices=["merged"])
    slug = serializers.CharField(help_text="Of the organisation that stayed.")
    request_id = serializers.CharField(required=False)


MOVED = OpenApiResponse(
    MovedSerializer,
    description="It stood here twice and was merged: `Location` is the address of the record that stayed.",
)


class OrganizationPages(Pages):
    ordering = ("sort_key", "pk")


@extend_schema_view(
    list=extend_schema(
        summary="Organisations and their units",
        responses={200: OrganizationSerializer(many=True), **refusals(400, 404)},
    ),
    retrieve=extend_schema(
        summary="One organisation or unit",
        responses={200: OrganizationSerializer, 301: MOVED, **refusals(404)},
    ),
)
class OrganizationViewSet(RowViewSet):
    """Universities, companies, other partners, and the units below them."""

    serializer_class = OrganizationSerializer
    permission_classes = [AllowAny]
    pagination_class = OrganizationPages
    filterset_class = OrganizationFilter
    lookup_field = "slug"
    lookup_value_converter = "slug"
    queryset = Organization.objects.none()

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return (
            Organization.objects.visible_to(self.request.user)
            .select_related("parent")
            .prefetch_related("domains")
        )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The row; 301 from the address of a merged double, to everybody as on its page."""
        try:
            found = self.get_object()
        except Http404:
            found = None
        if found is not None and found.is_active:
            return Response(self.get_serializer(found).data)
        if (stayed := stayed_for(kwargs["slug"])) is not None:
            return self._moved(stayed)
        if found is None:
            raise Http404
        return Response(self.get_serializer(found).data)

    def _moved(self, stayed: Organization) -> Response:
        words = _("This organisation stood here twice. The record that stayed: %(organization)s.")
        body = {"detail": words % {"organization": stayed.display_name}, "code": "merged"}
        body |= {"slug": stayed.slug, "request_id": request_id.get()}
        address = self.reverse_action("detail", args=[stayed.slug])
        return Response(body, status=301, headers={"Location": address})


RESOURCES = (
    ("organizations", OrganizationViewSet),
    ("affiliations", AffiliationViewSet),
    ("deputyships", DeputyshipViewSet),
)
