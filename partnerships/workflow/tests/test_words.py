"""What was done is told in words wherever it is shown, not by its key."""

import re
from pathlib import Path

from django.conf import settings

from partnerships.workflow.engine import Workflow
from partnerships.workflow.words import SAID, told

RECORDED = re.compile(r'(?<![\w.])record\(\s*[\w.\[\]]+,\s*"(\w+)"')


def test_every_verb_that_is_recorded_has_words() -> None:
    base = Path(settings.BASE_DIR)
    sources = [path for top in ("partnerships", *settings.DIRECTIONS) for path in (base / top).rglob("*.py")]
    recorded = {
        (verb, path.relative_to(base).as_posix())
        for path in sources
        if "tests" not in path.parts
        for verb in RECORDED.findall(path.read_text())
    }
    known = {*SAID, *(verb for words in told().values() for verb in words)}
    known |= {verb for workflow in Workflow.registry for verb in workflow.transitions}
    assert len(recorded) > 50
    assert sorted(one for one in recorded if one[0] not in known) == []
