"""What troubles a student, told past the mentor: raised, looked into, answered."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from internships import rules
from internships.enums import PlacementState
from internships.models import Concern, Placement
from internships.workflow import CONCERN
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record


@transaction.atomic
def raise_concern(
    placement: Placement, *, actor: Any, topic: str, text: str, to_company: bool = False
) -> Concern:
    """The student tells the university, and the company's human resources where `to_company`.

    Never the mentor. Raises Refused for anybody else, Blocked where the practice never came about,
    ValidationError for an empty text, or where the university is not known and the company may not read it.
    """
    by = as_actor(actor)
    if not rules.is_placed(by.principal, placement):
        raise Refused(_("Only the student raises a concern."))
    if placement.state == PlacementState.CANCELLED:
        raise Blocked(Refusal(_("This practice did not take place."), code="cancelled"), placement)
    if placement.university_id is None and not to_company:
        words = _("No university stands behind this practice: let the company's human resources read it.")
        raise ValidationError({"to_company": words})
    concern = Concern(
        placement=placement,
        author=placement.person,
        mentor=placement.mentor,
        topic=topic,
        text=text.strip(),
        to_company=to_company,
    )
    concern.full_clean(exclude=["placement", "author", "mentor"])
    concern.save()
    record(concern, "raise", actor=actor, to_state=concern.state)
    return concern


def _fresh(concern: Concern) -> Concern:
    return Concern.objects.with_placement().get(pk=concern.pk)


def take_concern(concern: Concern, *, actor: Any) -> Concern:
    """Somebody looks into it; the student reads who."""
    return CONCERN.apply(_fresh(concern), "take", actor=actor)


def close_concern(concern: Concern, *, actor: Any, note: str) -> Concern:
    """Close it with an answer to the student."""
    return CONCERN.apply(_fresh(concern), "close", actor=actor, note=note)


def withdraw_concern(concern: Concern, *, actor: Any, note: str = "") -> Concern:
    """The student takes it back."""
    return CONCERN.apply(_fresh(concern), "withdraw", actor=actor, note=note)


def reopen_concern(concern: Concern, *, actor: Any, note: str) -> Concern:
    """The student raises it again, with what is not settled."""
    return CONCERN.apply(_fresh(concern), "reopen", actor=actor, note=note, raised_at=timezone.now())
