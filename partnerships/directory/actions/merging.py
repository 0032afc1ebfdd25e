"""Two records of one organisation become one; an organisation comes to its end."""

from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refusal, Refused
from partnerships.common.text import fold
from partnerships.directory import rules
from partnerships.directory.access import access_of
from partnerships.directory.actions.joining import join_affiliations, move_rows, references
from partnerships.directory.actions.organizations import set_names
from partnerships.directory.enums import AffiliationState, Ending, NameKind, Role
from partnerships.directory.models import (
    Affiliation,
    Domain,
    ExternalId,
    Invitation,
    Organization,
    OrganizationName,
    Succession,
    ToldApart,
)
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import Change, record

# Handled by themselves, or left with the record that goes: its history, its codes, what it is not.
APART = (Organization, OrganizationName, Domain, ExternalId, Affiliation, Invitation, ToldApart)


def roles_below(organization: Organization) -> Any:
    """Current roles at an organisation and its units, but for those of students: each gives its holder rights
    over what belongs there. While there are any, the record is not absorbed by another."""
    running = Affiliation.objects.current().exclude(role=Role.STUDENT)
    return running.filter(organization__path__startswith=organization.path)


@transaction.atomic
def merge_organizations(kept: Organization, gone: Organization, *, actor: Any, reason: str) -> Organization:
    """An organisation that stands here twice becomes one: everything of `gone` is `kept`'s.

    `gone` stays as an inactive record that names `kept` as its successor; its names and identifiers are
    `kept`'s too. Students and whoever waits to be confirmed move as they are; codes of invitations close.
    Raises Refused to anybody but an administrator, Missing without a reason, IllegalTransition when one
    has ended already, and Blocked while somebody holds a role at `gone`, for different kinds, and where
    both hold something of which an organisation can have one only. It cannot be undone.
    """
    who = as_actor(actor)
    kept, gone = must_be_able_to_merge(kept, gone, actor=who, reason=reason)
    _hand_over(kept, gone)
    _take_over(kept, gone)
    _end(gone, Ending.DUPLICATE, kept, today(), reason.strip())
    was = {"name": gone.name, "slug": gone.slug, "uid": str(gone.uid)}
    record(kept, "merge", actor=who, note=reason.strip(), data={"gone": was})
    record(gone, "merged", actor=who, note=reason.strip(), data={"kept": kept.slug})
    return kept


def must_be_able_to_merge(
    kept: Organization, gone: Organization, *, actor: Any, reason: str
) -> tuple[Organization, Organization]:
    """Both afresh and locked; raises what is known to refuse it before anything moves."""
    if not access_of(as_actor(actor).principal).administers:
        raise Refused(_("Records of organisations are merged by an administrator."))
    if kept.pk == gone.pk:
        raise ValueError("an organisation is not merged with itself")
    if not reason.strip():
        raise Missing("reason", kept)
    kept, gone = _both(kept, gone)
    _may_go(kept, gone)
    return kept, gone


def _both(kept: Organization, gone: Organization) -> tuple[Organization, Organization]:
    keys = [kept.pk, gone.pk]
    rows = {
        row.pk: row for row in Organization.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }
    if len(rows) < 2 or any(row.parent_id or not row.is_active for row in rows.values()):
        raise IllegalTransition(_("One of the two has ended: they may have been merged already."), kept)
    return rows[kept.pk], rows[gone.pk]


def _may_go(kept: Organization, gone: Organization) -> None:
    if gone.is_operator:
        raise Refused(_("The organisation that runs the portal stays."))
    if kept.kind != gone.kind:
        words = _("One is a university and the other is not, or a company: correct the kind first.")
        raise Blocked(Refusal(words, code="kind"), kept)
    if count := roles_below(gone).count():
        words = _(
            "People hold roles at the record that is to go: %(count)s. They would have rights over the other "
            "one that nobody there gave them. Give them their roles at the other one first, then end these."
        )
        raise Blocked(Refusal(words % {"count": count}, code="roles"), kept)


def _hand_over(kept: Organization, gone: Organization) -> None:
    """Units, people and every row that names `gone`."""
    Invitation.objects.filter(organization__path__startswith=gone.path).update(
        uses_left=0, version=F("version") + 1
    )
    _move_people(kept, gone)
    below = Organization.objects.below(gone).exclude(pk=gone.pk)
    path = Concat(Value(kept.path), Substr(F("path"), len(gone.path) + 1))
    below.update(path=path, root_id=kept.pk)
    Organization.objects.filter(parent=gone).update(parent=kept)
    for model, name in references(Organization):
        if model in APART or (model is Succession and name == "organization"):
            continue
        if getattr(model, "counted_anew", False):
            model._base_manager.filter(**{name: gone}).delete()
            continue
        try:
            with transaction.atomic():
                move_rows(model, name, gone, kept)
        except (IntegrityError, models.ProtectedError) as error:
            words = _(
                "Both records have what an organisation can have one of only: %(what)s. Nothing was changed."
            )
            what = model._meta.verbose_name_plural
            raise Blocked(Refusal(words % {"what": what}, code="both"), kept) from error
    kind = ContentType.objects.get_for_model(Organization)
    for model in apps.get_models():
        for field in model._meta.private_fields:
            if isinstance(field, GenericForeignKey) and model is not Change:
                rows = model._base_manager.filter(**{field.ct_field: kind, field.fk_field: gone.pk})
                rows.update(**{field.fk_field: kept.pk})


