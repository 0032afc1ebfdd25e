"""The outbox: letters posted, leased by a worker, sent over one kept connection, tried again, or dead.

A letter is never lost: it leaves `queued` only under a lease, and a lease that runs out puts it back.
It can come twice only when a worker dies between the mail server's answer and the next write, and then
with the same Message-ID. Docs: docs/notifications.md.
"""

import logging
import smtplib
import time
import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from partnerships.common.queue import enqueue
from partnerships.common.text import clean_line
from partnerships.directory.actions import address_failed
from partnerships.notifications import bounces, digests, unsubscribing
from partnerships.notifications.enums import MessageState, Timing
from partnerships.notifications.models import Message
from partnerships.notifications.rechecking import still_wanted
from partnerships.notifications.rendering import plain_mail
from partnerships.notifications.writing import ways

log = logging.getLogger(__name__)

TRIES = 9
FIRST_WAIT = timedelta(minutes=1)
BATCH = 100
# Seconds after which a task hands over to the next one, so that workers stay free for other work.
SHIFT = 20
# How long a worker may be silent before its letters go back to the queue.
LEASE = timedelta(seconds=getattr(settings, "OUTBOX_LEASE", 120))
# Answers that speak of us (sign in first, use TLS), not of the letter.
_OURS = {530, 534, 535, 538}
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def post(
    kind: str,
    address: str,
    language: str,
    subject: str,
    text: str,
    html: str = "",
    person: Any = None,
    urgent: bool = True,
    secret: bool = True,
    key: str = "",
    button: str = "",
    link: str = "",
    move: bool = False,
) -> Message | None:
    """Put a letter into the outbox that no change has caused, such as sign-in mail.

    text    plain words; without `html` both bodies are the family's mail around them
    urgent  goes before letters that are not
    secret  carries a code or a link that opens an account: hidden in the administration, and its
            words are forgotten once it is sent
    key     posted once for each key: the second answers None
    button  label of the one button of a letter without `html`, leading to `link` (a whole address)
    move    the reader is asked to do something: the strip is amber
    Not urgent and to a person, it goes by their preference for `kind`, waits for the end of quiet hours or
    the hour of the digest (by itself: it is no line of one), and can be left with one click.
    Sent once the current transaction has committed; rolled back with it.
    """
    subject = clean_line(subject)[:255]
    if not html:
        rendered = plain_mail(subject, text, language, button=button, link=link, move=move)
        text, html = rendered.text, rendered.html
    plan, hold = Timing.NOW.value, None
    if not urgent and person is not None:
        way = ways([person.pk], kind, mail=True, urgent=False)
        plan, hold = way.plans.get(person.pk, plan), way.holds.get(person.pk)
    message, made = Message.objects.get_or_create(
        key=f"post:{key or uuid.uuid4().hex}",
        defaults={
            "kind": kind,
            "person": person,
            "address": address,
            "language": language,
            "subject": subject,
            "text": text,
            "html": html,
            "headers": {} if urgent or person is None else unsubscribing.headers(person.pk, kind),
            "urgent": urgent,
            "secret": secret,
            "plan": plan,
            "hold_until": hold,
            "state": MessageState.HELD if hold else MessageState.QUEUED,
        },
    )
    if not made:
        return None
    enqueue("notifications.deliver")
    return message


def deliver(send_for: float = SHIFT) -> int:
    """Send what is due, urgent letters first; returns how many were sent.

    Any number of workers may do this at once: a full batch calls another one to help. After
    `send_for` seconds the rest is left to a new task.
    """
    digests.join_piled()
    sent, alone, until = 0, True, time.monotonic() + send_for
    while batch := lease():
        if alone and len(batch) == BATCH:
            enqueue("notifications.deliver")
            alone = False
        sent += _send_all(batch)
        if time.monotonic() > until:
            enqueue("notifications.deliver")
            break
    return sent


def lease(size: int = BATCH) -> list[Message]:
    """Take up to `size` due letters for this worker alone, under a token and until a moment."""
    token = uuid.uuid4()
    with transaction.atomic():
        # PostgreSQL passes over what another worker has just locked; SQLite lets one in at a time.
        keys = list(
            Message.objects.due()
            .order_by("-urgent", "next_try_at", "pk")
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)[:size]
        )
        Message.objects.filter(pk__in=keys, state=MessageState.QUEUED).update(
            state=MessageState.SENDING, lease_token=token, leased_until=timezone.now() + LEASE
        )
    taken = Message.objects.filter(lease_token=token, state=MessageState.SENDING)
    return list(
        taken.select_related("person__user", "notification__occurrence").order_by(
            "-urgent", "next_try_at", "pk"
        )
    )


def _send_all(batch: Sequence[Message]) -> int:
    """One connection for the batch; each letter's fate is written before the next is sent."""
    wanted = still_wanted(batch)
    if not wanted:
        return 0
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        # No mail server: nothing was tried, so nothing may be dropped; one write for all of them.
        log.warning("mail server not reached: %s", error)
        _not_reached(wanted, error)
        return 0
    sent = 0
    renew = timezone.now() + LEASE / 3
    try:
        for message in wanted:
            if timezone.now() > renew:
                _renew(message.lease_token)
                renew = timezone.now() + LEASE / 3
            sent += _send(message, server)
    finally:
        _close(server)
    return sent


