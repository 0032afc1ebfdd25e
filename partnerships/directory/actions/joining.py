"""Making two records of one person one."""

import logging
from typing import Any

from django.db import IntegrityError, models, transaction

from partnerships.directory.models import Person
from partnerships.workflow.models import Change

log = logging.getLogger(__name__)


def join_people(listed: Person, *, account: Any, present: Person | None) -> Person:
    """Make the listed person the account's own, taking over all that the account's present person has.

    Every row that names the present person names the listed one afterwards. Where two rows would then
    contradict each other nothing is joined, both stay, and an administrator sees it in the log.
    Answers with the person whom the account has afterwards.
    """
    try:
        with transaction.atomic():
            listed = Person.objects.select_for_update().get(pk=listed.pk)
            if listed.user_id is not None:
                return present or listed
            if present is not None:
                _hand_over(present, listed)
                Person.objects.filter(pk=present.pk).update(user=None)
                present.user = None
                present.delete()
            listed.user = account
            listed.version += 1
            listed.save()
    except (IntegrityError, models.ProtectedError) as error:
        log.warning("person %s not joined to listed person %s: %s", present and present.pk, listed.pk, error)
        return present or listed
    account.__dict__.pop("_person_id", None)
    account._state.fields_cache.pop("person", None)
    return listed


def _hand_over(gone: Person, kept: Person) -> None:
    """Point every row of `gone` at `kept`; affiliations that `kept` has too are dropped first."""
    there = set(kept.affiliations.exclude(state="refused").values_list("organization_id", "role"))
    for row in gone.affiliations.all():
        if (row.organization_id, row.role) in there:
            row.delete()
    kept.skills.add(*gone.skills.all())
    for relation in Person._meta.related_objects:
        field = relation.field
        if relation.many_to_many:
            through = relation.through._base_manager
            name = field.m2m_reverse_field_name()
        else:
            through = relation.related_model._base_manager
            name = field.name
        through.filter(**{name: gone}).update(**{name: kept})
    Change.objects.filter(person_id=gone.pk).update(person_id=kept.pk)
