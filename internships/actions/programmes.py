"""What the company prepares: programmes, periods, positions, seats, deadlines."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from internships import rules
from internships.actions.line import give_back, lock_line, move_up
from internships.actions.partners import suggest_agreements
from internships.enums import OPEN_STATES, ProgrammeState, RefusalCode
from internships.models import Period, Position, Programme, Vacancy
from internships.workflow import APPLICATION, PROGRAMME
from partnerships.calls import actions as calls
from partnerships.calls.models import Call
from partnerships.common.clock import BAKU
from partnerships.common.refusals import Blocked, Refusal, Refused, StaleState
from partnerships.common.text import slug
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization
from partnerships.seats import actions as seats
from partnerships.seats.models import Pool
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

Moment = TypeVar("Moment", date, datetime)


def must_run(programme: Programme, actor: Any) -> None:
    """Raises Refused to whoever does not keep it, Blocked when it has ended: what was promised then stays."""
    if not rules.runs_programme(as_actor(actor).principal, programme):
        raise Refused(_("Only human resources of this company change its programmes."))
    if programme.has_ended:
        reason = _("The programme has ended and stays as it was. Copy it to next year to go on with it.")
        raise Blocked(Refusal(reason, code="ended"), programme)


@transaction.atomic
def create_programme(host: Organization, *, actor: Any, **values: Any) -> Programme:
    """A draft programme of `host` with an empty call. Raises Refused to another company's people."""
    if not access_of(as_actor(actor).principal).covers(host.path, Role.HR):
        raise Refused(_("Only human resources of this company change its programmes."))
    call = Call.objects.create(title=values["title_az"][:255])
    programme = Programme(host=host, call=call, slug=_free_slug(values["title_az"]), **values)
    programme.full_clean(exclude=["call"])
    programme.save()
    record(programme, "create", actor=actor, to_state=programme.state)
    return programme


def _free_slug(title: str) -> str:
    base = slug(title)[:120] or "programme"
    taken = set(Programme.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, free = 1, base
    while free in taken:
        number += 1
        free = f"{base}-{number}"
    return free


def _unchanged_since(obj: Programme | Position, version: int | None) -> None:
    """Lock the row; raise StaleState when somebody has written it since `version` was read."""
    stored = type(obj).objects.select_for_update().values_list("version", flat=True).get(pk=obj.pk)
    if version is not None and stored != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), obj)


@transaction.atomic
def update_programme(
    programme: Programme, *, actor: Any, version: int | None = None, **values: Any
) -> Programme:
    """Change texts and settings; what would change the rules of a published one is refused by the form.

    Raises StaleState when the programme has moved on since `version`.
    """
    must_run(programme, actor)
    _unchanged_since(programme, version)
    for name, value in values.items():
        setattr(programme, name, value)
    programme.full_clean()
    programme.version += 1
    programme.save()
    record(programme, "edit", actor=actor, data={"fields": sorted(values)})
    return programme


@transaction.atomic
def set_periods(
    programme: Programme,
    periods: Sequence[tuple[str, str, date, date]],
    *,
    actor: Any,
    keys: Sequence[int | None] | None = None,
) -> list[Period]:
    """Replace the periods by (name_az, name_en, starts, ends); one in use keeps its row, its dates may move.

    `keys` says which row each of them is (None: a new one); without it they are taken in their order.
    A row that is in nobody's place any more is deleted. Raises Blocked for one that has places.
    """
    must_run(programme, actor)
    present = {period.pk: period for period in programme.periods.all()}
    if keys is None:
        keys = [*present, *[None] * len(periods)][: len(periods)]
    kept = []
    for key, (name_az, name_en, starts, ends) in zip(keys, periods, strict=True):
        period = present.pop(key, None) if key is not None else None
        period = period or Period(programme=programme)
        period.name_az, period.name_en, period.starts, period.ends = (name_az, name_en, starts, ends)
        period.full_clean(exclude=["programme"])
        period.save()
        kept.append(period)
    for period in present.values():
        try:
            period.delete()
        except ProtectedError as error:
            message = _("There are places in this period: %(period)s") % {"period": period.name}
            raise Blocked(Refusal(message, code="period_in_use"), programme) from error
    return kept


