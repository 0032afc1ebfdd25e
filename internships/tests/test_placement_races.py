"""Several people at one practice at once, each on a connection of their own, on both engines."""

from collections import Counter
from datetime import date, timedelta

import pytest
from celery import current_app
from django.core.exceptions import ValidationError

from internships import actions
from internships.certificates import KEY
from internships.enums import DiaryState, PlacementState, Source
from internships.models import Clearance, DiaryEntry, Placement
from internships.tests import makers
from partnerships.agreements import actions as agreements
from partnerships.agreements.models import Signature
from partnerships.agreements.tests import makers as made
from partnerships.certificates import actions as certificates
from partnerships.certificates.models import Certificate
from partnerships.common.clock import today
from partnerships.common.refusals import WorkflowError
from partnerships.directory.enums import Role
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document
from partnerships.testing import factories as make
from partnerships.testing.cast import build
from partnerships.testing.files import pdf, upload
from partnerships.testing.races import all_at_once
from partnerships.workflow.actors import link_actor
from partnerships.workflow.models import Change

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAYS = 5


@pytest.fixture(autouse=True)
def telling_is_left_to_the_worker():
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


def ready(cast):
    """A practice whose first day is today, with all that it needs."""
    found = makers.clear(makers.placement(cast), cast, on=today())
    contract = actions.open_contract(found, actor=cast.user("hr"))
    contract = agreements.send(contract, actor=cast.user("hr"))
    for who in ("student", "coordinator", "hr"):
        contract = made.signed_by(cast, contract, who)
    Placement.objects.update(starts=today())
    return makers.placement_again(found)


def colleague_of(cast, number):
    person = make.person(f"Həmkar {number}", f"hemkar{number}@cast.example")
    make.affiliation(person, cast.azerisiq, Role.HR)
    return person.user


def failures(answers):
    return [answer for answer in answers if isinstance(answer, Exception)]


def verbs_of(obj):
    return Counter(Change.objects.of(obj).values_list("verb", flat=True))


def test_two_people_and_the_clock_begin_it_once():
    cast = build()
    placement = ready(cast)
    others = [cast.user("hr"), colleague_of(cast, 1)]
    answers = all_at_once(
        [*(lambda who=who: actions.begin(placement, actor=who) for who in others), actions.begin_due]
    )
    *by_hand, by_clock = answers
    assert all(isinstance(error, WorkflowError) for error in failures(by_hand))
    assert len(by_hand) - len(failures(by_hand)) + by_clock == 1
    assert (makers.placement_again(placement).state, verbs_of(placement)["begin"]) == (
        PlacementState.ACTIVE,
        1,
    )


def test_of_two_who_end_it_at_once_one_wins_and_the_last_day_is_that_ones():
    cast = build()
    placement = makers.active(cast)
    Placement.objects.update(starts=today() - timedelta(days=9), ends=today() + timedelta(days=30))
    hr, other = cast.user("hr"), colleague_of(cast, 1)
    days = {0: today() - timedelta(days=2), 1: today() - timedelta(days=1)}
    answers = all_at_once(
        [
            lambda who=who, n=n: actions.end_early(placement, actor=who, note=f"Səbəb {n}", last_day=days[n])
            for n, who in enumerate((hr, other))
        ]
    )
    refused = failures(answers)
    assert len(refused) == 1
    assert isinstance(refused[0], WorkflowError)
    winner = next(n for n, answer in enumerate(answers) if not isinstance(answer, Exception))
    after = makers.placement_again(placement)
    assert (after.state, after.last_day) == (PlacementState.ENDED_EARLY, days[winner])
    ended = Change.objects.of(placement).filter(verb="end_early")
    assert [change.note for change in ended] == [f"Səbəb {winner}"]


def test_two_who_extend_what_they_both_saw_extend_it_once():
    cast = build()
    placement = makers.active(cast)
    people = [cast.user("hr"), colleague_of(cast, 1), cast.user("coordinator")]
    days = [date(2027, 8, 7), date(2027, 8, 14), date(2027, 8, 21)]
    answers = all_at_once(
        [
            lambda who=who, day=day: actions.extend(
                placement, actor=who, ends=day, note="Layihə bitməyib", version=placement.version
            )
            for who, day in zip(people, days, strict=True)
        ]
    )
    refused = failures(answers)
    assert [isinstance(error, WorkflowError) for error in refused] == [True, True]
    kept = next(days[n] for n, answer in enumerate(answers) if not isinstance(answer, Exception))
    after = makers.placement_again(placement)
    assert (after.ends, verbs_of(placement)["extend"]) == (kept, 1)


def test_one_extension_pressed_four_times_at_once_is_written_once():
    cast = build()
    placement = makers.active(cast)
    longer = date(2027, 8, 14)
    answers = all_at_once(
        [lambda: actions.extend(placement, actor=cast.user("hr"), ends=longer, note="Xəstəlik")] * 4
    )
    assert [type(error) for error in failures(answers)] == [ValidationError] * 3
    assert (makers.placement_again(placement).ends, verbs_of(placement)["extend"]) == (longer, 1)


