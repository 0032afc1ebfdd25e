"""What must hold before somebody is erased, with the reason when it does not."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.refusals import Refusal
from partnerships.privacy.collect import blocks
from partnerships.workflow.actors import Actor


def time_is_over(erasure: Any, actor: Actor) -> Refusal | None:
    """The days in which the person may think again."""
    if timezone.now() < erasure.due:
        return Refusal(_("The days in which it can be called off are not over yet."), "early")
    return None


def nothing_stands_against(erasure: Any, actor: Actor) -> Refusal | None:
    if found := blocks(erasure.person):
        return Refusal(found[0].what, "blocked")
    return None
