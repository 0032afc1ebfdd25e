"""The file-system broker of the embedded portal: a message is seen once it is whole.

kombu's own opens the file under the name that workers look for, and writes into it then. A worker that looks
in between takes an empty file away: the message is lost, and the worker ends with an error.
"""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):  # type: ignore[misc]
    # kombu's two classes above this one name the second differently.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Write the message under another name, then give it the one that workers look for, at once."""
        # Sorted by name, messages are taken in the order of their being sent.
        final = Path(self.data_folder_out, f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg")
        written = final.with_name(f"{final.name}.part")
        try:
            written.write_text(dumps(payload), encoding="utf-8")
            written.replace(final)
        except OSError as error:
            raise ChannelError(f"Cannot add the file {str(final)!r} to its folder") from error


class Transport(filesystem.Transport):  # type: ignore[misc]
    Channel = Channel


def use() -> None:
    """From now on, in this process, behind every address that begins with filesystem://."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