def test_extended_and_ended_at_once_it_is_over_and_the_history_says_in_which_order():
    cast = build()
    placement = makers.active(cast)
    Placement.objects.update(starts=today() - timedelta(days=9))
    ended, extended = all_at_once(
        [
            lambda: actions.end_early(placement, actor=cast.user("hr"), note="Dayandı", last_day=today()),
            lambda: actions.extend(
                placement, actor=cast.user("coordinator"), ends=date(2027, 9, 30), note="Uzandı"
            ),
        ]
    )
    assert not isinstance(ended, Exception)
    after = makers.placement_again(placement)
    assert (after.state, after.last_day) == (PlacementState.ENDED_EARLY, today())
    order = list(Change.objects.of(placement).order_by("pk").values_list("verb", flat=True))[-2:]
    if isinstance(extended, Exception):
        assert (extended.refusal.code, after.ends, order[-1]) == ("over", makers.ENDS, "end_early")
    else:
        assert (after.ends, order) == (date(2027, 9, 30), ["extend", "end_early"])


def test_a_week_confirmed_and_entered_from_paper_at_once_counts_every_day_once():
    cast = build()
    placement = makers.active(cast)
    first = today() - timedelta(days=DAYS)
    Placement.objects.update(starts=first)
    Clearance.objects.update(done_on=first)
    week = [first + timedelta(days=n) for n in range(DAYS)]
    for day in week:
        entry = actions.write_day(placement, day, actor=cast.user("student"), minutes=300, work="iş")
        actions.submit_day(entry, actor=cast.user("student"))
    placement = makers.placement_again(placement)
    mentor = link_actor(cast.mentor.pk, placement.link_scope, cast.mentor.name)
    seen = [(str(row.uid), row.version) for row in DiaryEntry.objects.all()]
    scans = [upload(pdf(), "gundelik.pdf") for _n in range(2)]
    confirmed, *papers = all_at_once(
        [
            lambda: actions.confirm(placement, seen, actor=mentor),
            *(
                lambda who=who, scan=scan: actions.enter_paper(
                    placement, dict.fromkeys(week, 240), actor=who, scan=scan
                )
                for who, scan in zip((cast.user("hr"), colleague_of(cast, 1)), scans, strict=True)
            ),
        ]
    )
    assert sorted(len(found.done) for found in (confirmed, *papers)) == [0, 0, DAYS]
    by_paper = not confirmed.done
    rows = list(
        DiaryEntry.objects.order_by("date").values_list("date", "minutes", "state", "confirmed_source")
    )
    source = Source.PAPER if by_paper else Source.LINK
    assert rows == [(day, 300, DiaryState.CONFIRMED, source) for day in week]
    told = Counter(Change.objects.filter(verb__in=["confirm", "enter_paper"]).values_list("verb", flat=True))
    assert told == {"enter_paper" if by_paper else "confirm": DAYS}
    assert Document.objects.filter(kind=DocumentKind.SCAN).count() == (DAYS if by_paper else 0)


def test_two_who_sign_the_practice_contract_for_one_party_sign_it_once():
    cast = build()
    placement = makers.placement(cast)
    contract = actions.open_contract(placement, actor=cast.user("hr"))
    contract = agreements.send(contract, actor=cast.user("hr"))
    for who in ("student", "coordinator"):
        contract = made.signed_by(cast, contract, who)
    read = made.again(contract).text.sha256
    other = colleague_of(cast, 1)
    names = {cast.user("hr"): made.NAMES["hr"], other: other.person.name}
    typed = {"text_hash": read, "position": "Səlahiyyətli şəxs"}
    answers = all_at_once(
        [
            lambda who=who, name=name: agreements.sign(contract, actor=who, legal_name=name, **typed)
            for who, name in names.items()
        ]
        * 2
    )
    assert len(failures(answers)) == 3
    assert Signature.objects.filter(party__agreement=contract).count() == 3
    assert (made.again(contract).state, verbs_of(contract)["take_force"]) == ("in_force", 1)


def test_a_certificate_of_one_practice_issued_by_two_at_once_is_one():
    cast = build()
    placement = makers.active(cast)
    Placement.objects.update(
        state=PlacementState.ASSESSED, mark=91, starts=date(2026, 6, 15), ends=date(2026, 7, 31)
    )
    placement = makers.placement_again(placement)
    people = [cast.user("hr"), colleague_of(cast, 1)] * 2
    answers = all_at_once(
        [lambda who=who: certificates.issue(placement, kind=KEY, actor=who) for who in people]
    )
    assert failures(answers) == []
    assert ({answer.pk for answer in answers}, Certificate.objects.count()) == ({answers[0].pk}, 1)
    assert verbs_of(answers[0])["issue"] == 1
