"""Keeping a few processes alive and ending them all: what `manage.py portal` runs the portal with.

Every process stands in a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone
and the rest is stopped in order. On Linux the kernel ends them when the supervisor itself is killed.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

STOP_SECONDS = 8  # asked politely; after that ended
TICK_SECONDS = 0.2
# A process that falls again within this time is started again more and more slowly.
STABLE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 20
# So often in a row it falls by something that no further start mends: the rest is stopped as well.
MOST_FALLS = 6
# Linux only: the child asks the kernel for SIGTERM at its parent's death (PR_SET_PDEATHSIG), then becomes
# the service.
END_WITH_PARENT = (
    (
        sys.executable,
        "-c",
        "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.execvp(sys.argv[1], sys.argv[1:])",
    )
    if sys.platform == "linux"
    else ()
)


@dataclass
class Service:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    falls: int = 0
    start_again_at: float = 0.0


class Supervisor:
    """Starts services, prefixes what they print, starts again what fell, stops all on a signal or when one
    falls again and again."""

    def __init__(self, services: Sequence[Service], cwd: Path, out: IO[str] | None = None) -> None:
        self.services = list(services)
        self.cwd = cwd
        self.out = out or sys.stdout
        self.stopping = False
        self.exit_code = 0
        self._width = max(len(s.name) for s in self.services)
        self._lock = threading.Lock()
        self._caller = _Caller()

    def say(self, text: str, who: str = "portal") -> None:
        with self._lock:
            try:
                self.out.write(f"{who:<{self._width}} | {text}\n" if who != "portal" else f"{text}\n")
                self.out.flush()
            except (BrokenPipeError, ValueError):
                self.stopping = True  # nobody reads any more

    def run(self, on_started: Callable[["Supervisor"], None] | None = None) -> int:
        """Run until a signal or `stop()`; answers with the exit code. To be called from the main thread."""
        before = {
            s: signal.signal(s, self._signalled) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            for service in self.services:
                self._start(service)
            if on_started is not None:
                threading.Thread(target=on_started, args=(self,), daemon=True).start()
            while not self.stopping:
                time.sleep(TICK_SECONDS)
                self._tick()
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)
        return self.exit_code

    def stop(self, exit_code: int = 0) -> None:
        self.exit_code = self.exit_code or exit_code
        self.stopping = True

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _tick(self) -> None:
        if self._caller.is_gone():
            self.stopping = True
            return
        for service in self.services:
            if service.process is None:
                if time.monotonic() >= service.start_again_at:
                    self._start(service)
                continue
            code = service.process.poll()
            if code is None:
                continue
            _signal_group(service.process, signal.SIGKILL)  # what the dead parent left behind
            stable = time.monotonic() - service.started > STABLE_SECONDS
            service.falls = 1 if stable else service.falls + 1
            how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
            if service.falls >= MOST_FALLS:
                self.say(
                    f"{service.name} {how}, the {service.falls}th time in a row within {STABLE_SECONDS} s of "
                    "its start. The portal stops; the lines above say why. Mend that and start it again."
                )
                self.stop(exit_code=1)
                return
            pause = 0 if service.falls == 1 else min(2**service.falls, LONGEST_PAUSE_SECONDS)
            self.say(f"{service.name} {how}; starting it again{f' in {pause} s' if pause else ''}")
            service.process = None
            service.start_again_at = time.monotonic() + pause

    def _start(self, service: Service) -> None:
        service.started = time.monotonic()
        service.process = subprocess.Popen(  # noqa: S603, the portal's own commands
            [*END_WITH_PARENT, *service.command],
            cwd=self.cwd,
            env={**os.environ, **service.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._forward, args=(service, service.process.stdout), daemon=True).start()

    def _forward(self, service: Service, stream: IO[str]) -> None:
        for line in stream:
            if line.strip():
                self.say(line.rstrip(), service.name)

    def _stop_all(self) -> None:
        running = [s.process for s in self.services if s.process is not None and s.process.poll() is None]
        for process in running:
            process.terminate()  # the parent alone: gunicorn and Celery take their own children along
        until = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for service in self.services:
            if service.process is not None:
                _signal_group(service.process, signal.SIGKILL)


def _signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in the group
        os.killpg(process.pid, number)


class _Caller:
    """The process that started the supervisor, `make` as a rule.

    make forwards SIGTERM but keeps SIGINT to itself and waits for its children; while it waits, it stands
    in its signal handler with SIGINT blocked, which Linux shows. So `kill -INT` of make alone also ends
    the portal.
    """

    def __init__(self) -> None:
        self.pid = os.getppid()
        self._seen_blocked = 0
        try:
            self._is_make = Path(f"/proc/{self.pid}/comm").read_text().strip() in ("make", "gmake")
        except OSError:
            self._is_make = False
        if self._blocks_sigint():  # from the beginning: then it says nothing
            self._is_make = False

    def is_gone(self) -> bool:
        if os.getppid() != self.pid:
            return True
        self._seen_blocked = self._seen_blocked + 1 if self._is_make and self._blocks_sigint() else 0
        return self._seen_blocked >= 2

    def _blocks_sigint(self) -> bool:
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return False
        found = re.search(r"^SigBlk:\s*([0-9a-f]+)$", status, re.MULTILINE)
        return bool(found and int(found[1], 16) >> (signal.SIGINT - 1) & 1)
