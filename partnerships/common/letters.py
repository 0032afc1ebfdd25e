"""What an app writes to people, as data: letters about what happened, news for those who follow, reminders.

They stand in each app's `letters.py` as LETTERS, NEWS and REMINDERS and are collected by the notifications
engine. Docs: docs/notifications.md.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy

from partnerships.common.clock import day_in_words, moment_in_words
from partnerships.common.wording import worded

OPEN = gettext_lazy("Open")
# The two lines of the preferences for who follows: a record itself, or a partner of whom others tell.
FOLLOWED = "notifications.followed"
NEWS_KIND = "notifications.news"
NAMES = re.compile(r"%\((\w+)\)s")


def own_page(obj: Any) -> str:
    """The page of the object that a letter is about."""
    return obj.get_absolute_url()


def in_words(obj: Any, name: str) -> str:
    """A field of the object as a letter says it: days and moments as people write them, labels of choices,
    what has English in English to who reads that, nothing as a dash."""
    value = worded(obj, name)
    if isinstance(value, datetime):
        return moment_in_words(value)
    if isinstance(value, date):
        return day_in_words(value)
    said = getattr(obj, f"get_{name}_display", None)
    return str(said() if said else value) if value not in (None, "") else "—"


def said_of(item: Any, obj: Any) -> dict[str, str]:
    """The fields that the words of a letter or reminder name: what its `context` is by itself."""
    return {name: in_words(obj, name) for name in NAMES.findall(f"{item.subject} {item.body}")}


def people_in(obj: Any, fields: tuple[str, ...]) -> list[Any]:
    """Whom these fields of the object name."""
    return [getattr(obj, name) for name in fields]


class Because(StrEnum):
    """Why a kind of letter cannot be switched off: shown to its reader beside the lock."""

    LAW = "law"  # the law asks that the person is told
    SECURITY = "security"  # of people, or of the account
    DECISION = "decision"  # about the reader
    DEADLINE = "deadline"  # it waits for the reader's answer by a date


def told_as(words: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Marks an audience with what its people are in the matter ("as the candidate"): the page of what was
    sent to somebody gives it as the reason."""

    def mark(audience: Callable[..., Any]) -> Callable[..., Any]:
        audience.told_as = words  # type: ignore[attr-defined]
        return audience

    return mark


@dataclass(frozen=True)
class Letter:
    """Which change tells whom, and how it reads.

    kind      "internships.offer": the key of the preference; label names it on the preferences page
    model     "internships.Application"; verbs  the changes of it that this letter tells
    audience  (change, object) -> people (directory.Person) to tell, or the fields that name them; the doer
              is left out by the engine
    context   (change, object) -> values for subject and body, called in the recipient's language; by itself
              the fields of the object that the words name: %(title)s
    subject   lazy text with %(name)s places; body likewise, paragraphs parted by an empty line
    url       (object) -> path of the page where the thing is, its own as a rule; action  the button's label
    outside   (object, person) -> path for a person without an account, to whom `url` stays shut; empty: `url`
    mail      whether it is mailed unless the person prefers otherwise; inbox always has it
    urgent    not held back by quiet hours, and cannot be switched off (security, offers that expire)
    move      the letter asks for the reader's own move and says so in amber; as `urgent` unless said
    confidential  is for its reader alone: the administration shows neither its words nor what it is about
    because   of an urgent letter, why it cannot be switched off; unsaid, DEADLINE where it is the reader's
              move and DECISION where it is not
    own       is about its reader themselves: nobody who stands in for them is told
    stands    (change, object) -> whether what it says still holds, asked again when the letter goes: what was
              taken back overnight is not sent in the morning
    many      lazy plural with %(n)s, "%(n)s applications have come": letters of this kind wait some minutes
              for more of it, and several to one person go as one with this subject
    """

    kind: str
    model: str
    verbs: tuple[str, ...]
    audience: Any
    subject: Any
    body: Any
    label: Any
    context: Callable[[Any, Any], dict[str, Any]] = None  # type: ignore[assignment]
    action: Any = OPEN
    url: Callable[[Any], str] = own_page
    outside: Callable[[Any, Any], str] | None = None
    mail: bool = True
    urgent: bool = False
    move: bool | None = None
    confidential: bool = False
    because: Because | None = None
    own: bool = False
    stands: Callable[[Any, Any], bool] | None = None
    many: Any = None

    def __post_init__(self) -> None:
        if not callable(self.audience):
            fields = self.audience
            object.__setattr__(self, "audience", lambda _change, obj: people_in(obj, fields))
        if self.context is None:
            object.__setattr__(self, "context", lambda _change, obj: said_of(self, obj))


