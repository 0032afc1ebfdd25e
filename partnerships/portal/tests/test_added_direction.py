"""The sixth direction of docs/add-a-direction.md is laid into an empty folder and runs as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

FILE = re.compile(r"^`(library/[\w/]+\.py)`\n```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BASE = Path(settings.BASE_DIR)


def written() -> dict[str, str]:
    return dict(FILE.findall((BASE / "docs/add-a-direction.md").read_text(encoding="utf-8")))


def lines(files: dict[str, str]) -> int:
    return sum(bool(line.strip()) for text in files.values() for line in text.splitlines())


def test_a_direction_takes_less_than_a_hundred_and_fifty_lines_with_its_tests():
    tests = {name: text for name, text in written().items() if "/tests/" in name}
    code = {name: text for name, text in written().items() if name not in tests}
    assert (len(code), len(tests)) == (5, 2)
    assert lines(written()) < 150
    said = f"{lines(code)} lines of code, {lines(tests)} of tests"
    assert said in (BASE / "docs/add-a-direction.md").read_text(encoding="utf-8")


@pytest.mark.wide
def test_the_direction_of_the_docs_runs_as_it_stands_there(tmp_path: Path):
    for name, text in written().items():
        path = tmp_path / name
        for folder in (path.parent, tmp_path / "library/migrations"):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    (tmp_path / "with_library.py").write_text(
        "from partnerships.testing.settings import *\n"
        'DIRECTIONS = [*DIRECTIONS, "library"]\nINSTALLED_APPS = [*INSTALLED_APPS, "library"]\n',
        encoding="utf-8",
    )
    given = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PORTAL_", "PYTEST_")  # of the outer run
    ours = {name: value for name, value in os.environ.items() if not name.startswith(given)}
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n0", "--no-migrations", "--ds=with_library"),
            *("-c", str(BASE / "pytest.ini"), "--rootdir", str(tmp_path)),
            *("--confcutdir", str(tmp_path), str(tmp_path / "library")),  # not what lies in the folders above
        ],
        cwd=tmp_path,
        env={**ours, "PYTHONPATH": f"{tmp_path}{os.pathsep}{BASE}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
