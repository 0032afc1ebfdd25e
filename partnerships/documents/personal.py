"""What documents keep about people."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Basis, Held, KeepRule, deletes
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forgetting import forget_kind
from partnerships.documents.import_erasure import take_out
from partnerships.documents.imports import forget_old, old_runs
from partnerships.documents.models import Document, DocumentView, ImportRun

HELD = (
    Held(
        key="documents.files",
        label=_("Files"),
        model="documents.Document",
        columns=("name", "kind", "size", "created", "sha256"),
        what=_("CV, transcript, letters and scans that you uploaded"),
        purpose=_("To decide on what you sent them with"),
        basis=Basis.CONSENT,
        seen_by=_("You, and those who decide on what you sent; each of their looks is written down"),
        until=_(
            "Until you remove them; those of a sent application until erasure. What you brought to prove "
            "something of others stays with it, without your name"
        ),
        linked=("documents.Document.owner",),
        blank={"name": "—"},  # of what stays, as the proof of what others keep; the rest went before
    ),
    Held(
        key="documents.looks",
        label=_("Who looked at your files"),
        model="documents.DocumentView",
        rows=lambda person: DocumentView.objects.filter(document__owner=person).select_related(
            "user__person", "document"
        ),
        columns=("at", "document", "user.display_name"),
        what=_("Who opened which of your files, and when"),
        purpose=_("So that you know who has read them"),
        basis=Basis.LAW,
        seen_by=_("You and the person responsible for data protection"),
        until=_("As long as the file, three years at most"),
        linked=("documents.DocumentView.user",),
        delete=True,
        history=False,
    ),
    Held(
        key="documents.imports",
        label=_("Tables that you brought in"),
        model="documents.ImportRun",
        columns=("created", "file_name", "state"),
        linked=("documents.ImportRun.owner", "documents.ColumnChoice.owner"),
        blank={"file_name": ""},
        public=False,
    ),
    Held(
        key="documents.imported",
        label=_("Tables in which you stand"),
        model="documents.ImportRun",
        rows=lambda person: ImportRun.objects.none(),  # noqa: ARG005 - known only by reading each file
        erase=take_out,
        public=False,
    ),
    Held(
        key="documents.exports",
        label=_("Lists that you took away"),
        model="documents.ExportRun",
        columns=("created", "name", "query", "rows", "format"),
        what=_("Which lists you took away as tables, when, and how many rows"),
        purpose=_("So that it is known who has lists of people"),
        basis=Basis.LAW,
        seen_by=_("You and the person responsible for data protection"),
        until=_("As long as the account; the files some days"),
        linked=("documents.ExportRun.owner",),
        blank={"query": ""},
    ),
)


RULES = (
    deletes(
        "documents.looks",
        _("Looks at files"),
        3 * 365,
        lambda border: DocumentView.objects.filter(at__lt=border),
    ),
    *(
        KeepRule(
            f"documents.{kind}",
            label,
            days,
            lambda border, kind=kind: Document.objects.filter(kind=kind, created__lt=border).count(),
            lambda border, kind=kind: forget_kind(kind, border),
        )
        for kind, label, days in (
            (DocumentKind.COPY, _("Copies of one's data"), settings.COPY_DAYS),
            (DocumentKind.PAPERS, _("Papers printed for many"), settings.PAPERS_DAYS),
            (DocumentKind.EXPORT, _("Lists taken out"), settings.EXPORT_DAYS),
        )
    ),
    KeepRule(
        "documents.imports",
        _("Rows and files of imported tables"),
        settings.IMPORT_RETENTION_DAYS,
        lambda border: old_runs(border).count(),
        forget_old,
    ),
)
