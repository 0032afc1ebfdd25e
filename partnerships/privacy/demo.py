"""Personal data in the demonstration: somebody has asked to be erased, and a night's work has been done."""

from typing import Any

from partnerships.privacy import actions


def build(demo: Any) -> None:
    actions.ask_for_erasure(demo.people["lecturer"], actor=demo.user("lecturer"))
    actions.keep_to_the_rules()
