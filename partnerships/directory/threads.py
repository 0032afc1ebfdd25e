"""What people say to each other about one thing, in order: an app adds what it is about and who reads it.

    class Message(Entry):
        booking = models.ForeignKey(Booking, ...)
        objects = MessageQuerySet.as_manager()      # its own visible_to

    thread = Message.objects.filter(booking=booking)
    entry, new = threads.say(Message(booking=booking), thread, actor=actor, text=text)

    threads.letter("bookings.message", Message, to=the_other_side, context=said, ...)   # tells of a new word

The action that calls it holds the lock under which the thread is written, and the right to write in it.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.common.letters import Letter
from partnerships.common.models import Personal
from partnerships.common.refusals import Missing, Refused
from partnerships.directory.models import Person
from partnerships.workflow.actors import as_actor

LONGEST = 2000
E = TypeVar("E", bound="Entry")


class Entry(Personal):
    """A word in a thread. What its author has taken back keeps its place, not its words."""

    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("what is said"), max_length=LONGEST, blank=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"№ {self.pk}"


def say(entry: E, thread: models.QuerySet[E], *, actor: Any, text: str) -> tuple[E, bool]:
    """Write `entry` at the end of its thread; (what stands there, whether it is new).

    The same words again, as a double click sends them, are the entry that stands there already. Raises
    Missing without words, ValidationError for too many. Must run under a lock of the thread.
    """
    words = text.replace("\0", "").strip()
    if not words:
        raise Missing("text")
    if len(words) > LONGEST:
        raise ValidationError({"text": _t("At most %(n)s characters.") % {"n": LONGEST}})
    author = as_actor(actor).person_id
    last = thread.order_by("-pk").first()
    if last is not None and (last.author_id, last.text) == (author, words):
        return last, False
    entry.author_id, entry.text = author, words  # type: ignore[assignment]
    entry.save()
    return entry, True


def take_back(entry: E, *, actor: Any) -> bool:
    """Take one's own words back: that something stood there stays. False where they were taken back before.
    Raises Refused to anybody else. `entry` is read under a lock."""
    if entry.author_id != as_actor(actor).person_id:
        raise Refused(_t("Only who wrote it takes it back."))
    if entry.taken_back_at is not None:
        return False
    entry.text, entry.taken_back_at = "", timezone.now()
    entry.version += 1
    entry.save()
    return True


def letter(
    kind: str,
    model: type[Entry],
    *,
    to: Callable[[Any, Any], Iterable[Person]],
    verbs: tuple[str, ...] = ("say",),
    **words: Any,
) -> Letter:
    """The letter that tells people (`to`) of a new word in a thread; nobody of one that was taken back before
    it was told. `verbs`: those under which the app's action records it; `words`: the rest of a Letter."""

    @wraps(to)
    def audience(change: Any, entry: Any) -> Iterable[Person]:
        return to(change, entry) if entry.taken_back_at is None else []

    return Letter(kind=kind, model=model._meta.label, verbs=verbs, audience=audience, **words)
