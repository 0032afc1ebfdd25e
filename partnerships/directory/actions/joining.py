"""Making two records of one person one."""

import logging
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refusal, Refused
from partnerships.directory.access import access_of
from partnerships.directory.enums import AffiliationState
from partnerships.directory.models import Affiliation, Person, Study
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import Change, record

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
            if listed.user_id is not None or listed.erased_at is not None:
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


@transaction.atomic
def merge_people(kept: Person, gone: Person, *, actor: Any, reason: str) -> Person:
    """One person who stands here twice becomes one: everything of `gone` is `kept`'s, and `gone` is no more.

    What `kept` lacks (patronymic, phone, codes) is taken over. Where both have an account, that of `kept`
    stays and opens with the addresses of both; the other is closed. An address that nobody has verified opens
    nothing: it may be mistyped, and a new password is sent to whoever reads its letters.

    Raises Refused to anybody but an administrator, Missing without a reason, IllegalTransition when one is
    gone already, and Blocked where both hold something of which a person can have one only, such as an
    application to the same programme.
    """
    who = as_actor(actor)
    if not access_of(who.principal).administers:
        raise Refused(_("Records of people are merged by an administrator."))
    if kept.pk == gone.pk:
        raise ValueError("a person is not merged with themselves")
    if not reason.strip():
        raise Missing("reason", kept)
    rows = {
        row.pk: row
        for row in Person.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    }
    if len(rows) < 2 or any(row.erased_at for row in rows.values()):
        raise IllegalTransition(
            _("One of the two is no longer there: they may have been merged already."), kept
        )
    kept, gone = rows[kept.pk], rows[gone.pk]
    was = {"name": gone.full_name, "email": gone.email, "uid": str(gone.uid), "id": gone.pk}
    _hand_over_or_refuse(gone, kept)
    account = gone.user
    Person.objects.filter(pk=gone.pk).update(user=None, fin="")
    _take_over(gone, kept)
    gone.user = None
    gone.delete()
    if account is not None:
        _join_accounts(account, kept)
    kept.version += 1
    kept.save()
    record(kept, "merge", actor=who, note=reason.strip(), data={"gone": was})
    return kept


def _hand_over_or_refuse(gone: Person, kept: Person) -> None:
    try:
        with transaction.atomic():
            _hand_over(gone, kept)
    except (IntegrityError, models.ProtectedError) as error:
        raise Blocked(
            Refusal(
                _(
                    "Both records hold something of which a person can have one only, such as an application "
                    "to the same programme. Nothing was changed. A draft can be deleted first; otherwise "
                    "both records stay."
                ),
                code="both",
            ),
            kept,
        ) from error


def _take_over(gone: Person, kept: Person) -> None:
    known = gone.user_id is None or _verified(gone.user).exists()
    for field in ("patronymic", "phone", "orcid", "fin", *(["email"] if known else [])):
        if not getattr(kept, field):
            setattr(kept, field, getattr(gone, field))
    kept.is_foreigner = kept.is_foreigner or gone.is_foreigner


def _join_accounts(account: Any, kept: Person) -> None:
    """The account of who is gone becomes the kept one's, or closes and leaves it its verified addresses."""
    if kept.user_id is None and _verified(account).exists():
        kept.user, kept.email = account, account.email
        return
    if not _verified(account).exists():
        account.email = f"closed-{account.pk}@closed.invalid"  # whoever reads letters there may sign up
    EmailAddress.objects.filter(user=account, verified=False).delete()
    if kept.user_id is not None:
        known = set(EmailAddress.objects.filter(user=kept.user).values_list("email", flat=True))
        EmailAddress.objects.filter(user=account, email__in=known).delete()
        EmailAddress.objects.filter(user=account).update(user=kept.user, primary=False)
    account.is_active = False
    account.save(update_fields=["is_active", "email"])


def _verified(account: Any) -> Any:
    return EmailAddress.objects.filter(user=account, verified=True)


def _hand_over(gone: Person, kept: Person) -> None:
    """Point every row of `gone` at `kept`; an affiliation that both have becomes one first."""
    for row in gone.affiliations.exclude(state=AffiliationState.REFUSED):
        same = kept.affiliations.exclude(state=AffiliationState.REFUSED).filter(
            organization=row.organization_id, role=row.role, ends=row.ends
        )
        if (theirs := same.first()) is not None:
            join_affiliations(row, theirs)
    _repoint(gone, kept)
    Change.objects.filter(person_id=gone.pk).update(person_id=kept.pk)
    Change.objects.filter(on_behalf_of_id=gone.pk).update(on_behalf_of_id=kept.pk)


def join_affiliations(double: Affiliation, kept: Affiliation) -> None:
    """The kept row takes what hangs on the double and, where only that is confirmed, its confirmation."""
    if double.state == AffiliationState.VERIFIED != kept.state:
        for field in ("state", "state_since", "verified_by", "starts"):
            setattr(kept, field, getattr(double, field))
        kept.save()
    study = Study.objects.filter(affiliation=double).first()
    if study is not None and not Study.objects.filter(affiliation=kept).exists():
        Study.objects.filter(pk=study.pk).update(affiliation=kept)
    _repoint(double, kept, but=Study)
    double.delete()


def _repoint(gone: models.Model, kept: models.Model, *, but: Any = None) -> None:
    """Every row that points at `gone`, hidden relations and generic keys included, points at `kept`."""
    for model, name in references(type(gone)):
        if model is not but:
            move_rows(model, name, gone, kept)
    kind = ContentType.objects.get_for_model(gone)
    for model in apps.get_models():
        for field in model._meta.private_fields:
            if isinstance(field, GenericForeignKey):
                rows = model._base_manager.filter(**{field.ct_field: kind, field.fk_field: gone.pk})
                rows.update(**{field.fk_field: kept.pk})


def move_rows(model: type[models.Model], name: str, gone: models.Model, kept: models.Model) -> None:
    """Rows at once; where that breaks a constraint, one by one, and a mere link or preference that both have
    is dropped. Raises IntegrityError for what is more than that."""
    rows = model._base_manager.filter(**{name: gone})
    try:
        with transaction.atomic():
            rows.update(**{name: kept})
    except IntegrityError:
        if not (model._meta.auto_created or getattr(model, "one_is_enough", False)):
            raise
        for row in rows:
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**{name: kept})
            except IntegrityError:
                row.delete()


def references(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Every model and field with a key to `model`, the tables between two models included."""
    return [
        (relation.related_model, relation.field.name)
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
    ]
