"""Hours a month for programs: what binds the reader's organisations, what is used; kept by who looks after
the things."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.bookings import actions, quotas, rules
from partnerships.bookings.models import MOST_HOURS, Quota, Thing
from partnerships.common.api import SeenField, add_writes, refusals
from partnerships.common.clock import today
from partnerships.common.viewsets import VisibleViewSet
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization


class UsedSerializer(serializers.Serializer[Any]):
    """Hours that an organisation has in the present month (Baku), asked for and booked."""

    organization = serializers.CharField(help_text="Slug.")
    hours = serializers.FloatField()


class QuotaSerializer(serializers.ModelSerializer[Quota]):
    """Without an organisation it holds for each by itself, but the owner and who has one of their own there.
    `used` names the organisations of the reader; to who looks after the thing, everybody's."""

    thing = serializers.UUIDField(source="thing.uid", read_only=True)
    organization = serializers.CharField(source="organization.slug", allow_null=True, default=None)
    used = serializers.SerializerMethodField()

    class Meta:
        model = Quota
        fields = ("uid", "thing", "organization", "hours", "used", "version")
        read_only_fields = fields

    @extend_schema_field(UsedSerializer(many=True))
    def get_used(self, quota: Quota) -> list[dict[str, Any]]:
        found: dict[str, int] = self.context["view"].used.get(quota.pk, {})
        return [{"organization": slug, "hours": round(n / 60, 2)} for slug, n in sorted(found.items())]


class GiveSerializer(serializers.Serializer[Any]):
    thing = SeenField(Thing, lambda rows: rows.select_related("owner", "top"))
    organization: Any = serializers.SlugRelatedField(
        "slug",
        queryset=Organization.objects.filter(parent=None, is_active=True),
        required=False,
        allow_null=True,
        default=None,
        help_text="Slug; null: each by itself.",
    )
    hours = serializers.IntegerField(min_value=1, max_value=MOST_HOURS)


class HoursOfMonthSerializer(serializers.ModelSerializer[Quota]):
    class Meta:
        model = Quota
        fields = ("hours",)


class QuotaViewSet(VisibleViewSet):
    """Hours a month of things that are open to the reader, for each organisation or for their own."""

    serializer_class = QuotaSerializer
    queryset = Quota.objects.none()
    used: dict[int, dict[str, int]] = {}

    @extend_schema(request=None, responses={204: None, **refusals(401, 403, 404)})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, **kwargs: Any) -> Response:
        """Take the quota away: there is no bound by it any more."""
        actions.end_quota(self.get_object(), actor=request.user)
        return Response(status=204)

    def get_queryset(self) -> Any:
        return Quota.objects.visible_to(self.request.user).select_related(
            "thing__owner", "thing__top", "organization"
        )

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With what is used of the rows, in two queries whatever their number."""
        rows = args[0] if args else []
        self.used = self._used([rows] if isinstance(rows, Quota) else list(rows))
        return super().get_serializer(*args, **kwargs)

    def _used(self, rows: list[Quota]) -> dict[int, dict[str, int]]:
        if not rows:
            return {}
        user, mine = self.request.user, access_of(self.request.user).own_roots
        whose = None if any(rules.keeps(user, row) for row in rows) else mine
        tops, month = {row.thing.top_id for row in rows}, today().replace(day=1)
        usage = quotas.Usage(tops, month, organizations=whose)
        found: dict[int, dict[int, int]] = {}
        for row in rows:
            shown = usage.by_organization(row.thing)
            if row.organization_id is not None:
                shown = {row.organization_id: shown.get(row.organization_id, 0)}
            elif not rules.keeps(user, row):
                shown = {key: shown.get(key, 0) for key in mine}
            found[row.pk] = shown
        keys = {key for shown in found.values() for key in shown}
        slugs = dict(Organization.objects.filter(pk__in=keys).values_list("pk", "slug"))
        return {key: {slugs[one]: n for one, n in shown.items()} for key, shown in found.items()}


def _give(*, actor: Any, thing: Thing, **values: Any) -> Quota:
    """Give an organisation, or each by itself, so many hours a month."""
    return actions.give_hours(thing, actor=actor, **values)


def _change(quota: Quota, *, actor: Any, hours: int | None = None) -> Quota:
    """Change the hours; bookings that are there stay."""
    hours = quota.hours if hours is None else hours  # nothing was sent
    return actions.change_hours(quota, actor=actor, hours=hours, version=quota.version)


add_writes(QuotaViewSet, create=(GiveSerializer, _give), change=(HoursOfMonthSerializer, _change))
