"""The file-system broker: what a worker finds is a whole message."""

from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from partnerships.common import broker


def channel_in(folder: Path) -> Any:
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder)}
    return Connection("filesystem://localhost", transport_options=options).channel()


class Looks:
    """A part of a message that looks, while it is being written, at what a worker would find."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __json__(self) -> str:
        return str(len(list(self.folder.glob("*.celery.msg"))))


def test_a_message_is_found_once_it_is_whole(tmp_path):
    channel = channel_in(tmp_path)
    assert isinstance(channel, broker.Channel)
    for n in range(2):
        channel._put("celery", {"n": n, "found meanwhile": Looks(tmp_path)})
    taken = [channel._get("celery") for _ in range(2)]
    assert sorted(taken, key=lambda one: one["n"]) == [
        {"n": 0, "found meanwhile": "0"},
        {"n": 1, "found meanwhile": "1"},
    ]
    with pytest.raises(Empty):
        channel._get("celery")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path):
    channel = channel_in(tmp_path)
    tmp_path.joinpath("gone").mkdir()
    channel.__dict__["data_folder_out"] = str(tmp_path / "nowhere")
    with pytest.raises(ChannelError, match="Cannot add"):
        channel._put("celery", {})
