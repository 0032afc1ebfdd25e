"""What a student studies: written, and asked to be corrected."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from partnerships.common.refusals import Blocked, Refusal, Refused, StaleState
from partnerships.common.text import at_most, clean_line
from partnerships.directory import rules
from partnerships.directory.enums import AffiliationState
from partnerships.directory.models import Affiliation, Study
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

STUDY_FIELDS = frozenset({"specialty", "degree", "year", "gpa", "mode", "student_number", "group"})


@transaction.atomic
def update_study(affiliation: Affiliation, *, actor: Any, version: int | None = None, **values: Any) -> Study:
    """Write what a student studies: the student until the university has confirmed it, from then on the
    university alone (see ask_study_change).

    `version` is the affiliation's as the editor saw it; StaleState when it is outdated. Raises Refused to
    everybody else.
    """
    affiliation = Affiliation.objects.select_for_update().get(pk=affiliation.pk)
    if version is not None and affiliation.version != version:
        present = Study.objects.filter(affiliation=affiliation).first()
        raise StaleState(_("Someone has just changed this; here is how it stands now."), present)
    principal = as_actor(actor).principal
    own = rules.is_own(principal, affiliation) and affiliation.state != AffiliationState.VERIFIED
    if not own and not rules.decides(principal, affiliation):
        raise Refused(_("Your university has confirmed this. Ask your coordinator to correct it."))
    study = write_study(affiliation, values)
    Affiliation.objects.filter(pk=affiliation.pk).update(version=F("version") + 1)
    return study


def write_study(affiliation: Affiliation, values: dict[str, Any]) -> Study:
    if unknown := set(values) - STUDY_FIELDS:
        raise ValueError(f"not particulars of studies: {sorted(unknown)}")
    study = Study.objects.filter(affiliation=affiliation).first() or Study(affiliation=affiliation)
    for field, value in values.items():
        setattr(study, field, clean_line(value) if isinstance(value, str) else value)
    study.save()
    return study


def ask_study_change(affiliation: Affiliation, *, actor: Any, note: str) -> Any:
    """Ask the university to correct what it has confirmed; its coordinator is told."""
    if not rules.is_own(as_actor(actor).principal, affiliation):
        raise Refused(_("Only you can ask for your own affiliation."))
    note = at_most("note", note.strip(), 1000)
    if not note:
        raise Blocked(Refusal(_("Say what is to be corrected."), code="note"), affiliation)
    with transaction.atomic():
        return record(affiliation, "ask_change", actor=actor, note=note)
