"""Taking what points at a person out of every text of every table, declared by an app or not.

Tables are read column by column for the texts alone; what is found is cleaned row by row, in short
transactions. Done twice it finds nothing the second time.
"""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Cast

from partnerships.directory.models import Person
from partnerships.privacy.collect import held
from partnerships.privacy.identity import Identity, in_json

# Rows of one column that are cleaned in one transaction.
CHUNK = 100
# The person and the account are emptied at the end of all, when a second try no longer needs them.
_LAST = ("directory.Person", "accounts.User", "account.EmailAddress")


class Ties:
    """Which rows hang on somebody: those that their app declares as about them, and what points at these."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._kinds: dict[int, set[int]] = {}
        self._user = person.user_id
        for kind in held():
            if kind.history:
                rows = kind.rows(person)
                type_id = ContentType.objects.get_for_model(rows.model).pk
                keys = self._kinds.setdefault(type_id, set())
                keys.update(rows.order_by().values_list("pk", flat=True))

    def kinds(self) -> Iterator[tuple[int, set[int]]]:
        yield from self._kinds.items()

    def holds(self, row: models.Model, depth: int = 2) -> bool:
        """Whether the row is the person's, or points at a row that is, over at most `depth` keys."""
        own = ContentType.objects.get_for_model(row).pk
        if row.pk in self._kinds.get(own, ()):
            return True
        for field in row._meta.private_fields:
            if isinstance(field, GenericForeignKey):
                type_id = getattr(row, f"{field.ct_field}_id")
                if getattr(row, field.fk_field) in self._kinds.get(type_id or 0, ()):
                    return True
        return any(
            self._points(row, field, depth) for field in row._meta.concrete_fields if field.is_relation
        )

    def _points(self, row: models.Model, field: Any, depth: int) -> bool:
        key = getattr(row, field.attname)
        if key is None:
            return False
        if field.related_model is Person:
            return key == self._person.pk
        if field.related_model is type(self._person.user):
            return False  # an account does many things that are not about its person
        if depth == 0 or field.related_model in (ContentType, Person):
            return False
        return self.holds(getattr(row, field.name), depth - 1)


def sweep(person: Person, who: Identity) -> Iterator[int]:
    """Clean everything; yields how many rows of each column were cleaned, so that progress can be told."""
    ties = Ties(person)
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed or model is Session or model._meta.label in _LAST:
            continue
        for field in model._meta.concrete_fields:
            if _is_text(field):
                yield _clean_column(model, field, who, ties)


def _is_text(field: Any) -> bool:
    if field.primary_key or field.is_relation or getattr(field, "choices", None):
        return False
    return isinstance(field, models.CharField | models.TextField | models.JSONField)


def _clean_column(model: type[models.Model], field: Any, who: Identity, ties: Ties) -> int:
    cleaned, last = 0, None
    json = isinstance(field, models.JSONField)
    found = model._base_manager.annotate(swept=Cast(field.name, models.TextField())).filter(_holds(who, json))
    while True:
        rows = list((found if last is None else found.filter(pk__gt=last)).order_by("pk")[:CHUNK])
        if not rows:
            return cleaned
        last = rows[-1].pk
        with transaction.atomic():
            for row in rows:
                cleaned += _clean_row(model, row, field, who, ties)


def _holds(who: Identity, json: bool) -> Q:
    needles = list(who.needles(named=True))
    if json:
        needles.append(who.pair[1])
        if connection.vendor == "sqlite":
            needles = [in_json(needle) for needle in needles]
    tests = [Q(swept__contains=needle) for needle in needles if needle]
    return reduce(or_, tests) if tests else Q(pk__in=[])


def _clean_row(model: type[models.Model], row: Any, field: Any, who: Identity, ties: Ties) -> int:
    """Written without save(): an edit kept of this edit would keep the name."""
    named = not who.namesake or ties.holds(row)
    before = getattr(row, field.attname)
    after = who.cleaned(before, named)
    if after == before:
        return 0
    return model._base_manager.filter(pk=row.pk).update(**{field.attname: after})
