"""A resource of the API from a model and its workflow: what a verb takes is what the table says it needs."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.common.api import NeededNote, Nothing, OfferedVerb, Verbs, add_verbs, offered_alone
from partnerships.common.viewsets import VisibleViewSet
from partnerships.workflow.engine import Workflow


def _named(name: str, base: type[Any], **attributes: Any) -> type[Any]:
    return type(name, (base,), attributes)


def verbs_of(
    workflow: Workflow, model: type[models.Model], actions: Mapping[str, Callable[..., Any]]
) -> Verbs:
    """name -> (what is sent, action), for `add_verbs`."""
    return {name: (_body(workflow, name, model), action) for name, action in actions.items()}


def _body(workflow: Workflow, verb: str, model: type[models.Model]) -> type[Any]:
    needs = workflow[verb].needs
    if set(needs) <= {"note"}:
        return NeededNote if needs else Nothing
    asked: dict[str, Any] = {
        name: {"required": True, "allow_null": False} for name in needs if name != "note"
    }
    meta = _named("Meta", object, model=model, fields=needs, extra_kwargs=asked)
    own: dict[str, Any] = {name: field for name in asked if (field := _by_slug(model, name))}
    for name, rows in workflow[verb].among.items():
        to: Any = model._meta.get_field(name).related_model
        own.setdefault(name, OfferedField(rows, queryset=to._default_manager.none()))
    if "note" in needs:
        own["note"] = serializers.CharField(max_length=2000)
    return _named(f"{model.__name__}{verb.title()}", serializers.ModelSerializer, Meta=meta, **own)


class OfferedField(serializers.PrimaryKeyRelatedField[Any]):
    """A row by its key, among those that the verb offers to whoever sends it: of every other key the answer
    is the same, whether there is such a row or not."""

    def __init__(self, rows: Callable[[Any], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = rows

    def get_queryset(self) -> Any:
        return self.rows(self.context["request"].user)


def _by_slug(model: type[models.Model], name: str) -> Any:
    """What has a slug is sent by it, as it is read."""
    to: Any = model._meta.get_field(name).related_model
    if to is None or not any(one.name == "slug" for one in to._meta.fields):
        return None
    return serializers.SlugRelatedField(slug_field="slug", queryset=to._default_manager.all())


def resource(
    model: type[models.Model],
    workflow: Workflow,
    actions: Mapping[str, Callable[..., Any]],
    *,
    about: str,
    fields: tuple[str, ...] = (),
    serializer: type[Any] = serializers.ModelSerializer,
    **options: Any,
) -> type[VisibleViewSet]:
    """The viewset of rows by `visible_to`, with the verbs as POST actions and what the reader may do now.

    fields      plain fields of the model besides uid, version and state; or
    serializer  one with a Meta of its own
    options     attributes of the viewset, such as `filterset_class`
    """
    verbs = verbs_of(workflow, model, actions)
    own = getattr(serializer, "Meta", None)
    names = (*(own.fields if own else ("uid", "version", "state", *fields)), "actions")

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self: Any, obj: Any) -> Any:
        return offered_alone(workflow, obj, self.context, verbs)

    row = _named(
        serializer.__name__ if own else f"{model.__name__}Serializer",
        serializer,
        actions=serializers.SerializerMethodField(),
        get_actions=get_actions,
        Meta=_named("Meta", object, model=model, fields=names, read_only_fields=names),
    )
    rows = model._default_manager.none()
    viewset = _named(
        f"{model.__name__}ViewSet",
        VisibleViewSet,
        __doc__=about,
        serializer_class=row,
        queryset=rows,
        **options,
    )
    add_verbs(viewset, verbs)
    return viewset
