"""Kinds of documents, states and fates of imports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    CV = "cv", _("CV")
    TRANSCRIPT = "transcript", _("Transcript")
    LETTER = "letter", _("Motivation letter")
    REPORT = "report", _("Report")
    SCAN = "scan", _("Scan of a signed paper")
    PHOTO = "photo", _("Photo")
    IMPORT = "import", _("Imported table")
    CERTIFICATES = "certificates", _("Certificates to print")
    PAPERS = "papers", _("Papers to print")
    COPY = "copy", _("Copy of my data")
    EXPORT = "export", _("Exported list")
    ANSWER = "answer", _("Answer to a question")
    OTHER = "other", _("Other")


# Made by or for a piece of work, not a paper of the person's own: nobody's quota counts them.
UNCOUNTED = (
    DocumentKind.IMPORT,
    DocumentKind.CERTIFICATES,
    DocumentKind.PAPERS,
    DocumentKind.SCAN,
    DocumentKind.COPY,
    DocumentKind.EXPORT,
)


# What somebody took out or brought in for their work, about others: theirs as long as the role is.
FOR_WORK = (
    DocumentKind.IMPORT,
    DocumentKind.CERTIFICATES,
    DocumentKind.PAPERS,
    DocumentKind.EXPORT,
)


# What somebody brought to prove a thing that others see too: theirs as long as they see that thing.
PROOFS = (DocumentKind.SCAN, DocumentKind.OTHER)


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    PREVIEWING = "previewing", _("Being read")
    ASKING = "asking", _("Waiting to hear which column is which")
    PREVIEWED = "previewed", _("Waiting for your confirmation")
    CONFIRMING = "confirming", _("Being written")
    DONE = "done", _("Finished")
    FAILED = "failed", _("Stopped")
    DISCARDED = "discarded", _("Discarded")


class FateKind(models.TextChoices):
    """What will become of a row once the import is confirmed."""

    REFUSE = "refuse", _("Has errors")
    ADD = "add", _("Will be added")
    CHANGE = "change", _("Will be changed")
    NOTHING = "nothing", _("Nothing to do")


class RowState(models.TextChoices):
    """What became of a row."""

    WAITING = "waiting", _("Waiting")
    WRITTEN = "written", _("Written")
    LEFT = "left", _("Left as it was")
    REFUSED = "refused", _("Not written")