def _send(message: Message, server: Any) -> bool:
    try:
        server.send_messages([email_of(message, server)])
    except Exception as error:  # noqa: BLE001  (one letter that cannot be written must not hold up the rest)
        _failed(message, error)
        # After a refusal some servers hang up; the next letter gets a fresh connection.
        _close(server)
        return False
    _sent(message)
    return True


# One statement a letter, as plain SQL: that the next letter waits for it is what keeps the promise above, and
# having Django compile it each time took five times what it takes itself, a quarter of the worker's time.
_SENT = """
    UPDATE notifications_message
    SET state = %s, sent_at = %s, reason = '', attempts = attempts + 1,
        lease_token = NULL, leased_until = NULL{forget}
    WHERE id = %s AND state = %s AND lease_token = %s
"""
_SENT_AND_FORGOTTEN = _SENT.format(forget=", subject = '', text = '', html = ''")
_SENT = _SENT.format(forget="")


def _sent(message: Message) -> None:
    """Write that it is sent, while our lease holds (see _mine); a secret letter's words are forgotten."""
    values = [
        MessageState.SENT.value,
        connection.ops.adapt_datetimefield_value(timezone.now()),
        message.pk,
        MessageState.SENDING.value,
        Message._meta.get_field("lease_token").get_db_prep_value(message.lease_token, connection),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SENT_AND_FORGOTTEN if message.secret else _SENT, values)


def email_of(message: Message, server: Any) -> EmailMultiAlternatives:
    """The letter as it goes over the wire."""
    email = EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[message.address],
        connection=server,
        headers={
            "Message-ID": message.message_id,
            "Content-Language": message.language,
            **HEADERS,
            **message.headers,
        },
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    return email


def _close(server: Any) -> None:
    try:
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        log.info("mail connection did not close: %s", error)


def _mine(message: Message) -> Any:
    """The row while our lease holds: a worker that was thought dead changes nothing any more."""
    return Message.objects.filter(pk=message.pk, state=MessageState.SENDING, lease_token=message.lease_token)


def _renew(token: uuid.UUID | None) -> None:
    Message.objects.filter(lease_token=token, state=MessageState.SENDING).update(
        leased_until=timezone.now() + LEASE
    )


def wait_after(attempts: int) -> timedelta:
    """1 minute after the first failure, then 2, 4, 8 and so on."""
    return FIRST_WAIT * 2 ** (attempts - 1)


def is_permanent(error: Exception) -> bool:
    """The server will never take this letter, or it cannot be written as one at all."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _answer in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return 500 <= error.smtp_code < 600 and error.smtp_code not in _OURS
    # ValueError: an address or a header that mail has no form for. Same for a server without SMTPUTF8.
    return isinstance(error, ValueError | smtplib.SMTPNotSupportedError)


def _answer(error: Exception) -> str:
    """What the server said, as an administrator reads it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = [f"{code} {_text(answer)}" for code, answer in error.recipients.values()]
        return "; ".join(answers)[:500]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"[:500]
    return f"{type(error).__name__}: {error}"[:500]


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)


def _failed(message: Message, error: Exception) -> None:
    attempts = message.attempts + 1
    dead = attempts >= TRIES or is_permanent(error)
    log.warning("letter %s not sent (try %s): %s", message.pk, attempts, error)
    if bounces.speaks_of_the_address(error):
        address_failed(message.address, _answer(error))
    _mine(message).update(
        state=MessageState.DEAD if dead else MessageState.QUEUED,
        attempts=attempts,
        reason=_answer(error),
        deferred=isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException),
        next_try_at=timezone.now() + wait_after(attempts),
        lease_token=None,
        leased_until=None,
    )


def _not_reached(batch: Iterable[Message], error: Exception) -> None:
    groups: dict[int, list[int]] = {}
    for message in batch:
        groups.setdefault(message.attempts + 1, []).append(message.pk)
        token = message.lease_token
    for attempts, keys in groups.items():
        Message.objects.filter(pk__in=keys, state=MessageState.SENDING, lease_token=token).update(
            state=MessageState.DEAD if attempts >= TRIES else MessageState.QUEUED,
            attempts=attempts,
            reason=_answer(error),
            deferred=False,
            next_try_at=timezone.now() + wait_after(attempts),
            lease_token=None,
            leased_until=None,
        )


def release_dropped() -> int:
    """Put back what a worker took and did not finish; returns how many.

    Counts as a try, so that a letter which brings workers down cannot do so for ever.
    """
    back = {"lease_token": None, "leased_until": None, "attempts": F("attempts") + 1}
    dropped = Message.objects.dropped()
    lost = "the worker that was sending it did not come back"
    dropped.filter(attempts__gte=TRIES - 1).update(state=MessageState.DEAD, reason=lost, **back)
    return dropped.update(state=MessageState.QUEUED, reason=lost, next_try_at=timezone.now(), **back)


def has_due() -> bool:
    return Message.objects.due().exists()
