"""What agreements are measured by."""

from datetime import date
from typing import Any

from django.db.models import Count, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models import Agreement, Fulfilment, Obligation
from partnerships.agreements.models.agreement_rows import FOR_ONE_PRACTICE
from partnerships.common.clock import day_in_words
from partnerships.common.indicator import Benefit, Indicator
from partnerships.directory.enums import Ownership, Role

BEGUN = (AgreementState.IN_FORCE, AgreementState.TERMINATED, AgreementState.SUPERSEDED)
AGREEMENTS = pgettext_lazy("unit", "agreements")


def held_on(day: date, prefix: str = "") -> Q:
    """Signed by all, begun and not over on that day. One that an amendment has replaced is counted by it."""
    p = prefix
    begun = Q(
        **{f"{p}state__in": [AgreementState.IN_FORCE, AgreementState.TERMINATED], f"{p}starts__lte": day}
    )
    going_on = Q(**{f"{p}ends": None}) | Q(**{f"{p}ends__gte": day})
    not_ended = Q(**{f"{p}ended_on": None}) | Q(**{f"{p}ended_on__gt": day})
    return begun & going_on & not_ended


def _agreements() -> Any:
    return Agreement.objects.exclude(FOR_ONE_PRACTICE).annotate(other=FilteredRelation("parties"))


def _line(row: Any) -> tuple[str, str]:
    return row.title, f"{row.number} · {row.get_state_display()}".strip(" ·")


def _of_agreements(key: str, title: Any, formula: Any, **values: Any) -> Indicator:
    return Indicator(
        key=f"agreements.{key}",
        title=title,
        unit=AGREEMENTS,
        formula=formula,
        benefit=Benefit.ECONOMY,
        model="agreements.Agreement",
        owner=Role.PARTNERSHIPS,
        sides=("parties__organization", "other__organization"),
        rows=_agreements,
        seen=Agreement.objects.visible_to,
        line=_line,
        **values,
    )


def _seen_fulfilments(user: Any) -> Any:
    seen = Obligation.objects.visible_to(user)
    return Fulfilment.objects.filter(obligation__in=seen).select_related("obligation__agreement")


INDICATORS = (
    _of_agreements(
        "in_force",
        _("Agreements in force"),
        _(
            "Agreements that hold on the last day of the year, today in the present one; "
            "contracts for one practice left out."
        ),
        on=held_on,
    ),
    _of_agreements(
        "signed",
        _("Agreements signed"),
        _(
            "Agreements, renewals and amendments that came into force in the year; contracts for "
            "one practice left out."
        ),
        where=Q(state__in=BEGUN, in_force_since__isnull=False),
        when="in_force_since",
    ),
    _of_agreements(
        "renewed",
        _("Agreements renewed"),
        _("Agreements that came into force in the year in place of one that ended."),
        where=Q(state__in=BEGUN, in_force_since__isnull=False, renews__isnull=False),
        when="in_force_since",
    ),
    Indicator(
        key="agreements.fulfilled",
        title=_("Obligations worked on"),
        unit=pgettext_lazy("unit", "obligations"),
        formula=_("Obligations of agreements of which a part was done in the year, with evidence or a note."),
        benefit=Benefit.PRODUCTION,
        model="agreements.Fulfilment",
        owner=Role.PARTNERSHIPS,
        when="done_on",
        value=Count("obligation", distinct=True),
        sides=("obligation__agreement__parties__organization", "other__organization"),
        rows=lambda: Fulfilment.objects.annotate(other=FilteredRelation("obligation__agreement__parties")),
        seen=_seen_fulfilments,
        line=lambda row: (str(row.obligation), day_in_words(row.done_on)),
    ),
    Indicator(
        key="agreements.private_partners",
        title=_("Private partners with an agreement"),
        unit=pgettext_lazy("unit", "organisations"),
        formula=_(
            "Private organisations that are party to an agreement in force on the last day of "
            "the year, today in the present one."
        ),
        benefit=Benefit.ECONOMY,
        model="agreements.Party",
        owner=Role.PARTNERSHIPS,
        where=Q(organization__root__ownership=Ownership.PRIVATE),
        on=lambda day: held_on(day, "agreement__"),
        value=Count("organization__root", distinct=True),
        sides=("organization", "agreement__parties__organization"),
        opens=False,
    ),
)
