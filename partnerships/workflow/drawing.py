"""The transition tables as a page for managers: a diagram and a table for each workflow."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils import translation

from partnerships.workflow.engine import Transition, Workflow

HEAD = """# Workflows

Drawn from the transition tables in code by `manage.py draw_workflows`; a test fails when this page is older
than the tables. A verb is offered to whoever its predicate allows, and blocked with a reason while one of
its conditions does not hold. "Needs" names what has to be given with it.
"""


def all_workflows() -> list[Workflow]:
    """Every workflow of the portal, by name; imports the apps' tables so that none is missed."""
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.workflow"):
            import_module(f"{config.name}.workflow")
    return sorted(Workflow.registry, key=lambda workflow: workflow.name)


_PLAIN = str.maketrans({"(": "", ")": "", "|": "or", "&": "and", "~": "not "})


def _words(name: str) -> str:
    return name.strip("_").replace("_", " ")


def _predicate(transition: Transition) -> str:
    """The name of a rules predicate reads as a sentence: (is_applicant & endorsement_required)."""
    name = getattr(transition.allowed, "name", None) or getattr(transition.allowed, "__name__", "?")
    return _words(str(name)).translate(_PLAIN)


def _condition(condition: object) -> str:
    name = getattr(condition, "__name__", "condition")
    return "deadline open" if name == "condition" else _words(name)


def draw(workflow: Workflow) -> str:
    """One workflow as Markdown: a mermaid state diagram and the table behind it."""
    lines = [
        f"## {workflow.name.capitalize()}",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {workflow.initial}",
    ]
    lines += [f"    {state.value}: {state.label}" for state in workflow.states]
    for t in workflow.transitions.values():
        lines += [f"    {source} --> {t.target}: {t.name}" for source in sorted(t.sources)]
    lines += [f"    {state} --> [*]" for state in sorted(workflow.terminal)]
    lines += ["```", "", "| verb | from | to | who | conditions | needs |", "|---|---|---|---|---|---|"]
    for t in (*([workflow.begins] if workflow.begins else []), *workflow.transitions.values()):
        cells = [
            f"{t.name} ({t.label})",
            ", ".join(sorted(t.sources)) or "—",
            t.target,
            _predicate(t),
            ", ".join(_condition(condition) for condition in t.conditions) or "—",
            ", ".join(t.needs) or "—",
        ]
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    with translation.override("en"):
        return HEAD + "\n" + "\n".join(draw(workflow) for workflow in all_workflows())
