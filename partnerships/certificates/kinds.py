"""Types of certificates: what a direction says of its own, collected without importing any by name.

A direction has `certificates.py` with CERTIFICATES, a sequence of CertificateType.
Docs: docs/certificates.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings

from partnerships.common.prepared import Prepared
from partnerships.common.refusals import Refusal


@dataclass(frozen=True)
class Line:
    """One printed value: a label, and what stands beside it.

    value  words (lazy ones in each language), a date, a number, a Decimal, or a function without arguments
           that answers with one of these and is called in each language; empty values are not printed
    key    stays the same when the label changes
    """

    key: str
    label: Any
    value: Any


@dataclass(frozen=True)
class Signatory:
    position: Any
    name: str


@dataclass(frozen=True)
class Draft:
    """What a certificate would say of its object now.

    holder    directory.Person; `holder_name` as it is to be printed
    issuer    directory.Organization, a root: who answers for it
    text      the sentence under the name; lines  everything else that is printed
    valid_to  the last day on which it is good, or none
    """

    holder: Any
    holder_name: str
    issuer: Any
    text: Any
    lines: Sequence[Line]
    signatories: Sequence[Signatory] = ()
    valid_to: Any = None


def _ready(obj: Any) -> Refusal | None:
    return None


@dataclass(frozen=True)
class CertificateType:
    """A kind of certificate that a direction issues.

    key        "internships.practice"; kept in rows and addresses, so it never changes
    title      the words on top of the paper
    series     "TS": numbers are TS-2026-00001, of a company other than the operator TS7-2026-00001
    model      "internships.Placement"; needs `visible_to` and `uid`
    draft      object -> Draft; raises nothing, asks the database as it likes
    may_issue  predicate (user, object); may_revoke the same, for revoking and reissuing
    ready      object -> Refusal when it is too early, or none
    rows       user -> the objects for which this user may issue and which are ready, as a queryset
    describe   object -> (who, what) for lists
    mark       name of a boolean field of the model, if it has one, that turns true with the first certificate
               of an object: those who wait are then found in an index, however many had theirs
    beside     what its predicates and conditions read beside the object, such as "host": read with it
    template   printed form, with its version behind a dash: "certificates/standard" and 1
    """

    key: str
    title: Any
    series: str
    model: str
    draft: Callable[[Any], Draft]
    may_issue: Callable[[Any, Any], bool]
    may_revoke: Callable[[Any, Any], bool]
    rows: Callable[[Any], Any]
    describe: Callable[[Any], tuple[str, str]]
    ready: Callable[[Any], Refusal | None] = _ready
    mark: str = ""
    beside: tuple[str, ...] = ()
    template: str = "certificates/standard"
    version: int = 1

    @property
    def model_class(self) -> Any:
        return apps.get_model(self.model)

    def object_of(self, key: int) -> Any:
        """The object with this key, or None when it is not there any more."""
        return _object_of(self.model_class, self.beside).one(key)


@cache
def _object_of(model: Any, beside: tuple[str, ...]) -> Prepared[Any]:
    def rows(key: int) -> Any:
        found = model._base_manager.filter(pk=key).order_by()
        return found.select_related(*beside) if beside else found

    return Prepared(rows)


@cache
def _collected(names: tuple[str, ...]) -> dict[str, CertificateType]:
    found: dict[str, CertificateType] = {}
    for name in names:
        if find_spec(f"{name}.certificates"):
            for kind in import_module(f"{name}.certificates").CERTIFICATES:
                if kind.key in found:
                    raise ValueError(f"two types of certificates with the key {kind.key}")
                found[kind.key] = kind
    return found


def types() -> dict[str, CertificateType]:
    """Every type by its key: those of the directions and of what CERTIFICATE_SOURCES names beside them."""
    return _collected((*settings.DIRECTIONS, *getattr(settings, "CERTIFICATE_SOURCES", ())))


def type_of(key: str) -> CertificateType:
    """The type with this key. Raises KeyError for one that nobody registered (any more)."""
    return types()[key]