@dataclass(frozen=True)
class News:
    """Which change of a record is news to those who follow another one, such as a partner in it.

    model, verbs  as of a letter; about  (change, object) -> the records whose followers are told, none where
                  it is no news to them; of  the model of these records, "directory.Organization"
    says          what has come of it, in a few words: "A new programme"; or (change, object) -> these words
    kind          the line of the preferences: news of a partner, or (FOLLOWED) of a record that one follows
                  itself, which is then read as any other move of it
    Whoever may not see the object itself is not told, and neither is who is told by a letter of its own.
    """

    model: str
    verbs: tuple[str, ...]
    of: str
    about: Callable[[Any, Any], Iterable[Any]]
    says: Any
    kind: str = NEWS_KIND


@dataclass(frozen=True)
class ReminderRule:
    """Reminds by window: due by now and no occurrence yet for (rule, object, date, offset, person).

    rows      () -> queryset of objects still undecided, each with a moment or a day named by `due`; or the
              states in which they are, ("lent",)
    offsets   how long before `due` (negative: after), longest first
    every     after the last of them again and again at this interval, until it is decided
    audience  (object, offset) -> people, or the fields that name them; a late offset may name a deputy or
              head (escalation)
    confidential, many  as of a letter
    """

    kind: str
    model: str
    due: str
    rows: Any
    offsets: tuple[timedelta, ...]
    audience: Any
    subject: Any
    body: Any
    label: Any
    context: Callable[[Any], dict[str, Any]] = None  # type: ignore[assignment]
    action: Any = OPEN
    url: Callable[[Any], str] = own_page
    outside: Callable[[Any, Any], str] | None = None
    confidential: bool = False
    many: Any = None
    every: timedelta | None = None

    def __post_init__(self) -> None:
        model = self.model
        if not callable(self.rows):
            states, named = self.rows, () if callable(self.audience) else self.audience
            object.__setattr__(self, "rows", lambda: in_states(model, states, named))
        if not callable(self.audience):
            fields = self.audience
            object.__setattr__(self, "audience", lambda obj, _offset: people_in(obj, fields))
        if self.context is None:
            object.__setattr__(self, "context", lambda obj: said_of(self, obj))


def reminders_of(app: str, **shared: Any) -> Callable[..., ReminderRule]:
    """What makes the reminders of an app that share a model, a date and words: each is then said by

        remind("remind_draft", rows, offsets, audience, subject, body, label, confidential=True, …)

    and takes the rest from `shared`, unless it says otherwise itself.
    """

    def remind(
        kind: str,
        rows: Any,
        offsets: tuple[timedelta, ...],
        audience: Any,
        subject: Any,
        body: Any,
        label: Any,
        **own: Any,
    ) -> ReminderRule:
        return ReminderRule(
            kind=f"{app}.{kind}",
            rows=rows,
            offsets=offsets,
            audience=audience,
            subject=subject,
            body=body,
            label=label,
            **{**shared, **own},
        )

    return remind


def in_states(model: str, states: tuple[str, ...], shown: tuple[str, ...]) -> Any:
    """The rows of a model that are in these states, with what they name."""
    return apps.get_model(model)._base_manager.filter(state__in=states).select_related(*shown)
