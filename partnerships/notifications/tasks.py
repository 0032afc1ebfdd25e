"""What workers do for the notifications engine; each task may run twice or at once without harm."""

from celery import shared_task
from celery.signals import beat_embedded_init, beat_init

from partnerships.common.clock import today
from partnerships.common.days_off import write_public_holidays
from partnerships.common.queue import enqueue
from partnerships.notifications import actions, digests, outbox, reminding, telling
from partnerships.notifications.enums import Pulse


@shared_task(name="notifications.tell")
def tell(change_ids: list[int]) -> int:
    actions.beat(Pulse.WORKER)
    return telling.tell(change_ids)


@shared_task(name="notifications.deliver")
def deliver() -> int:
    actions.beat(Pulse.WORKER)
    return outbox.deliver()


@shared_task(name="notifications.remind")
def remind() -> int:
    return reminding.remind()


@shared_task(name="notifications.heartbeat")
def heartbeat() -> None:
    """Sent by beat and run by a worker: proof of both."""
    actions.beat(Pulse.WORKER, Pulse.BEAT)


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """What a lost broker, worker or machine has left behind goes on its way again."""
    waiting = telling.untold_ids()
    for start in range(0, len(waiting), telling.BATCH):
        enqueue("notifications.tell", waiting[start : start + telling.BATCH])
    outbox.release_dropped()
    digests.release()
    if outbox.has_due():
        enqueue("notifications.deliver")


@shared_task(name="notifications.days_off")
def days_off() -> int:
    """The public holidays of this year and the next stand in the table, for administrators to correct."""
    year = today().year
    return write_public_holidays(year) + write_public_holidays(year + 1)


@beat_init.connect
@beat_embedded_init.connect
def first_heartbeat(**kwargs: object) -> None:
    """Do not wait for the first turn of the clock: /readyz/ is asked as soon as the portal is up."""
    enqueue("notifications.heartbeat")
    enqueue("notifications.days_off")
