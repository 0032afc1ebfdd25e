"""What the page of a verb asks and which button is the primary one, drawn from the table."""

from typing import Any

from partnerships.common.lists import ListPage
from partnerships.common.pages import NewPage, choose_from, form_for
from partnerships.common.refusals import Refusal
from partnerships.directory.models import Organization, Person
from partnerships.ideas.models import Idea
from partnerships.ideas.workflow import IDEA
from partnerships.testing.cast import Cast
from partnerships.workflow.engine import Available
from partnerships.workflow.pages import Act, RecordPage, addresses, buttons, form_of

SAMPLE = Act(run=lambda: None)


def asked(verb, act=SAMPLE):
    return {name: field.required for name, field in form_of(IDEA, verb, Idea, act).base_fields.items()}


def test_a_verb_asks_what_the_table_says_it_needs():
    assert asked("drop") == {"note": True}
    assert asked("step") == {"next_step": True, "next_on": True}


def test_a_text_may_go_along_and_what_the_action_fills_in_is_not_asked():
    assert asked("step", Act(SAMPLE.run, note="Note")) == {"next_step": True, "next_on": True, "note": False}
    assert asked("become", Act(SAMPLE.run, asks=())) == {}


def offered(name, refusal=None):
    return Available(IDEA[name], refusal)


def drawn(found, **first):
    return [
        (one.name, one.css, one.why)
        for one in buttons(found, {"step", "become", "drop"}, lambda name: f"/{name}/", **first)
    ]


def test_the_primary_verb_stands_first_and_what_ends_something_last():
    found = [offered("drop"), offered("step"), offered("become"), offered("reopen")]
    assert drawn(found) == [
        ("step", "btn-primary", ""),
        ("become", "btn-quiet", ""),
        ("drop", "btn-danger-quiet", ""),
    ]
    assert drawn(found, first=("become",))[0] == ("become", "btn-primary", "")


def test_a_blocked_verb_says_why_and_is_never_the_primary_one():
    blocked = offered("step", Refusal("Too early.", code="early"))
    assert drawn([blocked, offered("become")]) == [
        ("become", "btn-primary", ""),
        ("step", "btn-quiet", "Too early."),
    ]


def test_the_only_one_to_choose_is_chosen_already(cast: Cast):
    def chosen(*fields: str, among: Any, typed: Any = None) -> dict[str, Any]:
        form = form_for(Idea, *fields)(typed)
        for name in fields:
            choose_from(form, name, among)
            assert list(form.fields[name].queryset) == list(among)
        return dict(form.initial)

    one = Person.objects.filter(pk=cast.hr.pk)
    assert chosen("owner", among=one) == {"owner": cast.hr.pk}
    assert chosen("partner", among=Organization.objects.filter(pk=cast.aztu.pk)) == {}  # may stay empty
    assert chosen("owner", among=Person.objects.filter(pk__in=[cast.hr.pk, cast.hr2.pk])) == {}
    assert chosen("owner", among=Person.objects.none()) == {}
    assert chosen("owner", among=one, typed={}) == {}


def test_ready_pages_have_their_addresses_and_what_is_new_is_no_verb_of_a_record():
    page = RecordPage(rows=Idea.objects.all, workflow=IDEA, acts={})
    many = ListPage(title="Ideas", rows=Idea.objects.visible_to, columns=(), counted=str, empty=("", ""))
    new = NewPage(model=Idea, fields=("title",), run=SAMPLE.run, heading="New", above=())
    expected = [
        ("ideas/", "ideas"),
        ("ideas/new/", "idea_new"),
        ("ideas/<uuid:uid>/", "idea"),
        ("ideas/<uuid:uid>/<slug:verb>/", "idea_act"),
    ]
    made = addresses("idea", "ideas", many, page, new)
    assert [(str(one.pattern), one.name) for one in made] == expected
    bare = addresses("idea", "ideas", many, page)
    assert [one.name for one in bare] == ["ideas", "idea", "idea_act"]