def set_deadlines(programme: Programme, moments: dict[str, datetime | None], *, actor: Any) -> Programme:
    """The whole chain, while the programme is a draft; afterwards deadlines are extended one by one."""
    must_run(programme, actor)
    if programme.state != ProgrammeState.DRAFT:
        raise Blocked(
            Refusal(_("The programme is public: extend a deadline instead."), code="published"), programme
        )
    calls.set_deadlines(programme.call, moments, actor=actor)
    return programme


def extend_deadline(programme: Programme, step: str, moment: datetime, *, actor: Any, note: str) -> Programme:
    """Move a deadline of a published programme later; everybody concerned is told."""
    must_run(programme, actor)
    calls.extend(programme, step, moment, actor=actor, note=note)
    return programme


@transaction.atomic
def add_position(
    programme: Programme,
    *,
    actor: Any,
    unit: Organization,
    specialties: Sequence[Any] = (),
    skills: Sequence[Any] = (),
    mentors: Sequence[Any] = (),
    **values: Any,
) -> Position:
    """A position at a unit of the company. Raises ValidationError for another company's unit."""
    must_run(programme, actor)
    if not unit.path.startswith(programme.host.path):
        raise ValidationError({"unit": _("This unit belongs to another organisation.")})
    position = Position(programme=programme, unit=unit, **values)
    position.full_clean()
    position.save()
    position.specialties.set(specialties)
    position.skills.set(skills)
    position.mentors.set(mentors)
    record(programme, "add_position", actor=actor, data={"position": str(position.uid)})
    return position


@transaction.atomic
def update_position(
    position: Position,
    *,
    actor: Any,
    version: int | None = None,
    specialties: Sequence[Any] | None = None,
    skills: Sequence[Any] | None = None,
    mentors: Sequence[Any] | None = None,
    **values: Any,
) -> Position:
    """Change what is done and asked for. Raises StaleState when it has moved on since `version`."""
    must_run(position.programme, actor)
    _unchanged_since(position, version)
    for name, value in values.items():
        setattr(position, name, value)
    if not position.unit.path.startswith(position.programme.host.path):
        raise ValidationError({"unit": _("This unit belongs to another organisation.")})
    position.full_clean()
    position.version += 1
    position.save()
    for relation, chosen in (("specialties", specialties), ("skills", skills), ("mentors", mentors)):
        if chosen is not None:
            getattr(position, relation).set(chosen)
    record(position.programme, "edit_position", actor=actor, data={"position": str(position.uid)})
    return position


@transaction.atomic
def remove_position(position: Position, *, actor: Any) -> None:
    """Take a position out, while nobody has chosen it."""
    must_run(position.programme, actor)
    if position.vacancies.filter(choices__isnull=False).exists():
        raise Blocked(
            Refusal(
                _("Somebody has chosen this place: set its seats to what is taken instead."), code="chosen"
            ),
            position.programme,
        )
    pools = list(position.vacancies.values_list("pool_id", flat=True))
    position.delete()
    Pool.objects.filter(pk__in=pools).delete()


@transaction.atomic
def set_seats(
    position: Position,
    period: Period,
    capacity: int,
    *,
    actor: Any,
    quotas: dict[int, int] | None = None,
    quota_only: bool = False,
) -> Vacancy:
    """The seats of a position in a period, with quotas {university: places}.

    More seats move the waiting line up at once. Raises Blocked below what is offered or taken.
    """
    must_run(position.programme, actor)
    vacancy = position.vacancies.filter(period=period).select_related("pool").first()
    if vacancy is None:
        pool = Pool.objects.create(capacity=0)
        vacancy = Vacancy.objects.create(position=position, period=period, pool=pool)
    more = capacity - vacancy.pool.capacity
    vacancy.pool = seats.set_capacity(vacancy.pool, capacity, quotas=quotas, quota_only=quota_only)
    move_up([vacancy.pool_id] * min(more, vacancy.pool.waiting.count()))
    return vacancy


def _a_year_on(moment: Moment) -> Moment:
    """The same day of the next year; the 29th of February becomes the 28th."""
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, day=28)


