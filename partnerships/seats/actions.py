"""Giving out seats. Every act locks the pool's one row, recounts, writes; see docs/seats.md."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from partnerships.common.sharing import attached
from partnerships.seats.models import Hold, HoldState, Pool, Quota, Waiting
from partnerships.workflow.engine import Blocked, Refusal

NO_SEAT = Refusal(_("No seat is left here."), code="no_seat")
NO_QUOTA = Refusal(_("The quota of this university is used up here."), code="no_quota")
QUOTA_ABOVE = Refusal(_("A quota cannot be larger than the number of seats."), code="quota_above")
BELOW_TAKEN = Refusal(_("More seats than this are already offered or taken."), code="below_taken")


def lock(pool_ids: Iterable[int]) -> dict[int, Pool]:
    """Lock pools in key order, so that two acts over several pools cannot wait for each other."""
    return {
        pool.pk: pool for pool in Pool.objects.select_for_update().filter(pk__in=set(pool_ids)).order_by("pk")
    }


def refusal(pool: Pool, organization_id: int | None) -> Refusal | None:
    """Why no seat can be given to someone of this university now, by what is in memory.

    Prefetch `quotas` when asking for many pools; the answer is only certain under the lock.
    """
    if pool.left <= 0:
        return NO_SEAT
    quota = next((q for q in attached(pool, "quotas") if q.organization_id == organization_id), None)
    if quota is None:
        return NO_QUOTA if pool.quota_only else None
    return NO_QUOTA if quota.taken >= quota.places else None


def _recount(pool: Pool) -> None:
    """Write what the live holds say into the pool and its quotas, in memory as well."""
    live = Counter(pool.holds.exclude(state=HoldState.RELEASED).values_list("organization_id", flat=True))
    if pool.taken != live.total():
        pool.taken = live.total()
        pool.save(update_fields=["taken"])
    for quota in pool.quotas.all():
        if quota.taken != live[quota.organization_id]:
            quota.taken = live[quota.organization_id]
            quota.save(update_fields=["taken"])


@transaction.atomic
def hold(
    pool: Pool,
    claimant: int,
    *,
    organization_id: int | None,
    expires: datetime | None,
    state: str = HoldState.OFFERED,
) -> Hold:
    """Hold one seat for `claimant` until `expires`; takes it off the waiting list.

    Raises Blocked(NO_SEAT or NO_QUOTA). Holding twice answers with the hold that is there.
    """
    locked = lock([pool.pk])[pool.pk]
    present = locked.holds.exclude(state=HoldState.RELEASED).filter(claimant=claimant).first()
    if present is not None:
        return present
    prefetch_related_objects([locked], "quotas")
    _recount(locked)
    if why := refusal(locked, organization_id):
        raise Blocked(why, pool)
    made = Hold.objects.create(
        pool=locked, claimant=claimant, organization_id=organization_id, expires=expires, state=state
    )
    Waiting.objects.filter(pool=locked, claimant=claimant).delete()
    _recount(locked)
    return made


@transaction.atomic
def take(pool: Pool, claimant: int) -> None:
    """Turn an offered seat into a taken one. Raises Blocked when there is no live hold any more."""
    lock([pool.pk])
    moved = Hold.objects.filter(pool=pool, claimant=claimant, state=HoldState.OFFERED)
    if moved.update(state=HoldState.TAKEN, expires=None) != 1:
        raise Blocked(Refusal(_("This offer no longer stands."), code="no_hold"), pool)


@transaction.atomic
def release(pool: Pool, claimant: int) -> bool:
    """Give the claimant's seat back, once. False when there was nothing to give back."""
    locked = lock([pool.pk])[pool.pk]
    live = Hold.objects.filter(pool=locked, claimant=claimant).exclude(state=HoldState.RELEASED)
    given_back = live.update(state=HoldState.RELEASED, expires=None) == 1
    _recount(locked)
    return given_back


def wait(pool: Pool, claimant: int, *, organization_id: int | None, place: int = 0) -> Waiting:
    """Stand in line; a lower `place` is served first."""
    row, _created = Waiting.objects.update_or_create(
        pool=pool, claimant=claimant, defaults={"organization_id": organization_id, "place": place}
    )
    return row


def leave(claimants: Iterable[int], pools: Iterable[int] | None = None) -> None:
    """Step out of the line, of all pools or of these."""
    rows = Waiting.objects.filter(claimant__in=list(claimants))
    if pools is not None:
        rows = rows.filter(pool_id__in=list(pools))
    rows.delete()


def next_in_line(pool_id: int) -> list[Waiting]:
    """Who could be served now, best first: those whose university still has quota. Empty without a seat.

    Call it under the pool's lock.
    """
    pool = Pool.objects.prefetch_related("quotas").get(pk=pool_id)
    return [row for row in pool.waiting.all() if refusal(pool, row.organization_id) is None]


@transaction.atomic
def set_capacity(
    pool: Pool, capacity: int, *, quotas: dict[int, int] | None = None, quota_only: bool | None = None
) -> Pool:
    """Change the seats and, where given, the quotas ({university: places}, all of them) and whether only they
    count; None leaves them as they are. Raises Blocked below what is taken, and for a quota that names more
    seats than there are."""
    locked = lock([pool.pk])[pool.pk]
    _recount(locked)
    if capacity < locked.taken:
        raise Blocked(BELOW_TAKEN, pool)
    if any(places > capacity for places in (quotas or {}).values()):
        raise Blocked(QUOTA_ABOVE, pool)
    locked.capacity = capacity
    if quota_only is not None:
        locked.quota_only = quota_only
    locked.save(update_fields=["capacity", "quota_only"])
    if quotas is not None:
        _set_quotas(locked, quotas)
    return locked


def _set_quotas(pool: Pool, quotas: dict[int, int]) -> None:
    present = {quota.organization_id: quota for quota in pool.quotas.all()}
    for organization_id, quota in present.items():
        if quotas.get(organization_id, 0 if quota.taken else None) is None:
            quota.delete()
        elif quotas.get(organization_id, 0) < quota.taken:
            raise Blocked(BELOW_TAKEN, pool)
    for organization_id, places in quotas.items():
        Quota.objects.update_or_create(
            pool=pool, organization_id=organization_id, defaults={"places": places}
        )
    _recount(pool)
