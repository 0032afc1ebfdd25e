"""What tests of belonging somewhere share."""

from typing import Any

from partnerships.directory import actions
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast

STUDY = {"year": 3, "gpa": 80}


def ask(cast: Cast, role: str = Role.STUDENT, where: Any = None) -> Affiliation:
    study = {**STUDY, "specialty": make.specialty()} if role == Role.STUDENT else None
    return actions.request_affiliation(
        cast.stranger, where or cast.aztu, actor=cast.user("stranger"), role=role, study=study
    )
