"""What the portal stands on, for one drill alone and on loopback: a mail server, PostgreSQL, Redis."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], Any], seconds: float, what: str) -> float:
    """Wait until it holds; answers with how long that took."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise SystemExit(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


class Box:
    """A real SMTP server on loopback and what it took: (Message-ID, recipient, subject) of every letter."""

    def __init__(self, port: int, pause: float = 0.0) -> None:
        from aiosmtpd.controller import Controller

        self.letters: list[tuple[str, str, str]] = []
        self.pause = pause
        self.controller = Controller(self, hostname="127.0.0.1", port=port)
        self.controller.start()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=default)
        self.letters.append((str(letter["Message-ID"]), str(envelope.rcpt_tos[0]), str(letter["Subject"])))
        if self.pause:
            await asyncio.sleep(self.pause)
        return "250 taken"

    def stop(self) -> None:
        self.controller.stop()


class Postgres:
    """A PostgreSQL of this drill alone; what it acknowledges is on the disk."""

    def __init__(self, folder: Path, port: int, *options: str) -> None:
        """`options`: settings beside those that a drill needs, such as "work_mem=16MB"."""
        self.options = [part for option in options for part in ("-c", option)]
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        self.bin = Path(found[-1] if found else Path(shutil.which("postgres") or "/postgres").parent)
        if not (self.bin / "postgres").exists():
            raise SystemExit("This drill needs PostgreSQL (Debian: apt install postgresql).")
        self.folder, self.port = folder, port
        folder.mkdir(mode=0o700)
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        self._as_postgres(
            "initdb", "-D", str(folder / "data"), "-U", "portal", "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        self.start()
        subprocess.run(
            [self.bin / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "portal", "portal"], check=True
        )

    def _user(self) -> list[str]:
        return ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    def _as_postgres(self, name: str, *args: str) -> None:
        subprocess.run([*self._user(), self.bin / name, *args], check=True, stdout=subprocess.DEVNULL)

    def start(self) -> float:
        """Start and wait until it answers; seconds."""
        with (self.folder.parent / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *self._user(), self.bin / "postgres", "-D", self.folder / "data", "-p", str(self.port),
                    "-k", self.folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200",
                    *self.options,
                ],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        return until(self.answers, 60, "PostgreSQL to start")

    def answers(self) -> bool:
        asked = [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "portal"]
        return subprocess.run(asked, check=False).returncode == 0

    def stop(self, number: int = signal.SIGINT) -> None:
        """SIGINT: clients are thrown out. SIGQUIT: at once, as a crash; it recovers at the next start."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, number)
        self.process.wait(60)


class Redis:
    """A broker and cache of this drill alone; keeps nothing when it ends."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        if not shutil.which("redis-server"):
            raise SystemExit("This drill needs Redis (Debian: apt install redis-server).")
        self.start()

    def start(self) -> None:
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                    "--appendonly", "no", "--dir", str(self.folder),
                ],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        until(self.answers, 20, "Redis to start")

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.wait(20)
