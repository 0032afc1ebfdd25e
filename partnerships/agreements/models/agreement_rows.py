"""Who sees which agreements, and what rows bring along: the query set of agreements."""

from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from partnerships.agreements.enums import (
    LAWYERS,
    LIVE_STATES,
    MANAGERS,
    OPEN_STATES,
    READERS,
    SIGNERS,
    SIGNING_STATES,
    AgreementKind,
    AgreementState,
)
from partnerships.agreements.models.parties import Party, Signature
from partnerships.common.clock import today
from partnerships.common.compiled import compiled
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization

SOON = timedelta(days=90)  # from here on an agreement that ends is shown as ending
FOR_ONE_PRACTICE = Q(kind=AgreementKind.PLACEMENT) | Q(
    kind=AgreementKind.AMENDMENT, root__kind=AgreementKind.PLACEMENT
)


UNDECIDED = Q(state=AgreementState.IN_FORCE, notice_by__isnull=False, decision="")


def decided_soon() -> Q:
    """To be decided: the notice day is near or past, and it was not put off to a day ahead."""
    day = today()
    near = UNDECIDED & Q(notice_by__lte=day + SOON)
    return near & (Q(postponed_until=None) | Q(postponed_until__lte=day))


class AgreementQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "AgreementQuerySet":
        """The people of the parties, once it has been sent for signing; before that, who keeps it, who looks
        at it within the house once it was handed on, and who proposed it.

        People of a party: coordinators, leadership, human resources and partnership managers at its unit
        or above, its signatory while still working there, and the person who is a party.
        """
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        return self.filter(access.once("agreements", lambda: _seen(access)))

    def waiting_for(self, user: Any) -> "AgreementQuerySet":
        """Being signed, and it is this user's turn (`rules.parties_of`)."""
        access = access_of(user)
        if access.person_id is None:
            return self.none()
        signs = Q(awaiting__signatory_id=access.person_id, awaiting__unit__root_id__in=access.workplaces)
        for role, signers in SIGNERS.items():
            if signers:
                signs |= Q(awaiting__role=role) & access.q("awaiting__unit", *signers)
        one = sorted({access.person_id, *access.holders})
        themselves = Exists(Party.objects.filter(agreement=OuterRef("pk"), person_id__in=one))
        mine = Q(awaiting__person_id=access.person_id) | (signs & ~themselves)
        return self.filter(mine, state__in=SIGNING_STATES)

    def to_decide(self) -> "AgreementQuerySet":
        """In force, with a notice day and no decision about what comes after it."""
        return self.filter(UNDECIDED)

    def to_decide_soon(self) -> "AgreementQuerySet":
        """The notice day is near or past, and the decision was not put off to a day ahead."""
        return self.filter(decided_soon())

    def in_force(self, day: date | None = None) -> "AgreementQuerySet":
        """Signed, begun and not over on that day (today in Baku by default)."""
        day = day or today()
        return self.filter(state=AgreementState.IN_FORCE, starts__lte=day).filter(
            Q(ends=None) | Q(ends__gte=day)
        )

    def expired(self) -> "AgreementQuerySet":
        return self.filter(state=AgreementState.IN_FORCE, ends__lt=today())

    def expiring(self, within: timedelta = SOON) -> "AgreementQuerySet":
        """In force and over before long. A contract for one practice ends with it: nothing to extend."""
        return self.in_force().filter(ends__lte=today() + within).exclude(FOR_ONE_PRACTICE)

    def frameworks(self) -> "AgreementQuerySet":
        """Framework agreements, amended ones by the amendment that holds."""
        framework = AgreementKind.FRAMEWORK
        return self.filter(Q(kind=framework) | Q(kind=AgreementKind.AMENDMENT, root__kind=framework))

    def with_party(self, organization: Organization) -> "AgreementQuerySet":
        """Those in which this organisation (or one of its units) is a party."""
        party = Party.objects.filter(agreement=OuterRef("pk"), organization=organization)
        return self.filter(Exists(party))

    def about(self, subject: models.Model) -> "AgreementQuerySet":
        """What was agreed for this object, amendments included, the oldest first."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk
        ).order_by("pk")

    def with_rows(self) -> "AgreementQuerySet":
        """With everything that predicates, conditions and pages of one agreement look at."""
        parties = Party.objects.select_related(
            "unit__root", "organization", "person__user", "signatory__user"
        )
        return self.select_related(
            "owner__root",
            "text__template_version__template",
            "awaiting__unit",
            "parent",
            "root",
            "type__template",
            "renews",
            "made_by",
            "proposed_by",
            "keeper__user",
            "deputy__user",
        ).prefetch_related(
            Prefetch("parties", parties.order_by("order")),
            Prefetch("signatures", Signature.objects.select_related("person", "entered_by", "document")),
            Prefetch(
                "children",
                self.model._default_manager.filter(kind=AgreementKind.AMENDMENT, state__in=OPEN_STATES),
                to_attr="open_amendments",
            ),
            Prefetch(
                "renewals",
                self.model._default_manager.filter(state__in=LIVE_STATES).order_by("-pk"),
                to_attr="live_renewals",
            ),
        )


def _seen(access: Any) -> Q:
    party = Party.objects.filter(_people_of_party(access)).order_by().values("agreement_id")
    within = ~Q(state=AgreementState.DRAFT) & access.q("owner", *LAWYERS)
    asked = access.q("proposed_by", *READERS)
    theirs = Q(sent_at__isnull=False, pk__in=compiled(party))
    return access.q("owner", *MANAGERS) | within | asked | theirs


def _people_of_party(access: Any) -> Q:
    return (
        Q(person_id=access.person_id)
        | Q(signatory_id=access.person_id, unit__root_id__in=access.workplaces)
        | access.q("unit", *READERS)
    )
