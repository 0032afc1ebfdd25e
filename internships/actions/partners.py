"""Under which agreements a programme stands: one for each university that takes part."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext as _

from internships import rules
from internships.enums import ApplicationState, ProgrammeState
from internships.models import Application, Period, Programme, ProgrammePartner
from partnerships.agreements import reports as agreements
from partnerships.agreements.enums import AgreementKind, AgreementState
from partnerships.agreements.models import Agreement
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Refusal, Refused, StaleState
from partnerships.directory.enums import Kind
from partnerships.directory.models import Organization
from partnerships.seats.models import Quota
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

KINDS = (AgreementKind.FRAMEWORK, AgreementKind.GENERAL)
DIRECTION = "internships"


def must_settle(programme: Programme, actor: Any) -> None:
    """Raises Refused to whoever does not settle its agreements, Blocked when it has ended."""
    if not rules.settles_agreements(as_actor(actor).principal, programme):
        words = _(
            "Only human resources and the partnership manager of this company say under which agreements "
            "its programmes stand."
        )
        raise Refused(words)
    if programme.has_ended:
        reason = _("The programme has ended: under which agreements it stood stays as it was.")
        raise Blocked(Refusal(reason, code="ended"), programme)


def agreements_with(programme: Programme, university: Organization | None = None) -> list[Agreement]:
    """Agreements of the company (with this university) under which its practice may stand: in force, not over
    and not for other directions alone. With their parties."""
    rows = Agreement.objects.filter(
        Q(kind__in=KINDS) | Q(kind=AgreementKind.AMENDMENT, root__kind__in=KINDS),
        Q(ends=None) | Q(ends__gte=today()),
        state=AgreementState.IN_FORCE,
    ).with_party(programme.host)
    if university is not None:
        rows = rows.with_party(university)
    rows = rows.prefetch_related("parties__organization").order_by("-starts", "-pk")
    return [row for row in rows if row.covers(DIRECTION)]


def universities_of(programme: Programme) -> set[int]:
    """Keys of the universities that take part: places are kept for them, or their students have applied."""
    kept = Quota.objects.filter(pool__vacancy__position__programme=programme, places__gt=0)
    came = Application.objects.filter(programme=programme, university__isnull=False)
    came = came.exclude(state=ApplicationState.DRAFT).order_by().distinct()
    return {*kept.values_list("organization_id", flat=True), *came.values_list("university_id", flat=True)}


@transaction.atomic
def suggest_agreements(programme: Programme, *, actor: Any = SYSTEM) -> int:
    """Write down every university that takes part, with the framework agreement that holds when the programme
    begins, or today where it has begun; how many rows were written.

    What somebody chose by hand stays. Whose agreement does not hold any more gets the one that does.
    """
    if as_actor(actor).kind != "system":
        must_settle(programme, actor)
    day = _first_day(programme)
    rows = {row.university_id: row for row in programme.partners.select_related("agreement__root")}
    missing = universities_of(programme) - set(rows)
    written = 0
    for university in Organization.objects.filter(pk__in=missing).order_by("pk"):
        found = _framework(programme, university, day)
        _row, made = ProgrammePartner.objects.get_or_create(
            programme=programme, university=university, defaults={"agreement": found}
        )
        written += made
    for row in rows.values():
        if not row.chosen and not _holds(row.agreement, day):
            found = _framework(programme, row.university, day)
            if found != row.agreement:
                _write(row, found, chosen=False)
                written += 1
    if written:
        record(programme, "suggest_agreements", actor=actor, data={"rows": written})
    return written


def suggest_everywhere() -> int:
    """`suggest_agreements` for every programme that is public; how many rows were written."""
    public = Programme.objects.filter(state=ProgrammeState.PUBLISHED).select_related("host").order_by("pk")
    return sum(suggest_agreements(programme) for programme in public)


def _first_day(programme: Programme) -> date:
    first = Period.objects.filter(programme=programme).aggregate(first=Min("starts"))["first"]
    return max(first, today()) if first else today()


def _framework(programme: Programme, university: Organization, day: date) -> Agreement | None:
    """What holds on the day, else what holds today and ends before: then the page says so."""
    found = agreements.framework_between(university, programme.host, day, DIRECTION)
    return found or agreements.framework_between(university, programme.host, None, DIRECTION)


def _holds(agreement: Agreement | None, day: date) -> bool:
    return (
        agreement is not None
        and agreement.state == AgreementState.IN_FORCE
        and agreement.starts <= day
        and (agreement.ends is None or agreement.ends >= day)
    )


def _write(row: ProgrammePartner, agreement: Agreement | None, *, chosen: bool) -> None:
    row.agreement, row.chosen = agreement, chosen
    row.version += 1
    row.save(update_fields=["agreement", "chosen", "version", "updated"])


@transaction.atomic
def choose_agreement(
    partner: ProgrammePartner, agreement: Agreement | None, *, actor: Any, version: int | None = None
) -> ProgrammePartner:
    """Settle by hand under which agreement this university takes part; None: the portal suggests again.

    Raises ValidationError for an agreement that is not theirs or does not hold, StaleState when somebody has
    settled it since `version`.
    """
    must_settle(partner.programme, actor)
    stored = ProgrammePartner.objects.select_for_update(of=("self",)).with_rows().get(pk=partner.pk)
    if version is not None and stored.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), partner)
    if agreement is not None:
        _must_fit(agreement, stored.programme, stored.university)
        _write(stored, agreement, chosen=True)
    else:
        day = _first_day(stored.programme)
        _write(stored, _framework(stored.programme, stored.university, day), chosen=False)
    _told(stored, actor)
    return stored


@transaction.atomic
def add_partner(programme: Programme, agreement: Agreement, *, actor: Any) -> list[ProgrammePartner]:
    """The universities of this agreement take part in the programme under it; those that do already stay.

    Raises ValidationError when the agreement is not the company's or names no other organisation.
    """
    must_settle(programme, actor)
    others = _others(agreement, programme)
    if not others:
        raise ValidationError(
            {"agreement": _("This agreement has no university that does not take part yet.")}
        )
    made = []
    for university in others:
        _must_fit(agreement, programme, university)
        row, new = ProgrammePartner.objects.get_or_create(
            programme=programme, university=university, defaults={"agreement": agreement, "chosen": True}
        )
        if new:
            made.append(row)
            _told(row, actor)
    return made


def _others(agreement: Agreement, programme: Programme) -> list[Organization]:
    """Universities that are parties of it and do not take part yet."""
    taken = set(programme.partners.values_list("university_id", flat=True))
    parties = agreement.parties.select_related("organization").order_by("order")
    found = [party.organization for party in parties if party.organization is not None]
    return [one for one in found if one.kind == Kind.UNIVERSITY and one.pk not in taken]


@transaction.atomic
def remove_partner(partner: ProgrammePartner, *, actor: Any) -> None:
    """Take a university out that was added by hand. Raises Blocked where it takes part."""
    must_settle(partner.programme, actor)
    if partner.university_id in universities_of(partner.programme):
        words = _("Places are kept for this university, or its students have applied: it takes part.")
        raise Blocked(Refusal(words, code="takes_part"), partner.programme)
    data = {"university": partner.university_id, "partner": str(partner.uid)}
    partner.delete()
    record(partner.programme, "remove_partner", actor=actor, data=data)


def _must_fit(agreement: Agreement, programme: Programme, university: Organization) -> None:
    if agreement.pk not in {one.pk for one in agreements_with(programme, university)}:
        words = _(
            "Choose an agreement between %(university)s and %(company)s that holds and covers practice."
        ) % {"university": university.short_name, "company": programme.host.short_name}
        raise ValidationError({"agreement": words})


def _told(row: ProgrammePartner, actor: Any) -> None:
    number = row.agreement.number if row.agreement else ""
    data = {"university": row.university_id, "agreement": number}
    record(row.programme, "settle_agreement", actor=actor, data=data)
