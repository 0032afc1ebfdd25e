"""Agreements by the same rights and verbs as on the pages."""

from typing import Any

import django_filters
from allauth.account.adapter import get_adapter
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.agreements import actions, rules, standing
from partnerships.agreements.api_gaps import UncoveredViewSet
from partnerships.agreements.api_obligations import ObligationViewSet
from partnerships.agreements.enums import AgreementState, Decision, Method
from partnerships.agreements.filters import SHOWS, in_show, of_kind
from partnerships.agreements.lists import AGREEMENTS
from partnerships.agreements.models import Agreement, Party
from partnerships.agreements.places import Those, at_place
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.access import uid_if_seen
from partnerships.common.api import NeededNote, Note, Nothing, OfferedVerb, Verbs, add_verbs, called, offered
from partnerships.common.cursors import KeysetPages, in_order_of
from partnerships.common.days import validate_day
from partnerships.common.lists import by_words
from partnerships.common.narrowing import ByChoice, ByText, Only, sorted_by
from partnerships.common.viewsets import VisibleViewSet


class PartySerializer(serializers.ModelSerializer[Party]):
    organization = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    signed_at = serializers.SerializerMethodField()
    signed_by = serializers.SerializerMethodField()
    method = serializers.SerializerMethodField()

    class Meta:
        model = Party
        fields = ("order", "role", "name_az", "name_en", "organization", "signed_at", "signed_by", "method")
        read_only_fields = fields

    def _signature(self, party: Party) -> Any:
        return party.agreement.signed_by(party)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_signed_at(self, party: Party) -> Any:
        found = self._signature(party)
        return found.at.isoformat() if found else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_signed_by(self, party: Party) -> str | None:
        found = self._signature(party)
        return found.legal_name if found else None

    @extend_schema_field(serializers.ChoiceField(Method.choices, allow_null=True))
    def get_method(self, party: Party) -> str | None:
        found = self._signature(party)
        return found.method if found else None


class AgreementSerializer(serializers.ModelSerializer[Agreement]):
    # Who signs a contract need not be a party to the framework under which it stands.
    parent = serializers.UUIDField(source="parent_seen", read_only=True, allow_null=True)
    parties = PartySerializer(source="in_order", many=True, read_only=True)
    type = serializers.SlugRelatedField("key", read_only=True, allow_null=True)
    text_hash = serializers.CharField(source="text.sha256", read_only=True, allow_null=True, default=None)
    text_az = serializers.CharField(source="text.body_az", read_only=True, allow_null=True, default=None)
    text_en = serializers.CharField(source="text.body_en", read_only=True, allow_null=True, default=None)
    decision = serializers.ChoiceField(Decision.choices, allow_blank=True, read_only=True)
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = (
            "uid", "number", "kind", "type", "state", "state_since", "title_az", "title_en", "term_kind",
            "starts", "ends", "period_ends", "renew_months", "notice_days", "notice_by", "decision",
            "postponed_until", "directions", "parent", "parties", "text_hash", "text_az", "text_en",
            "turn_since", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, agreement: Agreement) -> Any:
        """Without a text that the reader's side does not have yet."""
        told = super().to_representation(agreement)
        if rules.text_for(self.context["request"].user, agreement) is None:
            told.update(text_hash=None, text_az=None, text_en=None)
        return told

    @extend_schema_field(OfferedVerb(many=True))
    def get_actions(self, agreement: Agreement) -> Any:
        return offered(AGREEMENT.available(agreement, self.context["request"].user), _CALLED)


def _at(rows: Any, key: str, user: Any) -> Any:
    those = Those.read(key)
    return rows.none() if those is None else at_place(rows, those, user)


class AgreementFilter(django_filters.FilterSet):
    kind = ByText(of_kind, help_text="Key of a type, such as `framework`; or `amendment`.")
    show = ByChoice(in_show, choices=[(show, show) for show in SHOWS])
    q = ByText(by_words, help_text="Words of title, number or parties, letters forgiven.")
    state = django_filters.ChoiceFilter(choices=AgreementState.choices)
    place = ByText(
        _at,
        help_text='Where another party is, as the map writes it: "AZ-Gəncə", "TR".',
    )
    sort = sorted_by(AGREEMENTS.orders)
    asleep = Only(
        lambda rows, _yes, user: rows.filter(pk__in=standing.asleep(user).order_by().values("pk")),
        help_text="In force for a year, and nothing done under them in the last one.",
    )

    class Meta:
        model = Agreement
        fields = ("kind", "show", "q", "state", "place", "asleep", "sort")


class PostponeSerializer(NeededNote):
    postponed_until = serializers.DateField(
        validators=[validate_day], help_text="Nothing is reminded until that day."
    )


class SignSerializer(serializers.Serializer[Any]):
    text_hash = serializers.CharField(max_length=64, help_text="`text_hash` of the text that was read.")
    legal_name = serializers.CharField(max_length=200)
    position = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="In which position, for an organisation; left out, as the agreement or your affiliation "
        "says. Asked for (400) where neither does.",
    )
    read = serializers.BooleanField(help_text="True: the whole text has been read.")

    def validate_read(self, value: bool) -> bool:
        if not value:
            raise serializers.ValidationError(_("Read the text first, then say so."))
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs.pop("read", None)
        return {**attrs, "ip": get_adapter().get_client_ip(self.context["request"])}


VERBS: Verbs = {
    "send": (Nothing, actions.send),
    "sign": (SignSerializer, actions.sign),
    "return": (NeededNote, actions.return_to_draft),
    "withdraw": (Note, actions.withdraw),
    "terminate": (NeededNote, actions.terminate),
    "take_up": (Nothing, actions.take_up),
    "reject": (NeededNote, actions.reject),
    "to_legal": (Nothing, actions.to_legal),
    "to_approval": (Nothing, actions.to_approval),
    "pass_on": (Note, actions.pass_review),
    "clear": (Note, actions.pass_review),
    "approve": (Note, actions.approve),
    "rework": (NeededNote, actions.rework),
    "keep": (Note, actions.keep),
    "lapse": (NeededNote, actions.lapse),
    "postpone": (PostponeSerializer, actions.postpone),
    "reconsider": (NeededNote, actions.reconsider),
}
_CALLED = called(VERBS)


class AgreementViewSet(VisibleViewSet):
    """Agreements that the reader may see. `actions` says what the reader may do with each now."""

    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter
    pagination_class = KeysetPages
    queryset = Agreement.objects.none()

    def ordered(self, rows: Any) -> Any:
        return in_order_of(AGREEMENTS.orders, rows, self.request.query_params)

    def get_queryset(self) -> Any:
        user = self.request.user
        seen = uid_if_seen(Agreement, user, "parent")
        return Agreement.objects.visible_to(user).with_rows().annotate(parent_seen=seen)


add_verbs(AgreementViewSet, VERBS)
RESOURCES = (
    ("agreements", AgreementViewSet),
    ("obligations", ObligationViewSet),
    ("uncovered-activities", UncoveredViewSet),
)
