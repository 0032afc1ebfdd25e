"""Fields that fill themselves."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import models

from partnerships.common.text import fold, sort_key


class _Derived(models.CharField):
    """A text computed from other fields of the row each time it is saved."""

    def __init__(self, *args: Any, sources: Sequence[str] = (), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        kwargs.setdefault("max_length", 500)
        kwargs.update(editable=False, blank=True, default="")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["sources"] = self.sources
        for implied in ("editable", "blank", "default"):
            kwargs.pop(implied, None)
        return name, path, args, kwargs

    def derive(self, text: str) -> str:
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        words = (getattr(model_instance, source) for source in self.sources)
        value = self.derive(" ".join(str(word) for word in words if word))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


class FoldedField(_Derived):
    """What search compares with; see text.fold. bulk_create fills it too, update() does not."""

    def derive(self, text: str) -> str:
        return fold(text)


class SortKeyField(_Derived):
    """What lists are ordered by; see text.sort_key. Compared byte by byte on both engines."""

    def derive(self, text: str) -> str:
        return sort_key(text)

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class UidField(models.UUIDField):
    """The unguessable name of a personal record in addresses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(default=uuid.uuid4, editable=False, unique=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("default", "editable", "unique"):
            kwargs.pop(implied, None)
        return name, path, args, kwargs