def _years_on(text: str) -> str:
    """Years named in a title move with its dates: "2026/2027" becomes "2027/2028"."""
    return re.sub(r"\b20\d\d\b", lambda found: str(int(found[0]) + 1), text)


# What a programme says of itself beside its title: typed in its form, and copied to the next year's.
COPIED = (
    "kind",
    "practice_type",
    "summary_az",
    "summary_en",
    "description_az",
    "description_en",
    "competition",
    "endorsement_required",
    "open_to_foreigners",
    "paid",
    "stipend_az",
    "stipend_en",
    "cv_required",
    "transcript_required",
    "max_choices",
    "offer_days",
    "weekly_hours",
    "contact_email",
)
_POSITION_COPIED = (
    "title_az",
    "title_en",
    "tasks_az",
    "tasks_en",
    "degrees",
    "min_year",
    "min_gpa",
    "full_time_only",
    "citizens_only",
    "languages",
    "accessibility",
)


@transaction.atomic
def clone_programme(programme: Programme, *, actor: Any) -> Programme:
    """A draft like this one, every date a year later: texts, periods, positions, seats, quotas, questions,
    rules.

    Nobody's application comes along. Mentors do, to be looked through.
    """
    values = {name: getattr(programme, name) for name in COPIED}
    made = create_programme(
        programme.host,
        actor=actor,
        title_az=_years_on(programme.title_az),
        title_en=_years_on(programme.title_en or ""),
        **values,
    )
    moments = {step: _a_year_on(moment.astimezone(BAKU)) for step, moment in programme.call.chain.items()}
    calls.set_deadlines(made.call, moments, actor=actor)
    old_periods = list(programme.periods.all())
    new_periods = set_periods(
        made,
        [
            (
                _years_on(period.name_az),
                _years_on(period.name_en or ""),
                _a_year_on(period.starts),
                _a_year_on(period.ends),
            )
            for period in old_periods
        ],
        actor=actor,
    )
    twin = {old.pk: new for old, new in zip(old_periods, new_periods, strict=True)}
    for position in programme.positions.all():
        _clone_position(position, made, twin, actor)
    calls.copy_questions(programme.call, made.call, shift=_a_year_on, actor=actor)
    calls.copy_rules(programme.call, made.call, actor=actor)
    return made


def _clone_position(position: Position, made: Programme, twin: dict[int, Period], actor: Any) -> None:
    copy = add_position(
        made,
        actor=actor,
        unit=position.unit,
        specialties=list(position.specialties.all()),
        skills=list(position.skills.all()),
        mentors=list(position.mentors.all()),
        **{name: getattr(position, name) for name in _POSITION_COPIED},
    )
    for vacancy in position.vacancies.select_related("pool").prefetch_related("pool__quotas"):
        quotas = {quota.organization_id: quota.places for quota in vacancy.pool.quotas.all()}
        period, pool = twin[vacancy.period_id], vacancy.pool
        set_seats(copy, period, pool.capacity, actor=actor, quotas=quotas, quota_only=pool.quota_only)


@transaction.atomic
def publish(programme: Programme, *, actor: Any) -> Programme:
    """Everybody may read it; the universities for which places are kept stand under their agreements."""
    published = PROGRAMME.apply(programme, "publish", actor=actor)
    suggest_agreements(published)
    return published


def unpublish(programme: Programme, *, actor: Any) -> Programme:
    return PROGRAMME.apply(programme, "unpublish", actor=actor)


def archive_programme(programme: Programme, *, actor: Any) -> Programme:
    return PROGRAMME.apply(programme, "archive", actor=actor)


@transaction.atomic
def cancel_programme(programme: Programme, *, actor: Any, note: str) -> Programme:
    """Call the whole programme off; every open application ends with that reason and is told."""
    PROGRAMME.apply(programme, "cancel", actor=actor, note=note)
    open_ones = list(programme.applications.in_motion())
    for application in lock_line(row.pk for row in open_ones):
        if application.state in OPEN_STATES:
            APPLICATION.apply(
                application,
                "cancelled",
                actor=SYSTEM,
                note=note,
                refusal_code=RefusalCode.CANCELLED,
                offer_expires=None,
            )
            give_back(application)
    return programme
