"""What one kind of import is: what it is called, its columns, its addresses, who may, what becomes of a row.

    @importer("ideas.ideas")
    class IdeasImport(OrganizationImporter):
        heading = gettext_lazy("Import ideas")
        table = Sheet(...)
        upload_page, result_page = "ideas:import", "ideas:list"
        ...

A direction declares its kinds; verbs and workers (imports.py, import_work.py) know them by name. Docs:
docs/imports.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from partnerships.common.importer import Row, Sheet
from partnerships.directory.models import Organization
from partnerships.documents.enums import FateKind
from partnerships.documents.models import ImportRun


@dataclass(frozen=True)
class Fate:
    """What will become of a row, or has: a FateKind, and a sentence for the person."""

    kind: str
    text: str = ""


NOT_YOURS = gettext_lazy(
    "Your role does not include this import. If you think that it should, write to whoever confirms roles in "
    "your organisation."
)
REFUSED = Fate(FateKind.REFUSE)  # what is wrong stands on the row


class Importer:
    """One kind of import. A direction subclasses it; one instance lives through one preview or one writing,
    so that look-ups made in `prepare` and counts kept between chunks (seats left) can stay on it.

    heading      of the pages, translated lazily
    table        the columns
    upload_page  name of the address where it is brought
    result_page  name of the address where what was written can be seen
    result_name  what that page is called: the way back from the upload page

    `context` is what the upload page fixed, as JSON values (the programme's key, say); kinds whose words,
    columns or addresses depend on it say so in `title`, `sheet`, `upload_url` and `result_url`.
    """

    kind = ""
    heading: ClassVar[Any] = ""
    table: ClassVar[Sheet]
    upload_page: ClassVar[str] = ""
    result_page: ClassVar[str] = ""
    result_name: ClassVar[Any] = ""

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        """Whether `user` may bring such a table here; asked at the upload, the preview and the writing."""
        raise NotImplementedError

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:  # noqa: ARG003 - for kinds that name what is in it
        """The heading of the pages."""
        return str(cls.heading)

    @classmethod
    def sheet(cls, context: dict[str, Any]) -> Sheet:  # noqa: ARG003
        """The columns."""
        return cls.table

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:  # noqa: ARG003
        """Where the upload page of this context is mounted."""
        return reverse(cls.upload_page)

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:  # noqa: ARG003
        """Where what was written can be seen."""
        return reverse(cls.result_page)

    @classmethod
    def result_label(cls, context: dict[str, Any]) -> str:  # noqa: ARG003
        """What the page behind `result_url` is called."""
        return str(cls.result_name)

    def prepare(self, run: ImportRun) -> None:
        """Look up once what all rows need. Called before the first `check` or `write`."""

    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        """What will become of these rows, in their order: up to import_work.CHUNK at a time, set-based.

        `row.cleaned` is filled. `row.refuse(column, reason)` marks a row that will not be written,
        whatever its fate says. Writes nothing. A kind that looks nothing up for a chunk says `fate` alone.
        """
        return [self.fate(row) for row in rows]

    def fate(self, row: Row) -> Fate:
        """What will become of this row, by what `prepare` looked up."""
        raise NotImplementedError

    def write(self, run: ImportRun, row: Row) -> Fate:
        """Write one row through actions, as `run.owner`; says what was done.

        Runs in a savepoint of its own. A refusal (ValidationError, Refused, WorkflowError) leaves the
        others as they are. Must itself find out when the row is there already (FateKind.NOTHING).
        """
        raise NotImplementedError

    @cached_property
    def _first(self) -> dict[Any, int]:
        return {}

    def refuse_twice(self, row: Row, column: str, value: Any, words: str) -> None:
        """Refuse a row whose `value` stands in a row above; `words` name that one as %(row)d. For `fate`."""
        first = self._first.setdefault(value, row.number)
        if first != row.number:
            row.refuse(column, words % {"row": first})


class OrganizationImporter(Importer):
    """What is brought to one organisation: `context` is {"organization": key}.

    `heading` may name it as %(organization)s; the upload page finds its slug in ?at=. While rows are checked
    or written it stands in `self.organization`.
    """

    organization: Organization

    @classmethod
    def allows(cls, user: Any, organization: Organization) -> bool:
        """Whether `user` may bring such a table to this organisation."""
        raise NotImplementedError

    @classmethod
    def found(cls, context: dict[str, Any]) -> Organization | None:
        return Organization.objects.select_related("root").filter(pk=context["organization"]).first()

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        found = cls.found(context)
        return found is not None and cls.allows(user, found)

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:
        found = cls.found(context)
        return str(cls.heading) % {"organization": found.short_name if found else ""}

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:
        found = cls.found(context)
        return f"{reverse(cls.upload_page)}?at={found.slug if found else ''}"

    def prepare(self, run: ImportRun) -> None:
        found = self.found(run.context)
        assert found is not None  # `may` was asked a moment ago; organisations are never deleted
        self.organization = found


_kinds: dict[str, type[Importer]] = {}
I = TypeVar("I", bound=type[Importer])  # noqa: E741


def importer(kind: str) -> Callable[[I], I]:
    """Register a class as the importer of this kind."""

    def register(cls: I) -> I:
        if _kinds.setdefault(kind, cls) is not cls:
            raise ValueError(f"two importers of kind {kind}")
        cls.kind = kind
        return cls

    return register


def importer_of(kind: str) -> type[Importer]:
    """The class registered for this kind. Raises LookupError for one that nobody registered."""
    if kind not in _kinds:
        raise LookupError(f"no importer of kind {kind}")
    return _kinds[kind]
