"""The outbox, the inbox and what reminded whom, to be read; only sending again is an act."""

import re
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.common.clock import moment_in_words
from partnerships.common.text import at_most, fold
from partnerships.directory.admin import FoldedSearch
from partnerships.notifications import actions, collect, digests, health
from partnerships.notifications.admin.base import ReadOnly
from partnerships.notifications.enums import MessageState, Suppressed
from partnerships.notifications.models import Message, Notification, Occurrence
from partnerships.workflow.models import Change

PARTS = re.compile(r"(?<=[@.])(?=.)")  # where an address may break
WORD_BREAK = mark_safe("<wbr>")


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
    """What the preferences page calls it; what nobody chooses (sign-in, joining) is called as its part is."""
    if is_confidential(row):
        return _("Hidden: it was told in confidence.")
    if row.kind == digests.KIND:
        return _("Joint letter")
    kind = collect.table().kinds().get(row.kind)
    if kind is not None:
        return kind.label
    part = row.kind.partition(".")[0]
    return apps.get_app_config(part).verbose_name if apps.is_installed(f"partnerships.{part}") else row.kind


class TroubleFilter(admin.SimpleListFilter):
    """What an operator looks for first."""

    title = _("trouble")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("dead", MessageState.DEAD.label),
            ("stuck", _("Due for 15 minutes, taken by nobody")),
            ("tried", _("Failed, is tried again")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "dead":
            return queryset.filter(state=MessageState.DEAD)
        if self.value() == "stuck":
            return queryset.filter(health.stuck())
        if self.value() == "tried":
            return queryset.filter(state__in=[MessageState.QUEUED, MessageState.SENDING], attempts__gt=0)
        return queryset


@admin.register(Message)
class MessageAdmin(ReadOnly):
    """Every letter, so that one that did not arrive is found and sent again; not the words of every one."""

    list_display = [
        "heading",
        "sent_to",
        "state",
        "why",
        "attempts",
        "created",
        "goes",
    ]
    counted = pgettext_lazy("counted", "letters")  # the page itself is the outbox
    list_filter = [TroubleFilter, "state", "suppressed", "urgent", KindFilter]
    search_fields = ["address", "message_id", "person__folded"]
    search_help_text = _("Address or name of the recipient, or Message-ID.")
    change_form_template = "admin/notifications/message/letter.html"
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

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Every word stands in the address, the Message-ID or, however it is spelt, the recipient's name."""
        for word in search_term.split():
            queryset = queryset.filter(
                Q(address__icontains=word)
                | Q(message_id__contains=word)
                | Q(person__folded__contains=fold(word))
            )
        return queryset, False

    @admin.display(description=_("address"), ordering="address")
    def sent_to(self, message: Message) -> str:
        """The whole address; where the column is narrow it breaks after @ or a dot."""
        return format_html_join(WORD_BREAK, "{}", ((part,) for part in PARTS.split(message.address)))

    @admin.display(description=_("why"))
    def why(self, message: Message) -> str:
        """Why it was not sent, or the last answer of a mail server."""
        if message.suppressed:
            return str(Suppressed(message.suppressed).label)
        return Truncator(message.reason).chars(120) or "—"

    @admin.display(description=_("sent, or next try"), ordering="next_try_at")
    def goes(self, message: Message) -> Any:
        """When it was sent; of those that wait, when they are tried; dead ones have neither."""
        if message.sent_at is not None:
            return message.sent_at
        if message.state == MessageState.HELD:
            return message.hold_until
        return message.next_try_at if message.state == MessageState.QUEUED else None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = Message.objects.filter(pk=object_id).only("state").first() if object_id.isdigit() else None
        again = found is not None and found.state in actions.RESENT
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "again": again})

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
        if "note" not in request.POST:
            return self._ask_why(request, queryset)
        if not note.strip():
            return self._ask_why(request, queryset, str(_("Say why: the reason stays with each letter.")))
        try:
            done = actions.resend(queryset, actor=request.user, note=at_most("note", note.strip(), 1000))
        except ValidationError as error:
            return self._ask_why(request, queryset, " ".join(error.messages), note)
        text = ngettext("%(n)s letter goes out again.", "%(n)s letters go out again.", done) % {"n": done}
        if not done:
            text = str(_("None goes out again: they are sent, on their way, or their words are forgotten."))
        self.message_user(request, text, messages.SUCCESS if done else messages.WARNING)
        return None

    def _ask_why(
        self, request: HttpRequest, queryset: models.QuerySet[Message], wrong: str = "", note: str = ""
    ) -> HttpResponse:
        everything = request.POST.get("select_across", "0")
        keys = list(queryset.values_list("pk", flat=True)[: 1 if everything == "1" else None])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send again"),
            "opts": self.model._meta,
            "rows": [(row.pk, self.heading(row), row.address) for row in queryset[:50]],
            "count": queryset.count(),
            # All of a filter are named by the filter in the address: thousands of fields would be refused.
            "keys": keys,
            "everything": everything,
            "wrong": wrong,
            "note": note,
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


@admin.display(description=_("about"), ordering="object_id")
def about_in_words(row: Occurrence) -> str:
    """What kind of record and which: its name is for those who may see it."""
    return f"{row.content_type.name} № {row.object_id}"


@admin.display(description=_("when"), ordering="offset")
def offset_in_words(row: Occurrence) -> str:
    days, rest = divmod(abs(row.offset), 86_400)
    if rest:
        hours = round(abs(row.offset) / 3600)
        words = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    else:
        words = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if row.offset == 0:
        return gettext("on the date")
    return (gettext("before: %(time)s") if row.offset > 0 else gettext("after: %(time)s")) % {"time": words}


@admin.register(Occurrence)
class OccurrenceAdmin(FoldedSearch, WithoutConfidential):
    kind_field = "rule"
    search_fields = ["person__folded"]
    list_display = [
        rule_in_words,
        about_in_words,
        "due",
        offset_in_words,
        "person",
        "caught_up",
        "cancelled",
        "created",
    ]
    list_filter = [RuleFilter, "caught_up"]
    list_select_related = ["person", "content_type"]
    fields = [
        rule_in_words,  # type: ignore[list-item]
        about_in_words,  # type: ignore[list-item]
        "due",
        offset_in_words,  # type: ignore[list-item]
        "person",
        "caught_up",
        "cancelled",
        "created",
    ]

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(person__folded__contains=word)
