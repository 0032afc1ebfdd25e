"""The page of one item: those who may be asked for it, drawn at once, for a round has dozens."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.markup import markup, text
from partnerships.directory.models import Person
from partnerships.reviews.enums import Tie
from partnerships.reviews.models import ReviewMember, ReviewRound
from partnerships.reviews.views.round_lines import NOBODY

_FREE = (
    '<label class="pick"><input class="form-check-input" type="checkbox" name="members" value="{}">'
    ' <span dir="auto">{}</span></label>\n'
)
_TIED = (
    '<div class="blocked"><span class="muted" dir="auto">{}</span><span class="why">{}: {}{}</span></div>\n'
)


def kept_out(
    found: ReviewRound, item: Any, people: Iterable[Person], ties: Mapping[int, str]
) -> list[tuple[str, str, str]]:
    """Who would lead the round and never meets this one: name, what ties them, where that is overridden."""
    return [
        (
            person.name,
            str(Tie(ties[person.pk]).label),
            ""
            if ties[person.pk] == Tie.OWN
            else reverse("reviews:override", args=[found.uid, item.uid, person.uid]),
        )
        for person in people
        if person.pk in ties
    ]


def free(
    found: ReviewRound, item: Any, members: Iterable[ReviewMember], ties: Mapping[int, str]
) -> SafeString:
    """Members who are not asked yet: each can be chosen, or what ties them to the item stands beside. Own
    work is never overridden."""
    conflict = _("Conflict of interest")
    to = reverse("reviews:override", args=[found.uid, item.uid, NOBODY])
    override = markup(' · <a href="{}">{}</a>', to, _("Override"))

    def line(member: ReviewMember) -> str:
        tie = ties.get(member.person_id)
        if tie is None:
            return markup(_FREE, member.pk, member.person.name)
        further = "" if tie == Tie.OWN else SafeString(override.replace(NOBODY, text(member.uid)))
        return markup(_TIED, member.person.name, conflict, Tie(tie).label, further)

    return SafeString("".join(map(line, members)))
