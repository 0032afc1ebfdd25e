"""Rubrics: a change is the next version."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.common.refusals import Refused, StaleState
from partnerships.common.text import clean_line
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization
from partnerships.reviews import rubrics
from partnerships.reviews.kinds import types
from partnerships.reviews.models import Rubric, RubricVersion
from partnerships.workflow.actors import as_actor


def _must_keep(organization: Organization, actor: Any) -> None:
    roles = {role for kind in types().values() for role in kind.roles}
    if not access_of(as_actor(actor).principal).covers(organization.path, *roles):
        raise Refused(_("Only who leads reviews at this organisation writes its rubrics."))


@transaction.atomic
def new_rubric(
    organization: Organization, *, actor: Any, title_az: str, title_en: str, criteria: list[dict[str, Any]]
) -> Rubric:
    """A rubric with its first version. Raises ValidationError for criteria that cannot be marked."""
    _must_keep(organization, actor)
    made = Rubric.objects.create(
        organization=organization, title_az=clean_line(title_az), title_en=clean_line(title_en)
    )
    _version(made, 1, criteria, actor)
    return made


def _version(rubric: Rubric, number: int, criteria: list[dict[str, Any]], actor: Any) -> RubricVersion:
    return RubricVersion.objects.create(
        rubric=rubric, number=number, criteria=rubrics.clean(criteria), made_by=as_actor(actor).user
    )


@transaction.atomic
def write_version(
    rubric: Rubric,
    *,
    actor: Any,
    version: int,
    title_az: str,
    title_en: str,
    criteria: list[dict[str, Any]],
) -> Rubric:
    """The next version; rounds marked by an earlier one keep it. The same criteria make no new one."""
    locked = Rubric.objects.select_for_update().get(pk=rubric.pk)
    _must_keep(locked.organization, actor)
    if locked.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), locked)
    locked.title_az, locked.title_en = clean_line(title_az), clean_line(title_en)
    locked.version += 1
    locked.save()
    current = locked.current
    if rubrics.clean(criteria) != current.criteria:
        _version(locked, current.number + 1, criteria, actor)
    return locked


@transaction.atomic
def archive_rubric(rubric: Rubric, *, actor: Any, archived: bool) -> Rubric:
    """Offer it for new rounds no longer, or again."""
    locked = Rubric.objects.select_for_update().get(pk=rubric.pk)
    _must_keep(locked.organization, actor)
    locked.archived = archived
    locked.version += 1
    locked.save()
    return locked
