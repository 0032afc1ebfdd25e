"""Taking a list away as a table: at once when it is short, by a worker when it is long; logged either way.

Which lists there are, with their columns and rights, is declared beside their pages: see common/listing.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, QueryDict
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partnerships.common.context import request_id
from partnerships.common.export import file_name, write
from partnerships.common.jobs import JobFailed, Progress, must_hold, start
from partnerships.common.listing import Listed, Listing, listing_of
from partnerships.common.models import Job, JobState
from partnerships.common.refusals import Refused
from partnerships.common.templatetags.figures import grouped
from partnerships.directory.models import Person
from partnerships.directory.reports import has_lost_since
from partnerships.documents import actions
from partnerships.documents.content import CSV, XLSX
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import ExportRun

EXPORT_JOB = "documents.export"
MIMES = {"xlsx": XLSX, "csv": CSV}
# Parameters of the page that choose no rows.
NOT_FILTERS = ("after", "before", "format", "lang", "csrfmiddlewaretoken")
TOLD_EVERY = 500  # rows between two signs of life of a worker


class TooLong(Refused):
    """More rows than one file holds; `name` is what its page calls the list."""

    def __init__(self, reason: Any, name: Any) -> None:
        super().__init__(reason)
        self.name = name


@dataclass(frozen=True)
class Asked:
    """A list as somebody asks for it: the declaration, its rows for this reader, and how many they are,
    counted no further than one above settings.EXPORT_ROWS."""

    listing: Listing
    listed: Listed
    query: str
    fmt: str
    count: int

    @property
    def at_once(self) -> bool:
        return self.count <= settings.EXPORT_DIRECT


def filters_of(params: QueryDict) -> QueryDict:
    """What narrows the list, without the place in it that the page stands at."""
    kept = params.copy()
    for name in NOT_FILTERS:
        kept.pop(name, None)
    return kept


def ask(kind: str, user: Any, params: QueryDict, fmt: str) -> Asked:
    """The list that `user` may take away. Raises LookupError for a kind that there is not, and what the page
    of the list answers with: Refused, Http404. TooLong where it is longer than one file holds."""
    found = listing_of(kind)
    kept = filters_of(params)
    listed = found.build(user, kept)
    count = listed.count(settings.EXPORT_ROWS)
    if count > settings.EXPORT_ROWS:
        raise TooLong(
            _("This list has more than %(most)s rows. Narrow it by its filters and take it in parts.")
            % {"most": grouped(settings.EXPORT_ROWS)},
            listed.name,
        )
    return Asked(found, listed, kept.urlencode(), fmt, count)


def hand_out(asked: Asked, *, actor: Any) -> tuple[IO[bytes], str]:
    """The file, whole before any of it is sent, and its name; who took what away is written down."""
    counted = _Counted(asked.listed)
    opened = write(counted, asked.listed.columns, title=asked.listed.name, fmt=asked.fmt)
    try:
        _note(asked, actor, rows=counted.count)
    except BaseException:
        opened.close()  # no file without its line in the log
        raise
    return opened, file_name(asked.listed.name, asked.fmt)


@transaction.atomic
def start_long(asked: Asked, *, actor: Any) -> ExportRun:
    """Have a worker make the file; the row says how far it is and, later, where the file is. Asked for again
    while it is being made, by a double click say, it is the one that is being made."""
    if actor.person_id is None:
        raise Refused(_("Your account has no person to whom the file could belong."))
    Person.objects.select_for_update().get(pk=actor.person_id)
    working = ExportRun.objects.filter(
        owner=actor,
        kind=asked.listing.kind,
        query=asked.query,
        format=asked.fmt,
        job__state__in=[JobState.QUEUED, JobState.RUNNING],
    )
    for run in working.select_related("job").order_by("pk"):
        if run.job is not None and run.job.arguments["language"] == get_language():
            return run
    run = _note(asked, actor)
    run.job = start(EXPORT_JOB, actor, run=run.pk, language=get_language(), count=asked.count)
    run.save(update_fields=["job", "updated"])
    return run


def _note(asked: Asked, actor: Any, **values: Any) -> ExportRun:
    return ExportRun.objects.create(
        owner=actor,
        kind=asked.listing.kind,
        name=asked.listed.name[:300],
        query=asked.query,
        format=asked.fmt,
        people=asked.listing.people,
        request_id=request_id.get(),
        **values,
    )


class _Counted:
    """The lines of a list, with how many have passed; tells a worker's progress on the way."""

    def __init__(self, listed: Listed, progress: Progress | None = None, total: int = 0) -> None:
        self.listed, self.progress, self.total, self.count = listed, progress, total, 0

    def __iter__(self) -> Iterator[Any]:
        for line in self.listed:
            self.count += 1
            yield line
            if self.progress is not None and self.count % TOLD_EVERY == 0:
                self.progress(min(self.count, self.total), self.total)


def do_export(work: Job, progress: Progress) -> dict[str, Any]:
    """Write what the owner may see now, and keep it as a file of theirs for settings.EXPORT_DAYS.

    Nothing is kept before the whole is written: a second try begins anew.
    """
    run = ExportRun.objects.select_related("owner__person", "file").get(pk=work.arguments["run"])
    if run.file is not None:
        return {"rows": run.rows}
    person = run.owner.person
    if person is None:
        raise JobFailed(_("Your account has no person to whom the file could belong."))
    began = timezone.now()
    with translation.override(work.arguments["language"]):
        try:
            listed = listing_of(run.kind).build(run.owner, QueryDict(run.query))
        except (Http404, Refused) as error:
            raise JobFailed(_("Your role no longer includes this list.")) from error
        counted = _Counted(listed, progress, work.arguments["count"])
        with write(counted, listed.columns, title=listed.name, fmt=run.format) as opened:
            data = opened.read()
        name = file_name(listed.name, run.format)
        # A long list is written for minutes: what was read by a role that has ended meanwhile is not kept.
        if has_lost_since(person.pk, began):
            raise JobFailed(_("Your role no longer includes this list."))
    must_hold(work)
    prepared = actions.ReadyFile(name, MIMES[run.format], data)
    document = actions.store(prepared, owner=person, kind=DocumentKind.EXPORT, actor=run.owner)
    ExportRun.objects.filter(pk=run.pk).update(file=document, rows=counted.count)
    return {"rows": counted.count}
