"""What the passing of time does: offers lapse, drafts miss their deadline."""

import logging

from django.db import transaction
from django.utils import timezone

from internships.actions.line import give_back, lock_line, move_up
from internships.enums import ApplicationState
from internships.models import Application
from internships.workflow import APPLICATION
from partnerships.calls.grace import grace
from partnerships.calls.models import Deadline, Step
from partnerships.calls.models.codes import let_in
from partnerships.common.refusals import Blocked, IllegalTransition, StaleState
from partnerships.workflow.actors import SYSTEM

log = logging.getLogger(__name__)


def lapse_offers() -> int:
    """Let every offer lapse that was not answered in time; its seat goes to the next in line.

    Each in a transaction of its own, so that one that moved meanwhile does not hold up the others.
    """
    lapsed = 0
    for key in Application.objects.offers_over().order_by("pk").values_list("pk", flat=True):
        try:
            _lapse(key)
        except (StaleState, IllegalTransition, Blocked) as moved:
            log.info("offer %s was answered meanwhile: %s", key, moved)
        else:
            lapsed += 1
    return lapsed


@transaction.atomic
def _lapse(key: int) -> None:
    application = lock_line([key])[0]
    APPLICATION.apply(application, "lapse", actor=SYSTEM)
    move_up(give_back(application))


def close_drafts() -> int:
    """Mark drafts whose application deadline has passed as not sent in time, a thousand at once.

    A form that was open when it passed has its grace first; who was let in by a code has until that ends.
    """
    over = Deadline.objects.filter(step=Step.APPLY, at__lt=timezone.now() - grace()).values("call_id")
    drafts = Application.objects.filter(state=ApplicationState.DRAFT, programme__call__in=over)
    drafts = drafts.annotate(let_in=let_in(Application, Step.APPLY)).filter(let_in=False)
    closed = 0
    while keys := list(drafts.order_by("pk").values_list("pk", flat=True)[:1000]):
        result = APPLICATION.apply_many(drafts.filter(pk__in=keys).with_rows(), "miss", actor=SYSTEM)
        closed += len(result.done)
        if not result.done:
            break
    return closed
