"""The page that a manager reads says what the tables say."""

import pytest
from django.conf import settings
from django.utils.translation import override

from partnerships.workflow.drawing import all_workflows, page


def test_the_drawn_page_is_as_new_as_the_tables():
    drawn = (settings.BASE_DIR / "docs" / "workflows.md").read_text(encoding="utf-8")
    assert drawn == page(), "run: manage.py draw_workflows"


def test_every_workflow_is_drawn_with_every_verb():
    text = page()
    for workflow in all_workflows():
        assert [name for name in workflow.transitions if f"| {name} (" not in text] == []


@pytest.mark.parametrize("language", ["az", "en"])
def test_every_verb_is_told_as_done_in_the_history(language):
    with override(language):
        untold = [
            f"{workflow.name}.{verb}"
            for workflow in all_workflows()
            for verb, told in workflow.told.items()
            if not str(told).strip()
        ]
    assert untold == [], "Transition(…, told=_(…)): what the history says, not what the button says"


def test_no_workflow_has_a_dead_end():
    for workflow in all_workflows():
        way_out = set().union(*(t.sources for t in workflow.transitions.values() if t.sources != {t.target}))
        assert set(workflow.states.values) - way_out - workflow.terminal == set(), workflow.name
