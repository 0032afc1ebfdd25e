"""Several at once, each on a connection of their own, on both engines."""

import pytest
from celery import current_app

from partnerships.agreements import actions
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.models import Agreement, Signature
from partnerships.agreements.tests import makers
from partnerships.common.clock import today
from partnerships.common.refusals import WorkflowError
from partnerships.testing.cast import build
from partnerships.testing.races import all_at_once
from partnerships.workflow.models import Change

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def telling_is_left_to_the_worker():
    """What people are told is another race; here it stays in the queue."""
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


def sign(cast, agreement, who):
    user = cast.user(who)
    read = makers.again(agreement).text.sha256
    typed = {"text_hash": read, "legal_name": makers.NAMES[who], "position": "Səlahiyyətli şəxs"}
    return lambda: actions.sign(agreement, actor=user, **typed)


def failures(answers):
    return [answer for answer in answers if isinstance(answer, Exception)]


def test_eight_presses_at_once_sign_once():
    cast = build()
    agreement = makers.sent(cast)
    answers = all_at_once([sign(cast, agreement, "coordinator") for _press in range(8)])
    refused = failures(answers)
    assert (Signature.objects.count(), len(refused)) == (1, 7)
    assert {error.refusal.code for error in refused} == {"already_signed"}
    assert Change.objects.of(agreement).filter(verb="sign").count() == 1


def test_coordinator_and_rector_at_once_sign_once_for_their_university():
    cast = build()
    agreement = makers.sent(cast)
    answers = all_at_once([sign(cast, agreement, "coordinator"), sign(cast, agreement, "rector")])
    assert (Signature.objects.count(), len(failures(answers))) == (1, 1)
    assert makers.again(agreement).awaiting.role == "company"


def test_both_sides_at_once_keep_the_order_whoever_is_quicker():
    cast = build()
    agreement = makers.sent(cast)
    answers = all_at_once([sign(cast, agreement, "coordinator"), sign(cast, agreement, "hr")])
    after = makers.again(agreement)
    refused = failures(answers)
    if refused:
        assert [error.refusal.code for error in refused] == ["not_your_turn"]
        assert (after.state, Signature.objects.count()) == (A.PARTLY_SIGNED, 1)
    else:
        assert (after.state, Signature.objects.count()) == (A.IN_FORCE, 2)
    first = Signature.objects.order_by("pk").first()
    assert first.party.role == "university"


def test_the_last_signature_pressed_by_two_brings_it_into_force_once():
    cast = build()
    agreement = makers.signed_by(cast, makers.sent(cast), "coordinator")
    answers = all_at_once([sign(cast, agreement, "hr") for _press in range(5)])
    assert (len(failures(answers)), makers.again(agreement).state) == (4, A.IN_FORCE)
    assert Change.objects.of(agreement).filter(verb="take_force").count() == 1


def test_signing_while_it_is_returned_and_sent_anew_never_signs_a_text_that_was_not_read():
    cast = build()
    for _round in range(4):
        agreement = makers.sent(cast)
        read = agreement.text.sha256
        hr = cast.user("hr")

        def change(agreement=agreement, hr=hr):
            back = actions.return_to_draft(agreement, actor=hr, note="Dəyişir")
            back = actions.change_draft(
                back, actor=hr, version=back.version, starts=today(), ends=None, terms_az="Başqa"
            )
            return actions.send(back, actor=hr)

        answers = all_at_once([sign(cast, agreement, "coordinator"), change])
        assert all(isinstance(error, WorkflowError) for error in failures(answers))
        signed = Signature.objects.filter(agreement=agreement)
        assert set(signed.values_list("sha256", flat=True)) <= {read}
        after = makers.again(agreement)
        assert (after.text.number, after.signatures_now, after.awaiting.role) == (2, [], "university")


def test_two_who_send_at_once_freeze_one_text_and_take_one_number():
    cast = build()
    agreement = makers.draft(cast)
    users = [cast.user("hr"), cast.user("partnerships")]
    answers = all_at_once([lambda user=user: actions.send(agreement, actor=user) for user in users])
    after = makers.again(agreement)
    assert (len(failures(answers)), after.texts.count()) == (1, 1)
    assert after.number == f"SAZ-{today().year}-00001"


def test_many_agreements_sent_at_once_leave_no_gap_between_numbers():
    cast = build()
    rows = [makers.draft(cast) for _one in range(6)]
    user = cast.user("hr")
    answers = all_at_once([lambda row=row: actions.send(row, actor=user) for row in rows])
    assert failures(answers) == []
    year = today().year
    numbers = sorted(Agreement.objects.values_list("number", flat=True))
    assert numbers == [f"SAZ-{year}-{n:05d}" for n in range(1, 7)]


def test_amended_and_ended_at_once_never_leaves_an_amendment_of_what_has_ended():
    cast = build()
    old = makers.in_force(cast)
    hr = cast.user("hr")
    new = actions.send(actions.amend(old, actor=hr, endless=True), actor=hr)
    new = makers.signed_by(cast, new, "coordinator")
    all_at_once(
        [
            sign(cast, new, "hr"),
            lambda: actions.terminate(old, actor=cast.user("rector"), note="Bitdi"),
        ]
    )
    states = (makers.again(old).state, makers.again(new).state)
    assert states in {(A.TERMINATED, A.WITHDRAWN), (A.SUPERSEDED, A.IN_FORCE)}
