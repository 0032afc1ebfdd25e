"""The history of every state, which is also the source of what people are told."""

import copy
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.common.context import request_id
from partnerships.common.fields import FoldedField
from partnerships.common.models import Personal
from partnerships.common.wording import worded
from partnerships.workflow.actors import Actor, as_actor
from partnerships.workflow.engine import Workflow, tell

M = TypeVar("M", bound=models.Model)


class Stateful(Personal):
    """A record that a workflow moves. Subclasses give `state` its choices and default.

    `kept_with_changes` names the fields that its letters speak of: their values are kept with every change,
    so that a letter told late still tells of its own change (`Change.as_it_was`).
    """

    kept_with_changes: ClassVar[tuple[str, ...]] = ()

    state = models.CharField(_("state"), max_length=24)
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


def state_of(workflow: Workflow) -> Any:
    """The field `state` of a model that this table moves."""
    return models.CharField(_("state"), max_length=24, choices=workflow.states, default=str(workflow.initial))


class Record(Stateful):
    """A record that is called by its `title` and searched for by it, at the address <app>:<model>."""

    title = models.CharField(_("title"), max_length=200)
    folded = FoldedField(sources=["title"])

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse(f"{self._meta.app_label}:{self._meta.model_name}", args=[self.uid])


class BilingualRecord(Record):
    """A record called in Azerbaijani and, where somebody wrote it, in English; found by either."""

    title_en = models.CharField(_("title in English"), max_length=200, blank=True, default="")
    folded = FoldedField(sources=["title", "title_en"])

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(worded(self, "title"))


class ActorKind(models.TextChoices):
    USER = "user", _("User")
    LINK = "link", _("Signed link")
    SYSTEM = "system", _("System")


def named_doer(name: str, holder: str) -> str:
    """Who did something, and where they stood in for somebody, in whose place."""
    if not holder:
        return name
    return str(_("%(deputy)s, in place of: %(holder)s")) % {"deputy": name, "holder": holder}


class ChangeQuerySet(models.QuerySet["Change"]):
    def of(self, obj: models.Model) -> "ChangeQuerySet":
        """The history of one object, newest first, with what its timeline shows."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(obj, for_concrete_model=True), object_id=obj.pk
        ).select_related("user")

    def untold(self) -> "ChangeQuerySet":
        return self.filter(told_at=None)


class Change(models.Model):
    """One thing that happened to one object. Rows are never edited, except to mark them told."""

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.BigIntegerField()
    object = GenericForeignKey()
    verb = models.CharField(_("verb"), max_length=40)
    from_state = models.CharField(_("from"), max_length=24, blank=True)
    to_state = models.CharField(_("to"), max_length=24, blank=True)
    actor_kind = models.CharField(_("kind of actor"), max_length=6, choices=ActorKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("user"))
    # Person ids, not keys: the directory stands above this engine.
    person_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    holder_name = models.CharField(_("in place of"), max_length=255, blank=True, default="")
    actor_name = models.CharField(_("who"), max_length=255, blank=True)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(default=dict)
    # What the object's letters speak of, as it was then: model.kept_with_changes.
    kept = models.JSONField(default=dict, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now)
    request_id = models.CharField(max_length=64, blank=True)
    told_at = models.DateTimeField(null=True, editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "-at"], name="change_of_object"),
            models.Index(fields=["at"], condition=models.Q(told_at=None), name="change_untold"),
            # What moved no state (`record`), few beside all: whether it ever happened, by its verb.
            models.Index(
                fields=["content_type", "verb", "object_id"],
                condition=models.Q(from_state=""),
                name="change_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    @property
    def who(self) -> str:
        """The doer as a page names them; of a deputy, in whose place too."""
        return named_doer(self.actor_name, self.holder_name)

    def as_it_was(self, obj: M) -> M:
        """A copy of `obj`, this change's object as it is now, with its state and kept fields as the change
        left them. To be read, not saved."""
        then = copy.copy(obj)
        for name, value in self.kept.items():
            field = obj._meta.get_field(name)
            setattr(then, field.attname, field.to_python(value))  # type: ignore[union-attr]
        if self.to_state:
            then.state = self.to_state  # type: ignore[attr-defined]
        return then


def _kept(obj: models.Model) -> dict[str, Any]:
    """The fields that the letters of `obj` speak of, as JSON."""
    values = {}
    for name in getattr(obj, "kept_with_changes", ()):
        field: Any = obj._meta.get_field(name)
        value = field.value_from_object(obj)
        plain = value is None or isinstance(value, str | int)
        values[name] = value if plain else field.value_to_string(obj)
    return values


def _row(obj: models.Model, verb: str, by: Actor, **values: Any) -> Change:
    return Change(
        content_type=ContentType.objects.get_for_model(obj, for_concrete_model=True),
        object_id=obj.pk,
        verb=verb,
        actor_kind=by.kind,
        user=by.user,
        person_id=by.person_id,
        on_behalf_of_id=by.on_behalf_of,
        holder_name=by.holder_name,
        actor_name=str(by.user.display_name) if by.user is not None else by.name,
        request_id=request_id.get(),
        kept=_kept(obj),
        **values,
    )


def record(
    obj: models.Model,
    verb: str,
    *,
    actor: Any,
    from_state: str = "",
    to_state: str = "",
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Change:
    """Write that `verb` happened to `obj`; also for what moves no state, such as an extended deadline.

    `obj` is as the change leaves it: what its letters speak of is kept. Must run in the transaction of the
    change itself; people are told after it commits.
    """
    change = _row(
        obj, verb, as_actor(actor), from_state=from_state, to_state=to_state, note=note, data=data or {}
    )
    change.save()
    tell([change.pk])
    return change


def record_many(
    objects: list[Any], verb: str, *, actor: Any, from_states: dict[Any, str], to_state: str, note: str = ""
) -> None:
    """`record` for many objects in one insert."""
    by = as_actor(actor)
    changes = [
        _row(obj, verb, by, from_state=from_states[obj.pk], to_state=to_state, note=note, data={})
        for obj in objects
    ]
    tell([change.pk for change in Change.objects.bulk_create(changes)])
