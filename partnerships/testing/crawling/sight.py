"""Which object stands behind a uid, and whether somebody may see it: asked of the models alone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models

Rule = Callable[[Any, Any], Any]  # (rows of a model, user) -> those that the user may see


def models_with_uid() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if not model._meta.proxy and any(f.name == "uid" for f in model._meta.fields)
    ]


class Sight:
    """`sees(user, uid)`: whether `visible_to` of the model behind the uid shows it to the user.

    A model without `visible_to` is seen through the row it belongs to: the first relation to a model of the
    portal that has it, people and organisations aside. Where that is not so, `rules` says it: {"app.Model":
    (rows, user) -> rows}. A model for which nothing says it raises: a new one must say who sees it.
    `named` are models whose uid may stand on a page (in a choice, say) without being open to its reader.
    """

    def __init__(self, rules: dict[str, Rule], named: frozenset[str] = frozenset()) -> None:
        self.rules = rules
        self.named = named
        self.kinds = models_with_uid()
        self.model_of: dict[str, type[models.Model]] = {}
        self.seen: dict[tuple[Any, type[models.Model]], set[str]] = {}
        for model in self.kinds:
            self.rows(model, AnonymousUser())
            for uid in model._default_manager.values_list("uid", flat=True):
                self.model_of[str(uid)] = model

    def rows(self, model: type[models.Model], user: Any) -> Any:
        """The rows of a model that the user may see."""
        everything: Any = model._default_manager.all()
        if rule := self.rules.get(model._meta.label):
            return rule(everything, user)
        if hasattr(everything, "visible_to"):
            return everything.visible_to(user)
        holder = self.holder(model)
        return everything.filter(**{f"{holder.name}__in": self.rows(holder.related_model, user)})

    def holder(self, model: type[models.Model]) -> Any:
        for relation in model._meta.fields:
            related: Any = relation.related_model
            belongs = relation.many_to_one or relation.one_to_one
            if belongs and related in self.kinds and related._meta.app_label != "directory":
                return relation
        raise LookupError(f"{model._meta.label} has a uid and no visible_to: say who sees it")

    def knows(self, uid: str) -> bool:
        return uid in self.model_of

    def label(self, uid: str) -> str:
        return self.model_of[uid]._meta.label

    def sees(self, user: Any, uid: str) -> bool:
        if not self.knows(uid):
            return False
        model = self.model_of[uid]
        key = (user, model)
        if key not in self.seen:
            rows = self.rows(model, user).order_by().values_list("uid", flat=True)
            self.seen[key] = {str(found) for found in rows}
        return uid in self.seen[key]


def is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return len(text) == 36
