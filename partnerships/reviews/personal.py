"""What reviews keep about people."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Basis, Block, Held
from partnerships.reviews.enums import MARKED, TO_MARK
from partnerships.reviews.models import (
    Conflict,
    ConflictOverride,
    Review,
    ReviewMember,
    ReviewRound,
    RubricVersion,
)


def _blocks(person: Any) -> list[Block]:
    # What a closed round left open waits for nobody.
    waiting = Review.objects.filter(member__person=person, state__in=TO_MARK, round__state__in=MARKED)
    due = waiting.count()
    if not due:
        return []
    return [
        Block(
            _t("Reviews wait for you: %(n)s") % {"n": due},
            _t("Hand them in or decline them first."),
        )
    ]


HELD = (
    Held(
        key="reviews.reviews",
        label=_("Reviews that you gave"),
        model="reviews.Review",
        rows=lambda person: Review.objects.filter(member__person=person),
        columns=("round", "state", "score", "comment", "submitted_at"),
        what=_("Marks and comments that you gave as a reviewer"),
        purpose=_("To decide fairly, and to answer for it"),
        basis=Basis.CONTRACT,
        seen_by=_("Who decides; in a blind round without your name"),
        until=_("As long as what was reviewed; after erasure without your name"),
        linked=(
            "reviews.ReviewMember.person",
            "reviews.ReviewRound.made_by",
            "reviews.RubricVersion.made_by",
        ),
        blocks=_blocks,
        history=False,
    ),
    Held(
        key="reviews.conflicts",
        label=_("Conflicts of interest"),
        model="reviews.Conflict",
        rows=lambda person: Conflict.objects.filter(person=person),
        columns=("kind", "reason", "created"),
        what=_("That you said, or somebody said of you, that you are too close to something to judge it"),
        purpose=_("To keep you from it"),
        basis=Basis.INTEREST,
        seen_by=_("You and the chair of the round"),
        until=_("As long as the round; after erasure without the reason"),
        linked=(
            "reviews.Conflict.person",
            "reviews.Conflict.made_by",
            "reviews.ConflictOverride.person",
            "reviews.ConflictOverride.made_by",
        ),
        blank={"reason": ""},
    ),
    Held(
        key="reviews.remarks",
        label=_("What you wrote in discussions of reviews"),
        model="reviews.Remark",
        columns=("round", "text", "created", "taken_back_at"),
        what=_("What you wrote to the others who review the same"),
        purpose=_("To decide fairly, and to answer for it"),
        basis=Basis.CONTRACT,
        seen_by=_("Who reviews in the round and who leads it; in a blind round without your name"),
        until=_("As long as the round; after erasure without your name and your words"),
        linked=("reviews.Remark.author",),
        blank={"text": ""},
    ),
    Held(
        key="reviews.overrides",
        label=_("Conflicts of interest that were set aside"),
        model="reviews.ConflictOverride",
        rows=lambda person: ConflictOverride.objects.filter(person=person),
        columns=("kind", "tie", "reason"),
        blank={"reason": "—"},
        public=False,
    ),
    Held(
        key="reviews.rounds",
        label=_("Rounds in which you review"),
        model="reviews.ReviewMember",
        rows=lambda person: ReviewMember.objects.filter(person=person),
        columns=("round", "active"),
        history=False,
        public=False,
    ),
    Held(
        key="reviews.made",
        label=_("Rounds and rubrics that you made"),
        model="reviews.ReviewRound",
        rows=lambda person: ReviewRound.objects.filter(made_by=person.user_id or 0),
        columns=("title", "created"),
        history=False,
        public=False,
    ),
    Held(
        key="reviews.rubrics",
        label=_("Rubrics that you wrote"),
        model="reviews.RubricVersion",
        rows=lambda person: RubricVersion.objects.filter(made_by=person.user_id or 0),
        columns=("rubric",),
        history=False,
        public=False,
    ),
)
