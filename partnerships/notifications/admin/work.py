"""Long work, the heartbeat, and days off, which move reminders and deadlines counted in working days."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.common import jobs
from partnerships.common.clock import moment_in_words
from partnerships.common.models import DayOff, Job, JobState
from partnerships.directory.admin import Kept
from partnerships.notifications import health
from partnerships.notifications.admin.base import ReadOnly
from partnerships.notifications.models import Heartbeat


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ["name", "at", "age", "alive"]
    fields = ["name", "at", "age", "alive"]

    @admin.display(description=_("how long ago"))
    def age(self, pulse: Heartbeat) -> str:
        seconds = max(0, round((timezone.now() - pulse.at).total_seconds()))
        if seconds < 120:
            return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
        return timesince(pulse.at)

    @admin.display(description=_("alive"), boolean=True)
    def alive(self, pulse: Heartbeat) -> bool:
        return not health.is_silent(pulse)


class WorkFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(jobs.labels().items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.display(description=_("kind"))
def work_in_words(row: Job) -> Any:
    return jobs.labels().get(row.kind, row.kind)


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Long work: whose, how far, and why it failed. What it is about may be personal and is not shown."""

    list_display = [work_in_words, "owner", "state", "progress", "trouble", "created", "finished"]
    list_filter = ["state", WorkFilter]
    list_select_related = ["owner"]
    search_fields = ["owner__email", "error"]
    search_help_text = _("Address of the owner, or words of the error.")
    fields = [
        work_in_words,  # type: ignore[list-item]
        "owner",
        "state",
        "progress",
        "tries",
        "held",
        "error",
        "created",
        "finished",
    ]

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> str:
        if not job.total:
            return str(job.done) if job.done else "—"
        if job.state == JobState.DONE:  # the last count is not always written before the end
            return f"{job.total} / {job.total} · 100 %"
        return f"{job.done} / {job.total} · {min(100, 100 * job.done // job.total)} %"

    @admin.display(description=_("error"))
    def trouble(self, job: Job) -> str:
        return Truncator(job.error).chars(120) or "—"

    @admin.display(description=_("tries"))
    def tries(self, job: Job) -> int:
        return job.attempts

    @admin.display(description=_("held by a worker until"))
    def held(self, job: Job) -> str:
        """A worker that lives prolongs it; where it is over, the sweep starts the job again."""
        return moment_in_words(job.leased_until) if job.leased_until is not None else "—"


@admin.register(DayOff)
class DayOffAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["date", "name", "working"]
    list_filter = ["working"]
    search_fields = ["name"]
    date_hierarchy = "date"
