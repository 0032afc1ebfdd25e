"""The engine is tested with a kind of its own: ideas of a company, marked by people of both sides."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from partnerships.common.refusals import Blocked
from partnerships.directory.models import Organization
from partnerships.ideas.models import Idea
from partnerships.reviews import actions
from partnerships.reviews.models import Review, ReviewMember, ReviewRound
from partnerships.reviews.tests.sample import reviews as sample
from partnerships.testing.cast import Cast
from partnerships.testing.worlds import world

SAMPLE = "partnerships.reviews.tests.sample"


@pytest.fixture(autouse=True)
def sample_kind(settings: Any) -> None:
    settings.REVIEW_SOURCES = [SAMPLE]


@world
def idea(cast: Cast, owner: str = "organiser", partner: Organization | None = None, n: int = 1) -> Idea:
    person = getattr(cast, owner)
    return Idea.objects.create(
        title=f"Fikir {n}",
        text="Kabel itkilərinin ölçülməsi.",
        home=cast.azerisiq,
        partner=partner or cast.adnsu,
        owner=person,
        noted_by=person,
        next_step="Zəng",
        next_on=timezone.localdate() + timedelta(days=30),
    )


@world
def opened(cast: Cast, *who: str, by: str = "partnerships", **values: Any) -> ReviewRound:
    people = [getattr(cast, name) for name in who or ("expert", "mentor", "trainer")]
    values.setdefault("due", timezone.now() + timedelta(days=10))
    values.setdefault("title", "Fikirlərin seçimi")
    return actions.open_round(sample.KEY, cast.azerisiq, people, actor=cast.user(by), **values)


def member(found: ReviewRound, person: Any) -> ReviewMember:
    return ReviewMember.objects.select_related("round", "person").get(round=found, person=person)


def again(review: Review) -> Review:
    return Review.objects.with_rows().get(pk=review.pk)


def fresh(found: ReviewRound) -> ReviewRound:
    return ReviewRound.objects.select_related("organization", "rubric__rubric").get(pk=found.pk)


@world
def asked_for(cast: Cast, found: ReviewRound, item: Idea, who: str, by: str = "partnerships") -> Review:
    """That review, assigned by hand by the chair."""
    who_member = member(found, getattr(cast, who))
    actions.assign(fresh(found), item, [who_member], actor=cast.user(by))
    return Review.objects.with_rows().get(member=who_member, object_id=item.pk)


@pytest.fixture
def ask(cast: Cast) -> Callable[..., Review]:
    """ask(round, idea, "expert"): `asked_for`."""
    return partial(asked_for, cast)


@world
def started_by(cast: Cast, *who: str, **values: Any) -> list[Review]:
    """A round of one idea, marking begun, with a review of each."""
    found = opened(cast, *who, **values)
    item = idea(cast)
    made = [asked_for(cast, found, item, name) for name in who]
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    return [again(review) for review in made]


@pytest.fixture
def started(cast: Cast) -> Callable[..., list[Review]]:
    """started("expert", "mentor"): `started_by`."""
    return partial(started_by, cast)


@contextmanager
def blocked(code: str) -> Iterator[pytest.ExceptionInfo[Blocked]]:
    """That something is blocked, for this reason."""
    with pytest.raises(Blocked) as caught:
        yield caught
    assert caught.value.refusal.code == code


@world
def mark(cast: Cast, review: Review, who: str, value: int, comment: str = "") -> Review:
    return again(
        actions.submit(again(review), actor=cast.user(who), marks={"overall": value}, comment=comment)
    )
