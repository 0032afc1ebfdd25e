"""How a letter reads: words in a language, and the mail of the family around them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from partnerships.common.clock import BAKU
from partnerships.common.text import clean_line

LANGUAGES = [code for code, _name in settings.LANGUAGES]
_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Words:
    """A letter in every language of the portal."""

    title: dict[str, str]
    body: dict[str, str]
    action: dict[str, str]
    label: dict[str, str]
    path: str
    move: bool  # it is the reader's move: the strip is amber, as in the portal
    outside: Callable[[Any], str] | None = None  # (person) -> path for one without an account
    in_place_of: Any = None  # whom its reader stands in for

    def path_for(self, person: Any) -> str:
        """Where the button of this person's mail leads."""
        shut_out = self.outside is not None and person.user_id is None
        return (self.outside(person) if shut_out and self.outside else "") or self.path


@contextmanager
def reading(language: str) -> Iterator[None]:
    """As a reader of this language sees it, in Baku's time."""
    with translation.override(language), timezone.override(BAKU):
        yield


def words(item: Any, context: Callable[[], dict[str, Any]], obj: Any, *, move: bool) -> Words:
    """Render a Letter or ReminderRule in every language; `context` is called in each."""
    title, body, action, label = {}, {}, {}, {}
    for language in LANGUAGES:
        with reading(language):
            values = context()
            title[language] = clean_line(str(item.subject) % values)[:255]
            body[language] = (str(item.body) % values).strip()
            action[language] = str(item.action)
            label[language] = str(item.label)
            path = item.url(obj)
    outside = item.outside
    return Words(title, body, action, label, path, move, partial(outside, obj) if outside else None)


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: str


def mail(told: Words, language: str, path: str = "", leave: str | None = "") -> Mail:
    """The mail of a letter: one column, the strip on top, one button; and its plain twin.

    `leave` is where a reader without an account leaves this kind, None where nobody may leave it: the
    preferences are shut to them.
    """
    with reading(language):
        return _mail(
            told.title[language],
            told.body[language],
            language,
            button=told.action[language],
            link=settings.BASE_URL + (path or told.path),
            label=told.label[language],
            move=told.move,
            leave=leave,
        )


def plain_mail(
    subject: str, body: str, language: str, *, button: str = "", link: str = "", move: bool = False
) -> Mail:
    """The same for a letter that no change caused, such as sign-in mail; with a button where it leads on, and
    an amber strip where it is the reader's `move`."""
    with reading(language):
        return _mail(subject, body, language, button=button, link=link, move=move)


def joint_mail(subject: str, groups: Any, language: str, leave: str = "") -> Mail:
    """A letter of several: lines under the words of their kinds. Called in the reader's language; `leave` as
    of `mail`."""
    body = gettext("What has come for you, newest first. What you have read in the portal is left out.")
    own = {"leave": leave} if leave else {"button": gettext("Open my notifications")}
    link = "" if leave else settings.BASE_URL + reverse("inbox")
    return _mail(subject, body, language, groups=groups, link=link, joint=True, **own)


def _mail(subject: str, body: str, language: str, **values: Any) -> Mail:
    context = {
        "subject": subject,
        "body": body,
        "paragraphs": [part.strip() for part in _PARAGRAPHS.split(body) if part.strip()],
        "language": language,
        "base_url": (settings.BASE_URL + get_script_prefix()).rstrip("/"),
        "preferences": settings.BASE_URL + reverse("preferences"),
        **values,
    }
    return Mail(
        subject,
        render_to_string("notifications/mail.txt", context),
        render_to_string("notifications/mail.html", context),
    )
