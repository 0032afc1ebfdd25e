"""What `load_reference` loads for this app."""

from partnerships.agreements.actions import load_templates


def load() -> str:
    """The first version of every agreement text; answers with a line for the console."""
    return f"agreement texts: created {load_templates()}"
