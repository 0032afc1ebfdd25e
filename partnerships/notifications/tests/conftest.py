"""A letters table, people to tell, and a real mail server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from partnerships.testing.cast import Cast

SAMPLE = "partnerships.notifications.tests.sample"


@pytest.fixture
def letters(settings: Any) -> None:
    """The sample's letters stand in the table beside those of the directions."""
    settings.LETTER_SOURCES = [SAMPLE]


@pytest.fixture
def people(cast: Cast, letters: None) -> Cast:
    """AzTU: rector (az), coordinator (reads English), and two affiliated people without an account."""
    from partnerships.directory.enums import Role
    from partnerships.testing import factories as make

    cast.user("coordinator").__class__.objects.filter(pk=cast.coordinator.user_id).update(language="en")
    post = make.person("Poçt Ünvanı", "yalniz-poct@else.example", account=False)
    make.affiliation(post, cast.aztu, Role.LECTURER)
    nowhere = make.person("Ünvansız Adam")
    make.affiliation(nowhere, cast.aztu, Role.LECTURER)
    return cast


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Box:
    """What a mail server took, and how it answers."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.connections = 0
        self.answers: dict[str, str] = {}  # address -> SMTP answer to RCPT

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, answers: Any) -> Any:  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        self.recipients.extend(envelope.rcpt_tos)
        return "250 taken"


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    """A real SMTP server on loopback, to which the portal sends."""
    from aiosmtpd.controller import Controller

    taken = Box()
    controller = Controller(taken, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield taken
    controller.stop()
