"""The portal's own verbs."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from partnerships.accounts.actions import set_keeps_views
from partnerships.accounts.models import User
from partnerships.common.refusals import Refused
from partnerships.portal import saved
from partnerships.portal.models import CalendarKey, SavedView
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record


@transaction.atomic
def renew_calendar(owner: Any, *, actor: Any) -> CalendarKey:
    """Close the calendar addresses that `owner`, a user, has given out so far; the next one differs."""
    key, _created = CalendarKey.objects.get_or_create(user=owner)
    CalendarKey.objects.filter(pk=key.pk).update(number=F("number") + 1)
    key.refresh_from_db()
    record(key, "renew", actor=as_actor(actor))
    return key


# Saved views -------------------------------------------------------------------------------------------
def save_view(*, actor: Any, name: str, address: str) -> SavedView:
    """Keep a list as it is narrowed and ordered now under a name; saved again under it, it is replaced.

    Raises ValidationError for a name that says nothing, an address that is none of the portal's lists, and
    for the one above `saved.MOST`.
    """
    name = _named(name)
    found = saved.read(address)
    if found is None:
        raise ValidationError({"address": _("This address is no list of the portal.")})
    path, query = found
    with transaction.atomic():
        account = _own_account(actor)
        views = SavedView.objects.filter(user=account)
        known = views.filter(path=path, name=name).first()
        if known is None and views.count() >= saved.MOST:
            words = _("At most %(count)s saved views are kept. Delete one that you no longer need.")
            raise ValidationError({"name": words % {"count": saved.MOST}})
        view = known or SavedView(user=account, path=path, name=name)
        view.replaced = known is not None and known.query != query
        view.query = query
        view.save()
        set_keeps_views(account, True)
    return view


def rename_view(view: SavedView, *, actor: Any, name: str) -> SavedView:
    """Raises ValidationError where another view of the same list has the name already."""
    name = _named(name)
    with transaction.atomic():
        account = _own_account(actor, view)
        if SavedView.objects.filter(user=account, path=view.path, name=name).exclude(pk=view.pk).exists():
            raise ValidationError({"name": _("Another saved view of this list has this name.")})
        SavedView.objects.filter(pk=view.pk).update(name=name)
    view.name = name
    return view


def delete_view(view: SavedView, *, actor: Any) -> None:
    """It goes without a trace; the list stays as it is."""
    with transaction.atomic():
        account = _own_account(actor, view)
        SavedView.objects.filter(pk=view.pk).delete()
        set_keeps_views(account, SavedView.objects.filter(user=account).exists())


def _named(name: str) -> str:
    name = " ".join(name.split())
    longest = SavedView._meta.get_field("name").max_length or 0
    if not name or not name.isprintable():
        raise ValidationError({"name": _("Give it a name.")})
    if len(name) > longest:
        words = _("A name has at most %(count)s letters.")
        raise ValidationError({"name": words % {"count": longest}})
    return name


def _own_account(actor: Any, view: SavedView | None = None) -> User:
    """The account of who acts, locked: of two saves at once the second counts the first."""
    user = as_actor(actor).user
    if user is None or (view is not None and view.user_id != user.pk):
        raise Refused(_("A saved view is its owner's alone."))
    return User.objects.select_for_update().get(pk=user.pk)
