"""Each test has its own folder of files, so that what is left behind can be counted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder), "base_url": None, "file_permissions_mode": 0o600},
        },
    }
    assert default_storage.location == str(folder)
    return folder


@pytest.fixture
def kept(storage: Path) -> Callable[[], list[str]]:
    """kept() lists the files on disk, by their paths below the storage folder."""
    return lambda: sorted(str(p.relative_to(storage)) for p in storage.rglob("*") if p.is_file())
