"""Which object stands behind a uid, and whether somebody may see it: asked of the models alone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.apps import apps
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

    A model without `visible_to` needs a rule in `through`: the name of the relation through which it is seen,
    or a function (rows, user) -> rows. A model that stands in neither raises: a new one must say who sees it.
    `named` are models whose uid may stand on a page (in a choice, say) without being open to its reader.
    """

    def __init__(self, through: dict[str, str | Rule], named: frozenset[str] = frozenset()) -> None:
        self.through = through
        self.named = named
        self.kinds = models_with_uid()
        self.model_of: dict[str, type[models.Model]] = {}
        self.seen: dict[tuple[Any, type[models.Model]], set[str]] = {}
        for model in self.kinds:
            self.rows(model, None)
            for uid in model._default_manager.values_list("uid", flat=True):
                self.model_of[str(uid)] = model

    def rows(self, model: type[models.Model], user: Any) -> Any:
        everything: Any = model._default_manager.all()
        if hasattr(everything, "visible_to"):
            return everything if user is None else everything.visible_to(user)
        if user is None and model._meta.label in self.through:
            return everything
        rule = self.through.get(model._meta.label)
        if rule is None:
            raise LookupError(f"{model._meta.label} has a uid and no visible_to: say who sees it")
        if callable(rule):
            return rule(everything, user)
        name = rule
        related: Any = model._meta.get_field(name).related_model
        return everything.filter(**{f"{name}__in": self.rows(related, user)})

    def knows(self, uid: str) -> bool:
        return uid in self.model_of

    def label(self, uid: str) -> str:
        return self.model_of[uid]._meta.label

    def sees(self, user: Any, uid: str) -> bool:
        model = self.model_of[uid]
        key = (user.pk, model)
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
