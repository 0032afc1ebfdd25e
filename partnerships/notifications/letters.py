"""What the engine tells by itself: that a record which somebody follows has moved."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partnerships.common.letters import FOLLOWED, NEWS_KIND, Letter

__all__ = ["FOLLOWED", "FOLLOWED_LETTER", "LETTERS", "NEWS_KIND", "NEWS_LETTER"]


def _nobody(_change: Any, _obj: Any) -> list[Any]:
    """No verb leads here: followers are told beside the letters of every change (telling)."""
    return []


def _no_words(_change: Any, _obj: Any) -> dict[str, Any]:
    """The words come from the change itself (following.words_of)."""
    return {}


FOLLOWED_LETTER = Letter(
    kind=FOLLOWED,
    model="notifications.Follow",
    verbs=(),
    audience=_nobody,
    context=_no_words,
    subject=_("%(what)s: %(now)s"),
    body=_("You follow this record. Kind: %(model)s. What has come of it: %(now)s."),
    label=_("Something that I follow has moved"),
    action=_("Open its page"),
    many=ngettext_lazy(
        "%(n)s piece of news about what you follow", "%(n)s pieces of news about what you follow", "n"
    ),
)
NEWS_LETTER = Letter(
    kind=NEWS_KIND,
    model="notifications.Follow",
    verbs=(),
    audience=_nobody,
    context=_no_words,
    subject=_("%(whom)s · %(news)s"),
    body=_("You follow: %(whom)s. %(news)s."),
    label=_("News of a partner that I follow"),
    action=_("Open its page"),
    many=ngettext_lazy(
        "%(n)s piece of news about what you follow", "%(n)s pieces of news about what you follow", "n"
    ),
)
LETTERS = [FOLLOWED_LETTER, NEWS_LETTER]
