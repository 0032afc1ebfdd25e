"""What was sent to a person, by which way, why, and what became of it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from partnerships.common.addresses import is_ours
from partnerships.common.clock import moment_in_words
from partnerships.common.paging import Keyset, keyset
from partnerships.notifications import digests
from partnerships.notifications.collect import table
from partnerships.notifications.enums import MessageState, Suppressed, Timing
from partnerships.notifications.letters import FOLLOWED, NEWS_KIND
from partnerships.notifications.models import Message, Notification


@dataclass(frozen=True)
class Row:
    """One thing that was sent: its words, the reason, and the fate of its letter with its chip."""

    at: Any
    title: str
    url: str
    why: str
    portal: str
    mail: str
    mail_kind: str
    detail: str = ""


def told(user: Any, params: Any) -> tuple[Keyset[Notification], list[Row]]:
    """Everything that the portal has told this user, newest first; two queries."""
    page = keyset(all_told(user), params, order=("-pk",), reader=user)
    return page, [told_row(note) for note in page.rows]


def all_told(user: Any) -> QuerySet[Notification]:
    return Notification.objects.visible_to(user).select_related(
        "message__joined", "change__content_type", "occurrence", "in_place_of"
    )


def letters(user: Any, params: Any) -> tuple[Keyset[Message], list[Row]]:
    """Letters to this user that no notification stands for: sign-in mail, links, joint letters."""
    page = keyset(all_letters(user), params, order=("-pk",), reader=user)
    return page, [letter_row(message) for message in page.rows]


def all_letters(user: Any) -> QuerySet[Message]:
    rows = Message.objects.sent_to(user).filter(notification=None).select_related("joined")
    return rows.defer("text", "html", "joined__text", "joined__html")


def told_row(note: Notification) -> Row:
    message = getattr(note, "message", None)
    no_letter = _("no letter"), "", _("your choice, or as this kind has it by itself")
    mail, kind, detail = _fate(message) if message is not None else no_letter
    url = note.page if is_ours(note.page) else ""
    return Row(note.created, note.heading, url, _why(note), _seen(note), mail, kind, detail)


def _seen(note: Notification) -> str:
    if note.muted:
        return _("came as read: your choice")
    return pgettext("notification", "read") if note.read_at else pgettext("notification", "new")


def letter_row(message: Message) -> Row:
    if message.kind == digests.KIND:
        title, why = message.subject, _("joins several letters to you")
    elif message.secret:
        # Its subject may be the code itself.
        title, why = _("Sign-in or a personal link"), _("it was asked for with your address")
    else:
        title, why = message.subject, _("your address was given for it")
    mail, kind, detail = _fate(message)
    return Row(message.created, title, "", why, "", mail, kind, detail)


def _why(note: Notification) -> str:
    """The rule, and what the reader is in the matter."""
    kind = table().kinds().get(note.kind)
    label = str(kind.label) if kind else note.kind
    if note.kind in (FOLLOWED, NEWS_KIND):
        return label
    part = _part(note)
    return f"{label} · {part}" if part else label


def _part(note: Notification) -> str:
    if note.in_place_of is not None:
        return _("in place of: %(name)s") % {"name": note.in_place_of.name}
    if note.occurrence is not None:
        rules = (rule.audience for rule in table().reminders if rule.kind == note.kind)
        return _words(next(rules, None)) or _("it waits for you")
    if note.change is None:
        return ""
    model: Any = note.change.content_type.model_class()
    if model is None:
        return ""
    told = (one.audience for one in table().of(model, note.change.verb) if one.kind == note.kind)
    return _words(next(told, None)) or _("you have a part in it")


def _words(audience: Any) -> str:
    words = getattr(audience, "told_as", "")
    return str(words) if words else ""


def _fate(message: Message) -> tuple[str, str, str]:
    """What became of a letter: words, the kind of its chip, and what stands behind it."""
    if message.state == MessageState.JOINED and message.joined is not None:
        words, kind, detail = _fate(message.joined)
        return words, kind, _("in a joint letter") + (f" · {detail}" if detail else "")
    if message.state == MessageState.SENT:
        return pgettext("letter", "sent"), "good", _moment(message.sent_at)
    if message.state == MessageState.HELD:
        return _("waits"), "", _held(message)
    if message.state == MessageState.DEAD:
        return _("could not be delivered"), "bad", message.reason
    if message.state == MessageState.SUPPRESSED:
        return _("not sent"), "", str(Suppressed(message.suppressed).label) if message.suppressed else ""
    return _("on its way"), "on", message.reason


def _held(message: Message) -> str:
    reasons = {
        Timing.DAILY: _("for the letter of the day"),
        Timing.WEEKLY: _("for the letter of the week"),
    }
    reason = reasons.get(Timing(message.plan), _("for the end of quiet hours, or for more of its kind"))
    return f"{reason} · {_moment(message.hold_until)}"


def _moment(moment: Any) -> str:
    return moment_in_words(moment) if moment is not None else ""
