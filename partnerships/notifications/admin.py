"""The outbox, the inbox, long work and the heartbeat, to be read; only sending again is an act.

Days off are kept here too: they move reminders and deadlines counted in working days.
"""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.common import jobs
from partnerships.common.clock import moment_in_words
from partnerships.common.models import DayOff, Job
from partnerships.directory.access import access_of
from partnerships.directory.admin import Kept
from partnerships.notifications import actions, collect, digests
from partnerships.notifications.models import Heartbeat, Message, Notification, Occurrence
from partnerships.workflow.models import Change


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Seen by administrators of the organisation that runs the portal, written by the engine alone."""

    show_full_result_count = False
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_active and (
            request.user.is_superuser or access_of(request.user).administers  # type: ignore[union-attr]
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KindFilter(admin.SimpleListFilter):
    """Kinds by the words of the preferences page, not by their keys."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        told = collect.table()
        silent = told.confidential()
        return [(key, kind.label) for key, kind in told.kinds().items() if key not in silent]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


def is_confidential(row: Any) -> bool:
    """Already that it was told, and about whom, is for its reader alone."""
    return row.kind in collect.table().confidential()


@admin.display(description=_("kind"))
def kind_in_words(row: Any) -> Any:
    """What the preferences page calls it; sign-in mail, which nobody chooses, has only its key."""
    if is_confidential(row):
        return _("Hidden: it was told in confidence.")
    if row.kind == digests.KIND:
        return _("Joint letter")
    kind = collect.table().kinds().get(row.kind)
    return kind.label if kind else row.kind


@admin.register(Message)
class MessageAdmin(ReadOnly):
    """Every letter, so that one that did not arrive is found and sent again; not the words of every one."""

    list_display = [
        "heading",
        "address",
        "state",
        "suppressed",
        "attempts",
        "next_try_at",
        "created",
        "sent_at",
    ]
    list_filter = ["state", "suppressed", "urgent", KindFilter]
    search_fields = ["address", "message_id"]
    actions = ["resend"]
    fieldsets = [
        (None, {"fields": ["heading", "address", "person", "language", kind_in_words, "urgent", "words"]}),  # type: ignore[list-item]
        (
            _("On its way"),
            {
                "fields": [
                    "state",
                    "suppressed",
                    "reason",
                    "attempts",
                    "next_try_at",
                    "created",
                    "sent_at",
                    "message_id",
                    "plan",
                    "hold_until",
                    "joined",
                    "again",
                ]
            },
        ),
    ]
    list_select_related = ["person"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return Message.objects.visible_to(request.user)

    @admin.display(description=_("subject"))
    def heading(self, message: Message) -> str:
        """The subject of sign-in mail may be the code itself."""
        if is_confidential(message):
            return str(_("Hidden: it was told in confidence."))
        return str(_("Hidden: it opens an account.")) if message.secret else message.subject

    @admin.display(description=_("text"))
    def words(self, message: Message) -> str:
        """Sign-in mail is shown to nobody: whoever reads its code could sign in."""
        if is_confidential(message):
            return str(_("Hidden: it was told in confidence."))
        return str(_("Hidden: it opens an account.")) if message.secret else message.text

    @admin.display(description=_("sent again by"))
    def again(self, message: Message) -> str:
        """Who sent it again, when and why."""
        rows = Change.objects.of(message).filter(verb="resend")
        return "\n".join(f"{moment_in_words(row.at)} · {row.who}: {row.note}" for row in rows) or "—"

    @admin.action(description=_("Send again"), permissions=["view"])
    def resend(self, request: HttpRequest, queryset: models.QuerySet[Message]) -> HttpResponse | None:
        """Asks for the reason first; it stays with each letter."""
        note = request.POST.get("note", "")
        if "note" not in request.POST or not note.strip():
            return self._ask_why(request, queryset, missing="note" in request.POST)
        done = actions.resend(queryset, actor=request.user, note=note[:1000])
        text = ngettext("%(n)s letter goes out again.", "%(n)s letters go out again.", done) % {"n": done}
        if not done:
            text = str(_("None goes out again: they are sent, on their way, or their words are forgotten."))
        self.message_user(request, text, messages.SUCCESS if done else messages.WARNING)
        return None

    def _ask_why(
        self, request: HttpRequest, queryset: models.QuerySet[Message], missing: bool
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send again"),
            "opts": self.model._meta,
            "rows": [(row.pk, self.heading(row), row.address) for row in queryset[:50]],
            "count": queryset.count(),
            "keys": list(queryset.values_list("pk", flat=True)),
            "everything": request.POST.get("select_across", "0"),
            "missing": missing,
        }
        return TemplateResponse(request, "admin/notifications/message/resend.html", context)


class WithoutConfidential(ReadOnly):
    """What was told in confidence has no row here: there is nothing about it that an administrator does."""

    kind_field = "kind"

    def get_queryset(self, request: HttpRequest) -> Any:
        silent = {f"{self.kind_field}__in": collect.table().confidential()}
        return super().get_queryset(request).exclude(**silent)


@admin.register(Notification)
class NotificationAdmin(WithoutConfidential):
    list_display = ["heading", "person", kind_in_words, "created", "read_at"]
    list_filter = [KindFilter]
    search_fields = ["person__folded"]
    fields = ["person", kind_in_words, "heading", "text", "path", "created", "read_at"]  # type: ignore[list-item]
    list_select_related = ["person"]

    @admin.display(description=_("title"))
    def heading(self, notification: Notification) -> str:
        return notification.heading

    @admin.display(description=_("text"))
    def text(self, notification: Notification) -> str:
        return notification.text


class RuleFilter(admin.SimpleListFilter):
    title = _("rule")
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        silent = collect.table().confidential()
        return [
            (key, kind.label)
            for key, kind in collect.table().kinds().items()
            if kind.reminder and key not in silent
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(rule=self.value()) if self.value() else queryset


@admin.display(description=_("rule"))
def rule_in_words(row: Occurrence) -> Any:
    kind = collect.table().kinds().get(row.rule)
    return kind.label if kind else row.rule


@admin.register(Occurrence)
class OccurrenceAdmin(WithoutConfidential):
    kind_field = "rule"
    list_display = [
        rule_in_words,
        "object_id",
        "due",
        "offset",
        "person",
        "caught_up",
        "cancelled",
        "created",
    ]
    list_filter = [RuleFilter, "caught_up"]
    list_select_related = ["person"]


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ["name", "at"]


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

    list_display = [work_in_words, "owner", "state", "done", "total", "created", "finished"]
    list_filter = ["state", WorkFilter]
    list_select_related = ["owner"]
    fields = [work_in_words, "owner", "state", "done", "total", "error", "created", "finished"]  # type: ignore[list-item]


@admin.register(DayOff)
class DayOffAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["date", "name", "working"]
    list_filter = ["working"]
    date_hierarchy = "date"
