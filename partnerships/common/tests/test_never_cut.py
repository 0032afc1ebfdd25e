"""What people type is never cut: it is refused in words and kept in the form."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from partnerships.common.text import at_most

# What was cleaned of its blanks, or was given under such a name, cut to a length.
NAMES = "note|comment|motivation|reason|title|text|typed|words"
CUT = re.compile(rf"(?:strip\(.*?\)|clean_line\(.*\)|\b(?:{NAMES})\b)\[: ?(?:\d{{2,}}|[A-Z_]+)\]")
# Looked for, said by a machine, or the name of a file: nothing is lost.
LOOKED_FOR = re.compile(r"\bGET\b|\bparams\b|\berror\b|\bquery\b|\banswer\b|_FORBIDDEN")
ROOMS = {"actions", "forms", "views", "admin", "api"}


def house() -> list[Path]:
    """The folders of the core, the directions and the shared templates."""
    return [Path(settings.BASE_DIR) / name for name in ("partnerships", "templates", *settings.DIRECTIONS)]


def test_at_most_says_how_much_fits_and_how_much_was_written() -> None:
    assert at_most("note", "ə" * 10, 10) == "ə" * 10
    with pytest.raises(ValidationError) as caught:
        at_most("note", "ə" * 11, 10)
    assert caught.value.message_dict == {
        "note": ["Burada ən çoxu 10 simvol saxlanıla bilər, sizin mətniniz 11 simvoldur. Mətni qısaldın."]
    }


def test_no_action_form_or_page_cuts_what_was_typed() -> None:
    found = []
    for path in (path for folder in house() for path in folder.rglob("*.py")):
        rooms = {part.partition("_")[0] for part in (*path.parts, path.stem)}
        if "tests" in path.parts or not rooms & ROOMS:
            continue
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        found += [
            f"{path.name}:{number}: {line.strip()}"
            for number, line in lines
            if CUT.search(line) and not LOOKED_FOR.search(line)
        ]
    assert found == []


def test_no_field_written_by_hand_has_the_browser_cut_what_is_pasted() -> None:
    """A `maxlength` does; `data-count` says how much is too much. Searches are no loss."""
    wrong = [
        f"{path.name}: {tag}"
        for path in (path for folder in house() for path in folder.rglob("*.html"))
        for tag in re.findall(r"<(?:textarea|input)\b[^>]*maxlength[^>]*>", path.read_text(encoding="utf-8"))
        if 'name="q"' not in tag
    ]
    assert wrong == []
