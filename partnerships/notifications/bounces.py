"""Letters that come back: the mail server's final answer about an address, at once or in a later report.

Reports are RFC 3464 delivery status notifications with the codes of RFC 3463. Only a report about a letter
of ours counts: it must name the Message-ID of a letter that went to that very address, which nobody
but its reader and the servers on its way know.
"""

import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

from partnerships.directory.actions import address_failed
from partnerships.notifications.models import Message as Letter

# Final answers that speak of the mailbox; others speak of us, of the letter or of a full disk.
_ABOUT_THE_ADDRESS = {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"}
_PLAIN = {550, 551, 553}
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


def speaks_of_the_address(error: Exception) -> bool:
    """Whether the server's refusal means that nobody can be reached at this address."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused) or not error.recipients:
        return False
    return all(_final(code, answer) for code, answer in error.recipients.values())


def _final(code: int, answer: bytes | str) -> bool:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    if status := _STATUS.search(text):
        return status[1] in _ABOUT_THE_ADDRESS
    return code in _PLAIN


@dataclass(frozen=True)
class Report:
    """One address of a report: who could not be reached, the code and the words of the server."""

    address: str
    status: str
    answer: str


def take_bounce(raw: bytes) -> list[str]:
    """Read one mail of the mailbox to which reports come; returns the addresses that were marked.

    Whatever is no report about a letter of ours changes nothing. May be called again with the same mail.
    """
    mail: Any = message_from_bytes(raw, policy=default)
    ours = set(_message_ids(mail))
    marked = []
    for report in reports(mail):
        letters = Letter.objects.filter(message_id__in=ours, address__iexact=report.address)
        if report.status in _ABOUT_THE_ADDRESS and letters.exists():
            if address_failed(report.address, f"{report.status} {report.answer}"):
                marked.append(report.address)
            letters.update(reason=f"{report.status} {report.answer}"[:500])
    return marked


def reports(mail: EmailMessage) -> Iterator[Report]:
    """The failures that a delivery status notification tells of; delays and successes are none."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks: Any = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if (block["Action"] or "").strip().casefold() == "failed":
                yield Report(_address(block), _status(block), _words(block))


def _address(block: Message) -> str:
    # "rfc822; name@host"; the address we wrote to stands in Original-Recipient where somebody forwarded.
    value = str(block["Original-Recipient"] or block["Final-Recipient"] or "")
    return value.rpartition(";")[2].strip().strip("<>").lower()


def _status(block: Message) -> str:
    found = _STATUS.search(str(block["Status"] or ""))
    return found[1] if found else ""


def _words(block: Message) -> str:
    return str(block["Diagnostic-Code"] or "").partition(";")[2].strip()[:300]


def _message_ids(mail: EmailMessage) -> Iterator[str]:
    """Message-IDs of the letters that the report carries, whole or as headers."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            inner: Any = message_from_bytes(text if isinstance(text, bytes) else b"", policy=default)
            yield str(inner["Message-ID"] or "")
        elif kind == "message/rfc822":
            for inner in part.get_payload():  # type: ignore[union-attr]
                yield str(inner["Message-ID"] or "")  # type: ignore[index]
