"""Who reviews what is brought as a table, by the rules of the page."""

from datetime import datetime, timedelta

import pytest
import time_machine

from partnerships.common.clock import BAKU
from partnerships.common.refusals import Refused
from partnerships.notifications import digests, outbox
from partnerships.notifications.models import Message
from partnerships.reviews import actions, bringing
from partnerships.reviews.models import Review
from partnerships.reviews.tests.conftest import fresh, idea, member, opened
from partnerships.testing import tables
from partnerships.testing.tables import confirm, refusals


def _brought(cast, found, *rows, who="partnerships"):
    table = [["Rəyçi", "Nömrə"], *rows]
    return tables.bring(bringing.KIND, table, context={"round": found.pk}, actor=cast.user(who))


def test_reviewers_are_assigned_row_by_row_and_refused_with_the_reasons_of_the_page(cast, ask):
    found = opened(cast, "expert", "mentor", "trainer", "organiser")
    one, other, hidden = idea(cast), idea(cast, n=2), idea(cast, owner="partnerships", n=3)
    ask(found, one, "expert")
    actions.set_cap(member(found, cast.mentor), actor=cast.user("partnerships"), cap=1)
    refused = ask(found, other, "trainer")
    actions.take_back(refused, actor=cast.user("partnerships"))
    run = _brought(
        cast,
        found,
        [cast.expert.email, f"№ {one.pk}"],
        [cast.mentor.email, f"№ {one.pk}"],
        [cast.mentor.name, f"№ {other.pk}"],
        [cast.organiser.email, f"№ {one.pk}"],
        [cast.trainer.email, f"№ {other.pk}"],
        [cast.trainer.email, f"№ {other.pk}"],
        [cast.hr.email, f"№ {one.pk}"],
        [cast.expert.email, f"№ {hidden.pk}"],
    )
    assert refusals(run) == {
        2: ("nothing", []),
        3: ("add", []),
        4: ("refuse", ["reviewer"]),  # as many as this reviewer takes
        5: ("refuse", ["reviewer"]),  # the own idea
        6: ("change", []),
        7: ("refuse", [""]),
        8: ("refuse", ["reviewer"]),  # reviews nothing here
        9: ("refuse", ["item"]),  # the chair must not meet it
    }
    confirm(run)
    asked = Review.objects.filter(round=found).assigned().order_by("pk")
    assert {(row.member.person, row.object_id) for row in asked} == {
        (cast.expert, one.pk),
        (cast.trainer, other.pk),
        (cast.mentor, one.pk),
    }


def test_a_table_is_one_letter_to_each_reviewer(cast, started, mailoutbox, settings):
    """Its rows are written one by one, each with what follows from it, while others are sent."""
    settings.BATCH_SECONDS = 600
    with time_machine.travel(datetime(2026, 12, 2, 11, tzinfo=BAKU), tick=False) as clock:
        found = started("expert", "mentor")[0].round
        rows = [idea(cast, n=n) for n in (2, 3, 4)]
        Message.objects.all().delete()
        for row in rows:  # as a worker does, with the sweep between two rows
            who = cast.expert, cast.mentor
            run = _brought(cast, found, *([one.email, f"№ {row.pk}"] for one in who[: 2 - (row == rows[2])]))
            confirm(run)
            digests.release()
            outbox.deliver()
        assert mailoutbox == []
        clock.shift(timedelta(minutes=11))
        digests.release()
        outbox.deliver()
    assert sorted((letter.to[0], letter.subject) for letter in mailoutbox) == [
        (cast.expert.email, "Sizdən 3 dəfə rəy istənilib"),
        (cast.mentor.email, "Sizdən 2 dəfə rəy istənilib"),
    ]


def test_only_who_leads_an_open_round_brings_its_reviewers(cast, login, started):
    review = started("expert", "mentor")[0]
    url = f"/reviews/rounds/{review.round.uid}/import/"
    assert [login(who).get(url).status_code for who in ("partnerships", "expert", "hr2")] == [200, 403, 404]
    with pytest.raises(Refused):
        _brought(cast, review.round, ["a@b.az", "1"], who="expert")
    for verb in ("discuss", "close"):
        actions.move(fresh(review.round), verb, actor=cast.user("partnerships"))
    assert login("partnerships").get(url).status_code == 403
