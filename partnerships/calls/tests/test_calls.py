"""Deadlines stand in their order, last to the last second in Baku, and only move later with a reason."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from partnerships.calls import actions
from partnerships.calls.models import Call, Deadline, Step, chain_beside
from partnerships.common.clock import end_of_day

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 31)


@pytest.fixture
def call():
    made = Call.objects.create(title="Yay 2027")
    moments = {Step.APPLY: end_of_day(DAY), Step.DECIDE: end_of_day(DAY + timedelta(days=10))}
    return actions.set_deadlines(made, moments, actor=None)


def test_a_chain_out_of_order_is_refused_at_its_step_and_nothing_is_written(call):
    with pytest.raises(ValidationError) as refused:
        actions.set_deadlines(call, {"apply": end_of_day(DAY), "endorse": end_of_day(DAY)}, actor=None)
    assert list(refused.value.message_dict) == ["endorse"]
    assert list(Call.objects.get().chain) == ["apply", "decide"]


def test_a_step_left_empty_is_taken_out(call):
    actions.set_deadlines(call, {"apply": end_of_day(DAY), "decide": None, "start": None}, actor=None)
    assert list(Deadline.objects.values_list("step", flat=True)) == ["apply"]


def test_a_chain_that_is_read_with_a_row_is_the_one_that_the_call_reads(call, django_assert_num_queries):
    read = Call.objects.annotate(**chain_beside("pk")).get()
    with django_assert_num_queries(0):
        read.take_chain(read)
        found = list(read.chain.items())
    assert found == list(Call.objects.get().chain.items())
    actions.set_deadlines(read, {Step.APPLY: end_of_day(DAY)}, actor=None)
    assert list(read.chain) == ["apply"]


def test_the_day_lasts_to_its_last_second_in_baku(call, time_machine):
    closed = actions.deadline_open(Step.APPLY, "call")
    subject = SimpleNamespace(call=call)
    time_machine.move_to("2027-03-31T23:59:59+04:00", tick=False)
    assert (call.is_open(), closed(subject, None)) == (True, None)
    time_machine.move_to("2027-04-01T00:00:00+04:00", tick=False)
    assert (call.is_open(), closed(subject, None).code) == (False, "deadline_passed")


def test_a_call_is_not_open_before_its_opening_and_a_step_without_a_moment_never_passes(call, time_machine):
    actions.set_deadlines(call, {"open": end_of_day(date(2027, 2, 1)), "apply": end_of_day(DAY)}, actor=None)
    time_machine.move_to("2027-01-15T12:00:00+04:00", tick=False)
    assert (call.is_open(), call.passed(Step.START)) == (False, False)
    time_machine.move_to("2027-02-15T12:00:00+04:00", tick=False)
    assert call.is_open()
