"""What the pages of personal data show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from partnerships.common.held import Held
from partnerships.common.models import Job, JobState
from partnerships.directory.models import Person
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document
from partnerships.privacy import collect
from partnerships.privacy.actions.copies import COPY_JOB
from partnerships.privacy.enums import ErasureState
from partnerships.privacy.models import Erasure


def kept_kinds() -> list[Held]:
    """The lines of the table of what is kept, in the order of the apps."""
    return [kind for kind in collect.held() if kind.public]


@dataclass(frozen=True)
class CopyState:
    """The last copy that somebody asked for: being made, ready until a moment, failed, or none."""

    job: Job | None
    document: Document | None

    @property
    def working(self) -> bool:
        return self.job is not None and self.job.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def failed(self) -> bool:
        return self.job is not None and self.job.state == JobState.FAILED

    @property
    def until(self) -> datetime | None:
        return self.document.created + timedelta(days=settings.COPY_DAYS) if self.document else None


def copy_state(person: Person) -> CopyState:
    work = Job.objects.filter(owner=person.user_id, kind=COPY_JOB).order_by("-pk").first()
    mine = Document.objects.filter(owner=person, kind=DocumentKind.COPY).order_by("-pk").first()
    return CopyState(work, mine)


def counts_of(person: Person) -> list[tuple[Held, int]]:
    """How many rows of each kind are kept about somebody; kinds without any are left out."""
    found: list[tuple[Held, Any]] = [(kind, kind.rows(person).count()) for kind in kept_kinds()]
    return [(kind, count) for kind, count in found if count]


def open_erasure(person: Person) -> Erasure | None:
    """The erasure that somebody has asked for and that has not been done yet."""
    return Erasure.objects.filter(person=person, state=ErasureState.ASKED).first()
