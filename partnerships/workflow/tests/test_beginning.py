"""A table says who begins a row, and what its verbs write by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from partnerships.common.api import answer_exception
from partnerships.common.clock import today
from partnerships.common.letters import Letter, in_words
from partnerships.common.pages import attempt, form_for
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization, Person
from partnerships.directory.rights import holds, own
from partnerships.ideas.enums import IdeaState
from partnerships.ideas.models import Idea
from partnerships.testing.cast import Cast
from partnerships.workflow.api import verbs_of
from partnerships.workflow.drawing import all_workflows
from partnerships.workflow.engine import Transition, Workflow, doer
from partnerships.workflow.models import Change
from partnerships.workflow.pages import Act, verb_page
from partnerships.workflow.timeline import entry_of


def titled(idea: Any, _actor: Any) -> Refusal | None:
    return None if idea.title else Refusal("Without a title.", "untitled")


def later(idea: Any, _actor: Any) -> Refusal | None:
    return None if idea.next_on > today() else Refusal("Not today.", "too_soon", field="next_on")


def universities(_user: Any) -> Any:
    return Organization.objects.filter(acronym="AzTU")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Workflow:
    all_workflows()  # a table that is imported first during a test would be lost with the sample
    monkeypatch.setattr(Workflow, "registry", [])
    return Workflow(
        "sample",
        IdeaState,
        Transition(
            "pass_on",
            {IdeaState.OPEN},
            IdeaState.OPEN,
            own("noted_by"),
            "Pass on",
            needs=("partner",),
            among={"partner": universities},
        ),
        Transition(
            "drop",
            {IdeaState.OPEN},
            IdeaState.DROPPED,
            own("noted_by"),
            "Drop",
            sets={"owner_id": doer, "text": ""},
        ),
        begins=Transition(
            "jot",
            set(),
            IdeaState.OPEN,
            holds("home", Role.HR),
            "Jot down",
            told="Jotted down",
            conditions=(titled, later),
            sets={"noted_by_id": doer, "text": "…"},
        ),
        initial=IdeaState.OPEN,
    )


def test_a_row_begins_as_the_table_says_and_its_history_with_it(table: Workflow, cast: Cast):
    def row(title: str = "Birgə laboratoriya") -> Idea:
        mine = {"home": cast.azerisiq, "owner": cast.partnerships}
        return Idea(title=title, next_step="Görüş", next_on=today() + timedelta(days=1), **mine)

    with pytest.raises(Refused):
        table.begin(row(), actor=cast.user("hr2"))
    with pytest.raises(Blocked):
        table.begin(row(""), actor=cast.user("hr"))
    assert not Idea.objects.exists()
    idea = table.begin(row(), actor=cast.user("hr"))
    change = Change.objects.of(idea).get()
    assert (idea.noted_by, idea.text, change.verb, change.to_state) == (cast.hr, "…", "jot", "open")
    assert entry_of(change, {}, table).label == "Jotted down"
    table.apply(idea, "drop", actor=cast.user("hr"))
    idea.refresh_from_db()
    assert (idea.state, idea.owner, idea.text) == ("dropped", cast.hr, "")
    assert table.apply_many(Idea.objects.none(), "drop", actor=cast.user("hr")).done == []


def test_what_was_typed_wrong_as_a_row_begins_is_said_at_its_field(table: Workflow, cast: Cast):
    form = form_for(Idea, "title", "next_on")({"title": "Birgə laboratoriya", "next_on": today().isoformat()})
    assert form.is_valid()

    def begin(**typed: Any) -> Idea:
        return table.begin(Idea(home=cast.azerisiq, **typed), actor=cast.user("hr"))

    assert attempt(form, begin) is None
    assert form.errors == {"next_on": ["Not today."]}
    with pytest.raises(Blocked) as refused:
        begin(**form.cleaned_data, next_on=today())
    answer = answer_exception(refused.value, {})
    assert answer is not None
    assert (answer.status_code, answer.data["code"], answer.data["field"]) == (409, "too_soon", "next_on")


def test_a_letter_says_the_fields_that_its_words_name_and_goes_to_whom_they_name(cast: Cast):
    idea = Idea(title="Birgə laboratoriya", next_on=today(), noted_by=cast.hr)
    words = "%(title)s: %(noted_by)s", "%(state)s %(partner)s"
    letter = Letter("x", "ideas.Idea", ("note",), ("noted_by",), *words, "")
    assert letter.audience(None, idea) == [cast.hr]
    assert letter.context(None, idea) == {
        "title": "Birgə laboratoriya",
        "noted_by": "Leyla Rəhimova",
        "state": str(IdeaState.OPEN.label),
        "partner": "—",
    }
    assert in_words(idea, "next_on") != str(idea.next_on)


def test_what_a_verb_asks_for_is_one_of_the_rows_that_the_table_offers(table: Workflow, cast: Cast, rf: Any):
    idea = table.begin(
        Idea(
            title="Birgə laboratoriya", next_on=today() + timedelta(days=1), home=cast.azerisiq, owner=cast.hr
        ),
        actor=cast.user("hr"),
    )
    acts = {"pass_on": Act(table.action("pass_on"))}
    request = rf.get("/")
    request.user = cast.user("hr")
    page = verb_page(request, idea, "pass_on", table, acts).content.decode()
    assert (cast.aztu.name in page, cast.adnsu.name in page) == (True, False)
    with pytest.raises(Blocked) as refused:
        table.apply(idea, "pass_on", actor=cast.user("hr"), partner=cast.adnsu)
    assert (refused.value.field, refused.value.refusal.code) == ("partner", "not_among")
    table.apply(idea, "pass_on", actor=cast.user("hr"), partner=cast.aztu)
    idea.refresh_from_db()
    assert idea.partner == cast.aztu


def test_programs_send_what_has_a_slug_by_its_slug(table: Workflow, cast: Cast):
    body, _run = verbs_of(table, Idea, {"pass_on": table.action("pass_on")})["pass_on"]
    sent = body(data={"partner": cast.aztu.slug})
    sent.is_valid(raise_exception=True)
    assert sent.validated_data == {"partner": cast.aztu}
    assert not body(data={"partner": "nobody"}).is_valid()


def test_programs_are_not_told_which_keys_there_are_beside_those_offered(
    table: Workflow, cast: Cast, rf: RequestFactory
):
    taken = Transition(
        "hand_over",
        {IdeaState.OPEN},
        IdeaState.OPEN,
        own("noted_by"),
        "Hand over",
        needs=("owner",),
        among={"owner": lambda user: Person.objects.filter(user=user)},
    )
    table.transitions["hand_over"] = taken
    body, _run = verbs_of(table, Idea, {"hand_over": table.action("hand_over")})["hand_over"]
    request = rf.post("/")
    request.user = cast.user("hr")

    def sent(key: int) -> Any:
        said = body(data={"owner": key}, context={"request": request})
        return said.validated_data["owner"] if said.is_valid() else said.errors["owner"][0].code

    nobody = 10**6
    answers = [sent(key) for key in (cast.hr.pk, cast.mentor.pk, nobody)]
    assert answers == [cast.hr, "does_not_exist", "does_not_exist"]
