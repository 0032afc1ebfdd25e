"""Every write: what is counted, what is aimed at, what people report."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.clock import today
from partnerships.common.refusals import Missing, Refused, StaleState
from partnerships.common.text import at_most, clean_line, fold
from partnerships.common.versions import must_be
from partnerships.directory.models import Organization, Person
from partnerships.documents import actions as documents
from partnerships.documents.enums import DocumentKind
from partnerships.indicators import catalogue, freezing, rules
from partnerships.indicators.collecting import every_year, measures
from partnerships.indicators.enums import Grade, ValueState
from partnerships.indicators.models import Measure, ReportedValue, Target, YearCounted
from partnerships.indicators.workflow import VALUE
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

NOTE = 500


# Counting ---------------------------------------------------------------------------------------------
def collect(
    keys: Iterable[str] | None = None, years: Iterable[int] | None = None, *, finished: bool = False
) -> int:
    """Count these indicators (all of them) for these years (this one and the two beside it) and keep what
    came out. It is no change of anybody's, so no history is written. Returns how many numbers there are.

    A finished year stays as it was counted while nothing of it has changed (freezing.py); with `finished` it
    is counted all the same.

    Counted before anything is written; each indicator is written in a transaction of its own. Two at once
    write the same twice.
    """
    year = today().year
    wanted = list(years) if years is not None else [year - 1, year, year + 1]
    written, mark, changes = 0, freezing.mark_now(), freezing.Changes()
    known = catalogue.indicators()
    for key in list(keys) if keys is not None else list(known):
        due = wanted if finished else freezing.to_count(known[key], wanted, changes)
        # Looked through up to here: the next time begins there.
        YearCounted.objects.filter(indicator=key, year__in=set(wanted) - set(due)).update(mark=mark)
        if due:
            rows = measures([key], due)
            _keep(key, due, rows, mark)
            written += len(rows)
    return written


def collect_everything() -> int:
    """As `collect`, for all years that are kept; numbers of indicators that are no longer given go."""
    Measure.objects.exclude(indicator__in=list(catalogue.indicators())).delete()
    YearCounted.objects.exclude(indicator__in=list(catalogue.indicators())).delete()
    return collect(years=every_year())


@transaction.atomic
def recount(indicator: str, year: int, *, actor: Any, note: str) -> YearCounted:
    """Count a year of an indicator now, though it is finished and nothing that the portal knows of changed.

    The reason stays in its history, with what came out before and after. Refused to who does not run the
    portal's partnership, Missing without a reason, ValidationError for a year that is not kept.
    """
    by = as_actor(actor)
    if not rules.answers_for(by.principal, None):
        raise Refused(_("Years are counted anew by who runs the partnership of the portal."))
    if catalogue.indicator(indicator) is None:
        raise ValueError(f"no such indicator: {indicator}")
    why = at_most("note", clean_line(note), NOTE)
    if not why:
        raise Missing("note")
    if year not in every_year():
        raise ValidationError({"year": _("No numbers are kept for this year.")})
    before = _whole(indicator, year)
    collect([indicator], [year], finished=True)
    row = YearCounted.objects.get(indicator=indicator, year=year)
    data = {"from": before, "to": _whole(indicator, year)}
    record(row, "recount", actor=by, note=why, data=data)
    return row


def _whole(indicator: str, year: int) -> str:
    found = Measure.objects.filter(indicator=indicator, year=year, place="").values_list("value", flat=True)
    return str(found[0]) if found else "0"


@transaction.atomic
def _keep(key: str, years: list[int], rows: list[Measure], mark: int) -> None:
    now = timezone.now()
    YearCounted.objects.bulk_create(
        [YearCounted(indicator=key, year=year, counted_at=now, mark=mark) for year in years],
        update_conflicts=True,
        unique_fields=["indicator", "year"],
        update_fields=["counted_at", "mark"],
    )
    for row in rows:
        row.counted_at = now
    Measure.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["indicator", "year", "place"],
        update_fields=["value", "people", "others", "veiled", "veiled_outside", "counted_at"],
    )
    Measure.objects.filter(indicator=key, year__in=years, counted_at__lt=now).delete()


# Targets ----------------------------------------------------------------------------------------------
@transaction.atomic
def set_target(
    indicator: str,
    organization: Organization | None,
    year: int,
    *,
    actor: Any,
    value: Decimal,
    version: int = 0,
    note: str = "",
) -> Target:
    """Aim at `value` in that year, for one organisation or, with None, for all of them together.

    version  of the target that the actor has read, 0 where there was none: StaleState when it has changed.
    Refused to who does not answer for the organisation, ValidationError for a year out of sight.
    """
    by = as_actor(actor)
    if not rules.answers_for(by.principal, organization.pk if organization else None):
        raise Refused(_("Targets are set by the leadership of an organisation and its partnership managers."))
    known = catalogue.indicator(indicator)
    if known is None:
        raise ValueError(f"no such indicator: {indicator}")
    _check_year(year, ahead=10)
    if value < 0:
        raise ValidationError({"value": _("A target is no less than zero.")})
    place = Target.objects.select_for_update().filter(
        indicator=indicator, organization=organization, year=year
    )
    row, changed = place.first(), _("Someone has just changed this; here is how it stands now.")
    if (row.version if row else 0) != version:
        raise StaleState(changed, row)
    before = str(row.value) if row else ""
    if row is None:
        row = Target(indicator=indicator, organization=organization, year=year, version=0)
    row.value, row.set_by = value, by.user
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # where there was no row to lock, somebody else was first
        raise StaleState(changed, place.first()) from error
    record(
        row,
        "set",
        actor=by,
        note=at_most("note", clean_line(note), NOTE),
        data={"from": before, "to": str(value)},
    )
    return row


def _check_year(year: int, ahead: int = 0) -> None:
    if not every_year()[0] <= year <= today().year + ahead:
        raise ValidationError({"year": _("No numbers are kept for this year.")})


# Reported values --------------------------------------------------------------------------------------
@transaction.atomic
def report(
    indicator: str,
    organization: Organization,
    *,
    actor: Any,
    year: int,
    amount: Decimal,
    source: str,
    grade: str = Grade.MEASURED,
    note: str = "",
    partner: Organization | None = None,
    evidence: Any = None,
) -> ReportedValue:
    """Report a number that the portal cannot count, with the paper that it stands in.

    It counts once somebody else has confirmed it. Refused to who does not read the organisation's numbers;
    ValidationError for a year ahead, a number that is none, no source, a partner that is the organisation, or
    what stands there already: the same number of the same paper would count twice.
    """
    by = as_actor(actor)
    if organization.pk not in rules.own_roots(by.principal):
        raise Refused(_("Numbers are reported by those who read the numbers of their organisation."))
    values = _checked(
        organization, year=year, amount=amount, source=source, grade=grade, note=note, partner=partner
    )
    _reported_one(indicator)
    person = Person.objects.select_for_update(of=("self",)).get(pk=by.person_id)  # a form sent twice at once
    _not_there_yet(indicator, organization, values)
    row = ReportedValue.objects.create(
        indicator=indicator, organization=organization, reported_by=person, **values
    )
    if evidence is not None:
        _attach(row, evidence, person, by)
    record(row, "report", actor=by, to_state=row.state)
    return row


def _not_there_yet(indicator: str, organization: Organization, values: dict[str, Any]) -> None:
    same = {name: values[name] for name in ("year", "amount", "partner")}
    there = ReportedValue.objects.filter(indicator=indicator, organization=organization, **same)
    there = there.exclude(state=ValueState.WITHDRAWN)
    if fold(values["source"]) in {fold(source) for source in there.values_list("source", flat=True)}:
        raise ValidationError({"source": _("This number of this paper has been reported already.")})


def _attach(row: ReportedValue, evidence: Any, person: Person, by: Any) -> None:
    row.document = documents.store(evidence, owner=person, kind=DocumentKind.OTHER, actor=by, subject=row)
    row.save(update_fields=["document"])


def _reported_one(key: str) -> None:
    known = catalogue.indicator(key)
    if known is None or not known.is_reported:
        raise ValidationError({"indicator": _("The portal counts this by itself.")})


def _checked(organization: Organization, **values: Any) -> dict[str, Any]:
    values["source"] = at_most("source", clean_line(values["source"]), 200)
    errors: dict[str, Any] = {}
    if not every_year()[0] <= values["year"] <= today().year:
        errors["year"] = _("No numbers are kept for this year.")
    if values["amount"] <= 0:
        errors["amount"] = _("Say how much: a number above zero.")
    if not values["source"]:
        errors["source"] = _("Name the paper in which the number stands.")
    if values["partner"] is not None and values["partner"].pk == organization.pk:
        errors["partner"] = _("The partner is another organisation.")
    if errors:
        raise ValidationError(errors)
    return values


@transaction.atomic
def correct(
    value: ReportedValue, *, actor: Any, version: int | None = None, evidence: Any = None, **values: Any
) -> ReportedValue:
    """Change what was reported and hand it in again; by who reported it, while nobody has confirmed it."""
    locked = ReportedValue.objects.select_for_update(of=("self",)).with_rows().get(pk=value.pk)
    must_be(locked)
    if version is not None and locked.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), locked)
    checked = _checked(locked.organization, **values)
    row = VALUE.apply(locked, "correct", actor=actor, **checked)
    if evidence is not None:
        by = as_actor(actor)
        _attach(row, evidence, Person.objects.get(pk=by.person_id), by)
    return row


@transaction.atomic
def confirm(value: ReportedValue, *, actor: Any, note: str = "", version: int | None = None) -> ReportedValue:
    """The number is right: it counts from now on. By somebody else than who reported it.

    version  that was read: StaleState when the reporter has corrected it meanwhile.
    """
    by = as_actor(actor)
    value = ReportedValue.objects.select_for_update(of=("self",)).with_rows().get(pk=value.pk)
    if version is not None and value.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), value)
    row = VALUE.apply(
        value, "confirm", actor=actor, note=note, confirmed_by=Person.objects.get(pk=by.person_id)
    )
    collect([row.indicator], [row.year], finished=True)
    return row


def give_back(value: ReportedValue, *, actor: Any, note: str) -> ReportedValue:
    """Back to who reported it, with what is missing."""
    return VALUE.apply(value, "return", actor=actor, note=note)


def withdraw(value: ReportedValue, *, actor: Any, note: str) -> ReportedValue:
    """Its reporter takes it back before it counts."""
    return VALUE.apply(value, "withdraw", actor=actor, note=note)


@transaction.atomic
def cancel(value: ReportedValue, *, actor: Any, note: str) -> ReportedValue:
    """It was wrong: it counts no longer. The row stays, with the reason."""
    row = VALUE.apply(value, "cancel", actor=actor, note=note)
    collect([row.indicator], [row.year], finished=True)
    return row


VERBS = {"confirm": confirm, "return": give_back, "withdraw": withdraw, "cancel": cancel}
