"""What `load_reference` loads for this app."""

from partnerships.agreements.actions import load_templates, load_types


def load() -> str:
    """The first version of every text, the first type with each; answers with a line for the console."""
    return f"agreement texts: created {load_templates()}, types: created {load_types()}"
