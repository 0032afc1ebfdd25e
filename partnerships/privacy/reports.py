"""What the pages of personal data show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from partnerships.accounts.models import Consent
from partnerships.common.held import Held
from partnerships.common.models import Job, JobState
from partnerships.directory.actions import SEEN
from partnerships.directory.models import Person
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document, DocumentView
from partnerships.privacy import collect, rules
from partnerships.privacy.actions.copies import COPY_JOB
from partnerships.privacy.enums import ErasureState
from partnerships.privacy.models import Erasure, RetentionRun
from partnerships.privacy.values import as_words, row_values
from partnerships.workflow.models import Change


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
        return self.job is not None and self.job.is_working

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


# The logs, for who guards the data -----------------------------------------------------------------------


def rule_names() -> dict[str, Any]:
    return {rule.key: rule.label for rule in collect.rules()}


def runs(user: Any) -> Any:
    return RetentionRun.objects.visible_to(user).prefetch_related("lines")


def looks(user: Any) -> Any:
    """Who looked at whose file of what kind; its name and content stay out."""
    rows = DocumentView.objects.logged_to(user).with_people()
    return rows.defer("document__name", "document__stored")


def copies(user: Any) -> Any:
    """Who asked for a copy of their data."""
    if not rules.reads_logs(user):
        return Change.objects.none()
    return Change.objects.filter(content_type=ContentType.objects.get_for_model(Person), verb="ask_copy")


def codes(user: Any) -> Any:
    """Who was shown whose personal code whole, and what for; never the code."""
    if not rules.reads_logs(user):
        return Change.objects.none()
    people = Person.objects.filter(pk=OuterRef("object_id"))
    whose = Concat("given_name", Value(" "), "family_name")
    return _code_looks().annotate(whose=Subquery(people.annotate(whole=whose).values("whole")[:1]))


def codes_of(person: Person) -> Any:
    """Who was shown this person's personal code whole, the newest first."""
    return _code_looks().filter(object_id=person.pk).order_by("-at", "-pk")


def _code_looks() -> Any:
    return Change.objects.filter(content_type=ContentType.objects.get_for_model(Person), verb=SEEN)


def erasures(user: Any) -> Any:
    return Erasure.objects.visible_to(user).select_related("person")


def consents(user: Any) -> Any:
    if not rules.reads_logs(user):
        return Consent.objects.none()
    rows = Consent.objects.select_related("text", "user__person")
    return rows.annotate(last=Coalesce("withdrawn_at", "at"))  # a withdrawal is news, too


def entered(person: Person) -> list[tuple[str, str]]:
    """(label, value) of what stands about somebody who was entered by others, empty ones left out; of the
    personal code its last characters."""
    found = []
    for kind in collect.held():
        if kind.key in ("directory.person", "directory.affiliations"):
            for row in kind.rows(person):
                found += [
                    (label, person.masked_fin if key == "fin" else as_words(value))
                    for key, label, value in row_values(kind, row)
                    if value not in (None, "", False)
                ]
    return found