def _move_people(kept: Organization, gone: Organization) -> None:
    """Students and whoever waits. What is over, and whom the kept one has refused, stays where it was. One by
    one those who stand twice, all others at once."""
    refused = Affiliation.objects.filter(organization=kept, state=AffiliationState.REFUSED)
    rows = Affiliation.objects.filter(organization=gone).exclude(state=AffiliationState.REFUSED)
    rows = rows.exclude(ends__lt=today()).exclude(person__in=refused.values("person"))
    again = Affiliation.objects.filter(person=OuterRef("person"), role=OuterRef("role"))
    again = again.filter(organization__in=[kept, gone]).exclude(pk=OuterRef("pk"))
    twice = list(rows.filter(Exists(again)).order_by("pk"))
    rows.filter(~Exists(again)).update(organization=kept)
    for row in twice:
        theirs = Affiliation.objects.filter(person=row.person_id, organization=kept, role=row.role)
        same = theirs.exclude(state=AffiliationState.REFUSED).exclude(ends__lt=today()).first()
        if same is not None:
            join_affiliations(row, same)
        else:
            Affiliation.objects.filter(pk=row.pk).update(organization=kept)


def _take_over(kept: Organization, gone: Organization) -> None:
    """Names, domains, identifiers, and facts that only `gone` has."""
    rows = list(kept.names.order_by("pk").values_list("language", "kind", "text"))
    known = {fold(text) for _language, _kind, text in rows}
    for language, kind, text in gone.names.order_by("pk").values_list("language", "kind", "text"):
        if fold(text) not in known:
            rows.append((language, NameKind.ALIAS if kind == NameKind.LABEL else kind, text))
    theirs = kept.domains.values_list("domain", flat=True)
    gone.domains.filter(domain__in=list(theirs)).delete()
    gone.domains.update(organization=kept)
    gone.external_ids.update(organization=kept)
    for field in ("website", "city", "ownership"):
        if not getattr(kept, field):
            setattr(kept, field, getattr(gone, field))
    kept.is_partner = kept.is_partner or gone.is_partner
    kept.edited_by_person = True
    kept.save()
    set_names(kept, rows, actor=SYSTEM)


def _end(
    organization: Organization, how: Ending, successor: Organization | None, on: date, reason: str
) -> Succession:
    organization.is_active = False
    organization.edited_by_person = True
    organization.save(update_fields=["is_active", "edited_by_person", "updated"])
    return Succession.objects.create(
        organization=organization, successor=successor, how=how, on=on, reason=reason
    )


@transaction.atomic
def end_organization(
    organization: Organization,
    *,
    actor: Any,
    how: str,
    on: date,
    reason: str,
    successor: Organization | None = None,
) -> Succession:
    """An organisation is no more: from now on it is in no list, and its page names who goes on in its place.

    Nothing moves: rows, roles and history stay with it, and nobody of it gets a right at the successor.
    Raises Refused to whoever does not run the portal, Missing, IllegalTransition where it has ended already,
    and Blocked for a successor that cannot be one.
    """
    who = as_actor(actor)
    if not access_of(who.principal).operates:
        raise Refused(_("Organisations are kept by the partnership manager and the administrator."))
    if not reason.strip():
        raise Missing("reason", organization)
    if how == Ending.DUPLICATE or how not in Ending.values:
        raise ValueError(f"{how} is not how an organisation ends")
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    if not locked.is_active or locked.parent_id is not None:
        raise IllegalTransition(_("This organisation has ended already."), organization)
    if locked.is_operator:
        raise Refused(_("The organisation that runs the portal stays."))
    if successor is None and how != Ending.CLOSED:
        raise Blocked(Refusal(_("Say which organisation goes on in its place."), code="successor"), locked)
    if successor is not None and (
        successor.pk == locked.pk or successor.parent_id is not None or not successor.is_active
    ):
        words = _("The successor is another organisation that is active.")
        raise Blocked(Refusal(words, code="successor"), locked)
    if on > today():
        raise Blocked(Refusal(_("That day has not come yet."), code="day"), locked)
    made = _end(locked, Ending(how), successor, on, reason.strip())
    record(locked, "end", actor=who, note=reason.strip(), data={"how": how})
    return made


@transaction.atomic
def revive_organization(organization: Organization, *, actor: Any, reason: str) -> Organization:
    """Take an end back, which moved nothing. Not that of a double, whose rows are another's by now."""
    who = as_actor(actor)
    if not rules.manages_organizations(who.principal, None):
        raise Refused(_("Organisations are kept by the partnership manager and the administrator."))
    if not reason.strip():
        raise Missing("reason", organization)
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    found = Succession.objects.filter(organization=locked).first()
    if found is None:
        raise IllegalTransition(_("This organisation has not ended."), organization)
    if found.how == Ending.DUPLICATE:
        words = _(
            "What belonged to it is another's by now: two records that became one are not parted again."
        )
        raise Blocked(Refusal(words, code="merged"), organization)
    found.delete()
    locked.is_active = True
    locked.save(update_fields=["is_active", "updated"])
    record(locked, "revive", actor=who, note=reason.strip())
    return locked
