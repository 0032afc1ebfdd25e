"""Questions of a call: what is an answer, what is asked at all, how they are written and kept."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import override

from partnerships.calls import actions, checking, counting, eligibility, sheets
from partnerships.calls.enums import LimitUnit, QuestionKind
from partnerships.calls.forms import QuestionForm, given
from partnerships.calls.models import Call, Question
from partnerships.calls.tests.vectors import VECTORS
from partnerships.common.refusals import Blocked, StaleState

YES_NO = [{"key": "yes", "az": "Bəli", "en": "Yes"}, {"key": "no", "az": "Xeyr", "en": ""}]


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def question(kind, pk=1, **values):
    return Question(pk=pk, kind=kind, label_az="Sual", label_en="Question", **values)


@pytest.mark.parametrize(("text", "characters", "words"), VECTORS)
def test_characters_and_words_are_counted_as_documented(text, characters, words):
    assert (counting.characters(text), counting.words(text)) == (characters, words)


LONG = question("long", limit_unit=LimitUnit.WORDS, shortest=2, longest=3)
NUMBER = question("number", minimum=Decimal(1), maximum=Decimal("10.5"))
DATE = question("date", earliest=date(2025, 6, 1), latest=date(2025, 6, 30))
NOT_OFFERED = "One of these answers is not offered, or no longer: choose again."
YEAR = "The year %s cannot be meant: write it in full, between 1900 and 2199."
SEVERAL = question("several", choices=[{"key": k, "az": k, "en": ""} for k in "abc"], longest=2)


@pytest.mark.parametrize(
    ("asked", "value", "words"),
    [
        (LONG, "iki söz", ""),
        (LONG, "bir", "Words: 1; at least 2 are asked for."),
        (LONG, "bir iki üç dörd", "Words: 4; at most 3 are allowed."),
        (question("text", longest=3), "👍əl", ""),
        (question("text", longest=3), "👍əla", "Characters: 4; at most 3 are allowed."),
        (NUMBER, "7,5", ""),
        (NUMBER, "10.50", ""),
        (NUMBER, "0", "At least 1."),
        (NUMBER, "10,51", "At most 10.5."),
        (NUMBER, "yeddi", "Write a number, such as 12 or 7,5."),
        (NUMBER, "NaN", "Write a number, such as 12 or 7,5."),
        (NUMBER, "1e9999", "Write a number, such as 12 or 7,5."),
        (DATE, "2025-06-30", ""),
        (DATE, "31.02.2025", "Write a day, such as 31.12.2027."),
        (DATE, "2025-07-01", "Not after 30 June 2025."),
        (question("date"), "9999-12-31", YEAR % 9999),
        (question("date"), "0026-12-31", YEAR % 26),
        (SEVERAL, ["a", "b"], ""),
        (SEVERAL, ["a", "b", "c"], "Choose at most 2."),
        (question("choice", choices=YES_NO), "perhaps", NOT_OFFERED),
    ],
)
def test_what_is_an_answer_and_why_not(asked, value, words):
    assert checking.problem(asked, value) == words


@pytest.mark.parametrize(
    ("asked", "sent", "kept"),
    [
        (question("long"), ["iki\r\nsətir "], "iki\nsətir "),
        (question("date"), [" 31.12.2027 "], "2027-12-31"),
        (question("date"), ["sabah"], "sabah"),
        (question("number"), ["12 ədəd"], "12 ədəd"),
        (SEVERAL, ["c", "a", "c", ""], ["a", "c"]),
        (question("choice", choices=YES_NO), ["yes"], "yes"),
        (question("text"), [], ""),
    ],
)
def test_half_an_answer_is_kept_as_it_was_typed(asked, sent, kept):
    assert checking.typed(asked, sent) == kept


@pytest.mark.parametrize(
    ("asked", "sent", "code"),
    [
        (question("long"), ["x" * 200_000], "long"),
        (question("text"), ["a\x00b"], "signs"),
        (question("text"), ["\ud800"], "signs"),
        (question("text"), [{"a": 1}], "not_text"),
        (question("choice", choices=YES_NO), ["perhaps"], "not_offered"),
        (SEVERAL, ["a", "z"], "not_offered"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_words(asked, sent, code):
    with pytest.raises(ValidationError) as refused:
        checking.typed(asked, sent)
    assert refused.value.code == code


CHAIN = [
    question("choice", 1, choices=YES_NO),
    question("several", 2, choices=YES_NO, shown_if_id=1, shown_values=["yes"], required=True),
    question("text", 3, shown_if_id=2, shown_values=["no"], required=True),
]


@pytest.mark.parametrize(
    ("values", "asked", "open_ones"),
    [
        ({}, {1}, set()),
        ({1: "yes"}, {1, 2}, {2}),
        ({1: "yes", 2: ["no"]}, {1, 2, 3}, {3}),
        ({1: "yes", 2: ["no"], 3: "  "}, {1, 2, 3}, {3}),
        ({1: "yes", 2: ["no"], 3: "söz"}, {1, 2, 3}, set()),
        # What was answered before the student changed their mind neither counts nor asks further.
        ({1: "no", 2: ["no"], 3: "söz"}, {1}, set()),
    ],
)
def test_what_is_not_asked_is_neither_required_nor_read(values, asked, open_ones):
    assert checking.shown(CHAIN, values) == asked
    assert set(checking.problems(CHAIN, values)) == open_ones


def test_a_circle_that_got_into_the_data_asks_nothing_and_ends():
    pair = [question("choice", 1, shown_if_id=2, shown_values=["yes"]), question("choice", 2, shown_if_id=1)]
    assert checking.shown(pair, {1: "yes", 2: "yes"}) == set()


# Written by the company ------------------------------------------------------------------------------


@pytest.fixture
def call(db):
    return Call.objects.create(title="Yay 2027")


def add(call, label, kind="text", **values):
    call.forget_chain()
    made = actions.save_question(call, actor=None, kind=kind, label_az=label, **values)
    call.forget_chain()
    return made


def order(call):
    call.forget_chain()
    return [row.label_az for row in call.asked]


def test_questions_stand_in_the_order_of_adding_and_are_moved_and_taken_out(call):
    first, _second, third = (add(call, label) for label in ("bir", "iki", "üç"))
    actions.move_question(call, third, True, actor=None)
    actions.move_question(call, first, True, actor=None)
    assert order(call) == ["bir", "üç", "iki"]
    actions.remove_question(call, first, actor=None)
    assert order(call) == ["üç", "iki"]
    assert Call.objects.get().question_count == 2


def test_what_decides_stands_before_and_is_not_taken_out_nor_its_answer(call):
    first = add(call, "bir", "choice", choices=YES_NO)
    second = add(call, "iki", shown_if=first, shown_values=["yes"])
    with pytest.raises(Blocked) as refused:
        actions.move_question(call, second, True, actor=None)
    assert refused.value.refusal.code == "order"
    with pytest.raises(Blocked):
        actions.remove_question(call, first, actor=None)
    other = [YES_NO[1], {"key": "x", "az": "Bəlkə", "en": ""}]
    with pytest.raises(ValidationError):
        actions.save_question(call, actor=None, question=first, choices=other)
    with pytest.raises(Blocked):
        actions.save_question(call, actor=None, question=first, kind="text", choices=[])
    assert order(call) == ["bir", "iki"]


def test_a_question_with_quotation_marks_is_quoted_once_where_others_speak_of_it(call):
    first = add(call, "“Gecə” növbəsi olar?", "choice", choices=YES_NO)
    add(call, "iki", shown_if=first, shown_values=["yes"])
    asked = sheets.sheet(call.asked)[1]
    assert asked.condition == "Only where the answer to “‘Gecə’ növbəsi olar?” is: Yes"
    assert [str(fact.label) for fact in eligibility.of_answers(call).values()] == [
        "Answer to “‘Gecə’ növbəsi olar?”"
    ]


@pytest.mark.parametrize("which", ["itself", "later", "another call", "text"])
def test_a_condition_that_looks_forward_or_elsewhere_is_refused(call, which):
    first = add(call, "bir", "choice", choices=YES_NO)
    later = add(call, "iki", "choice", choices=YES_NO)
    other = add(Call.objects.create(title="başqa"), "o", "choice", choices=YES_NO)
    text = add(call, "mətn")
    asked = add(call, "son", "choice", choices=YES_NO) if which == "text" else first
    before = {"itself": first, "later": later, "another call": other, "text": text}[which]
    with pytest.raises(ValidationError):
        actions.save_question(call, actor=None, question=asked, shown_if=before, shown_values=["yes"])


def test_once_answers_were_sent_only_english_words_and_hints_change(call):
    asked = add(call, "bir", required=True)
    actions.save_question(
        call, actor=None, question=asked, frozen=lambda: True, label_en="One", help_az="Qısa"
    )
    for attempt in (
        lambda: actions.save_question(call, actor=None, question=asked, frozen=lambda: True, label_az="iki"),
        lambda: actions.save_question(call, actor=None, frozen=lambda: True, kind="text", label_az="yeni"),
        lambda: actions.move_question(call, asked, True, actor=None, frozen=lambda: True),
        lambda: actions.remove_question(call, asked, actor=None, frozen=lambda: True),
    ):
        with pytest.raises(Blocked) as refused:
            attempt()
        assert refused.value.refusal.code == "answered"
    kept = Question.objects.get()
    assert (kept.label_az, kept.label_en, kept.help_az) == ("bir", "One", "Qısa")


def test_the_second_of_two_editors_is_told(call):
    asked = add(call, "bir")
    actions.save_question(call, actor=None, question=asked, version=1, label_az="iki")
    with pytest.raises(StaleState):
        actions.save_question(call, actor=None, question=asked, version=1, label_az="üç")


def test_a_mended_answer_keeps_its_key_and_a_new_one_gets_its_own(call):
    asked = add(call, "bir", "choice", choices=YES_NO)
    sent = {"kind": "choice", "label_az": "bir", "version": "1", "limit_unit": "characters"}
    form = QuestionForm(
        {**sent, "options_az": "Hə\nXeyr", "options_en": "Yes\nNo"}, instance=asked, call=call
    )
    assert form.is_valid(), form.errors
    assert form.values()["choices"] == [
        {"key": "yes", "az": "Hə", "en": "Yes"},
        {"key": "no", "az": "Xeyr", "en": "No"},
    ]
    form = QuestionForm({**sent, "options_az": "Xeyr\nBəlkə\nBəli"}, instance=asked, call=call)
    assert form.is_valid(), form.errors
    keys = [choice["key"] for choice in form.values()["choices"]]
    assert (keys[0], keys[2], len(set(keys))) == ("no", "yes", 3)


def test_a_copy_keeps_order_and_conditions_with_its_days_a_year_on(call):
    first = add(call, "bir", "choice", choices=YES_NO)
    add(call, "iki", "date", earliest=date(2027, 6, 1), shown_if=first, shown_values=["yes"])
    target = Call.objects.create(title="2028")
    actions.copy_questions(call, target, shift=lambda day: day.replace(year=day.year + 1), actor=None)
    one, two = target.asked
    assert (one.pk != first.pk, two.shown_if, two.earliest) == (True, one, date(2028, 6, 1))
    assert order(call) == ["bir", "iki"]


def test_a_form_that_does_not_show_a_question_leaves_its_answer_alone():
    rows = [SEVERAL, question("text", 2)]
    assert given(rows, QueryDict("q-1=a&q-2=söz")).values == {}
    assert given(rows, QueryDict("asked=q-1&asked=q-2&q-2=söz")).values == {1: [], 2: "söz"}


def test_a_sheet_marks_half_answers_and_reads_in_the_pages_language():
    rows = sheets.sheet([NUMBER], given={1: "yeddi"})
    assert (rows[0].problem, rows[0].limits) == ("Write a number, such as 12 or 7,5.", "From 1 to 10.5")
    assert sheets.sheet([NUMBER])[0].problem == ""
    choice = question("choice", choices=YES_NO)
    assert [(o.label, o.lang) for o in sheets.sheet([choice])[0].options] == [("Yes", ""), ("Xeyr", "az")]
    assert sheets.in_words(choice, "no") == "Xeyr"
    assert {kind.value for kind in QuestionKind} == {
        "text", "long", "number", "date", "choice", "several", "file",
    }  # fmt: skip
