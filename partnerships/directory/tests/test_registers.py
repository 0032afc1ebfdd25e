"""What a register makes of what it is told, where it is told more than words and names of fields."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import translation

from partnerships.bookings.models import Booking
from partnerships.common import listing
from partnerships.common.clock import today
from partnerships.common.letters import Letter, ReminderRule, in_words
from partnerships.common.lists import Pill
from partnerships.common.piles import told
from partnerships.directory.enums import Role
from partnerships.directory.registers import Register, Waits, column_of, with_english
from partnerships.directory.reports import holders
from partnerships.directory.rights import holds
from partnerships.ideas import actions
from partnerships.ideas.enums import IdeaState
from partnerships.ideas.models import Idea
from partnerships.testing.cast import Cast
from partnerships.workflow.engine import Transition, Workflow
from partnerships.workflow.models import BilingualRecord, Change

LATE = Pill("late", "Late", lambda rows, _user: rows.filter(next_on__lt=today()))
WAITS = {"drop": Waits("Late: %(title)s", when=lambda: Q(next_on__lt=today())), "keep": "Keep: %(title)s"}


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    keeps, opened = holds("home", Role.HR), IdeaState.OPEN
    with monkeypatch.context() as beside:  # the portal's own tables, registers and lists stay as they are
        beside.setattr(Workflow, "registry", [])
        beside.setattr(Register, "registry", [])
        beside.setattr(listing, "_listings", {})
        Workflow(
            "sample",
            IdeaState,
            Transition("drop", {opened}, IdeaState.DROPPED, keeps, "Drop", told="Was dropped"),
            Transition("keep", {opened}, opened, keeps, "Keep", told="Was kept"),
            Transition("share", {opened}, opened, keeps, "Share", told="Was shared"),
            initial=opened,
        )
        return Register(
            model=Idea,
            title="Ideas",
            shown=bool,
            counted=str,
            search="Search",
            empty=("", ""),
            columns=("title", "partner", "owner", "next_on"),
            under="next_step",
            waits=WAITS,
            more={"pills": (LATE,)},
            page={"template": "sample.html"},
        )


@pytest.fixture
def idea(cast: Cast) -> Idea:
    values: dict[str, Any] = {"title": "Birgə laboratoriya", "next_step": "Görüş", "owner": cast.partnerships}
    return actions.note(
        actor=cast.user("hr"), partner=cast.aztu, next_on=today() + timedelta(days=9), **values
    )


def test_what_could_be_done_long_before_waits_from_when_it_has_to_be(
    register: Register, idea: Idea, cast: Cast, time_machine: Any
):
    def waiting(name: str) -> list[str]:
        return sorted(str(line.title) for line in told(register.piles(cast.user(name))))

    def moves() -> list[str]:
        return [verb for verb in ("keep", "drop") if register.record_page.moves(idea, verb)]

    assert (waiting("hr"), moves()) == (["Keep: Birgə laboratoriya"], ["keep"])
    time_machine.move_to(idea.next_on + timedelta(days=1))
    assert moves() == ["keep", "drop"]
    assert waiting("hr") == ["Keep: Birgə laboratoriya", "Late: Birgə laboratoriya"]
    assert waiting("hr2") == []


def test_pills_of_its_own_stand_before_those_of_the_states(register: Register):
    assert [one.key for one in register.list_page.pills] == ["late", *IdeaState.values]


def test_what_stands_below_the_first_column_has_one_of_its_own_in_the_table(register: Register, idea: Idea):
    second = register.list_page.drawing()[1]
    assert (second.label, second.only) == (column_of(Idea, "next_step").label, "table")
    assert second.value(idea) == "Görüş"


def test_after_a_verb_the_page_says_what_the_history_says(register: Register):
    assert {name: one.done for name, one in register.acts.items()} == {
        "drop": "Was dropped",
        "keep": "Was kept",
        "share": "Was shared",
    }


def test_what_may_be_done_and_waits_for_nobody_is_nobodys_move(register: Register, idea: Idea):
    assert [register.record_page.moves(idea, verb) for verb in ("keep", "share")] == [True, False]


def test_programs_read_the_columns_with_organisations_by_slug_and_without_people(
    register: Register, idea: Idea, cast: Cast
):
    row = register.resource.serializer_class(idea, context={"view": None})
    assert set(row.fields) == {"uid", "version", "state", "title", "partner", "next_on", "actions"}
    assert row.fields["partner"].to_representation(idea.partner) == cast.aztu.slug


def test_who_holds_a_role_at_what_a_record_names_is_told_and_reminded(cast: Cast, idea: Idea):
    words: Any = ("Subject", "Body", "Label")
    audience = holders("partner", Role.COORDINATOR, Role.LEADERSHIP)
    letter = Letter("sample.dropped", "ideas.Idea", ("drop",), audience, *words)
    rule = ReminderRule("sample.late", "ideas.Idea", "next_on", ("open",), (timedelta(0),), audience, *words)
    expected = {cast.coordinator, cast.rector}
    assert set(letter.audience(Change(), idea)) == expected
    assert set(rule.audience(idea, timedelta(0))) == expected
    idea.partner = None
    assert list(letter.audience(Change(), idea)) == []


def test_its_record_stands_in_a_template_of_its_own_where_it_says_so(register: Register):
    page = register.record_page
    assert (page.template, page.above) == ("sample.html", register.above)


@pytest.mark.parametrize(("language", "english", "read"), [
    ("az", "Interview", "Müsahibə"), ("en", "Interview", "Interview"), ("en", "", "Müsahibə"),
])  # fmt: skip
def test_what_is_called_in_two_languages_is_read_in_that_of_the_reader(
    language: str, english: str, read: str
):
    row = Booking(title="Müsahibə", title_en=english)
    with translation.override(language):
        assert column_of(Booking, "title").value(row) == in_words(row, "title") == read
        assert BilingualRecord.__str__(row) == read  # type: ignore[arg-type]


def test_programs_and_copies_have_the_english_beside_what_it_translates():
    assert with_english(Booking, ["title", "starts"]) == ["title", "title_en", "starts"]
    assert with_english(Booking, ["title", "title_en"]) == ["title", "title_en"]
