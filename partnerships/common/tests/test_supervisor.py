"""The supervisor with real processes: it starts them again, stops them all, and leaves none behind."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError

from partnerships.common.management.commands import portal

ROOT = Path(__file__).resolve().parents[3]
# A service that says its number and sleeps, with a child of its own that ignores being asked.
SERVICE = """
import os, subprocess, sys, time
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", deaf])
print("number", os.getpid(), child.pid, flush=True)
time.sleep(60)
"""
RUNNER = """
import sys
from pathlib import Path
from partnerships.common.supervisor import Service, Supervisor

service = Service("one", [sys.executable, "-c", sys.argv[1]])
sys.exit(Supervisor([service], cwd=Path.cwd()).run())
"""


class Run:
    """A supervisor in a process of its own, as a terminal would have it."""

    def __init__(self, tmp_path: Path, runner: str = RUNNER, service: str = SERVICE, **env: str) -> None:
        self.log = tmp_path / "log"
        self.process = subprocess.Popen(
            [sys.executable, "-c", runner, service],
            cwd=ROOT,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            env={**os.environ, **env},
        )

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    def numbers(self) -> list[list[int]]:
        """Process and child of each start so far."""
        said = [line.split()[-2:] for line in self.lines() if line.startswith("one | number")]
        return [[int(number) for number in pair] for pair in said]


def until(what: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_service_and_its_children(tmp_path: Path, how: signal.Signals) -> None:
    run = Run(tmp_path)
    until(lambda: len(run.numbers()) == 1)
    run.process.send_signal(how)
    assert run.process.wait(15) == 0
    until(lambda: not any(map(alive, run.numbers()[0])))


def test_a_service_that_dies_is_started_again_with_a_line_and_without_its_old_children(
    tmp_path: Path,
) -> None:
    run = Run(tmp_path)
    until(lambda: len(run.numbers()) == 1)
    first, child = run.numbers()[0]
    os.kill(first, signal.SIGKILL)
    until(lambda: len(run.numbers()) == 2)
    assert "one was ended by SIGKILL; starting it again" in run.lines()
    until(lambda: not alive(child))
    run.process.terminate()
    assert run.process.wait(15) == 0
    until(lambda: not any(map(alive, run.numbers()[1])))


# Only what runs by the clock, as `manage.py portal` starts it, without web and worker.
CLOCK = """
import sys
from pathlib import Path
from partnerships.common.management.commands.portal import services
from partnerships.common.supervisor import Supervisor

clock = [service for service in services(8000) if service.name == "clock"]
sys.exit(Supervisor(clock, cwd=Path.cwd()).run())
"""


@pytest.mark.long
def test_a_clock_that_dies_alone_is_started_again(tmp_path: Path) -> None:
    """It sends its first heartbeat into the broker's folder at each start."""
    env = {"PORTAL_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "partnerships.settings", "REDIS_URL": ""}
    run = Run(tmp_path, CLOCK, **env)
    sent = lambda: len(list((tmp_path / "broker").rglob("*.msg")))  # noqa: E731, what has been sent so far
    until(lambda: sent() >= 2, 60)
    before = sent()
    children = Path(f"/proc/{run.process.pid}/task/{run.process.pid}/children").read_text().split()
    assert len(children) == 1
    os.kill(int(children[0]), signal.SIGKILL)
    until(lambda: sent() >= before + 2, 60)
    assert "clock was ended by SIGKILL; starting it again" in "\n".join(run.lines())
    run.process.terminate()
    assert run.process.wait(20) == 0


def test_what_falls_again_and_again_stops_the_rest_with_a_word(tmp_path: Path) -> None:
    at_once = "import partnerships.common.supervisor as s; s.LONGEST_PAUSE_SECONDS = 0\n"
    run = Run(tmp_path, at_once + RUNNER, "print('no room left', flush=True); raise SystemExit(3)")
    assert run.process.wait(30) == 1
    assert run.lines().count("one | no room left") == 6
    assert run.lines()[-1] == (
        "one ended with code 3, the 6th time in a row within 30 s of its start. The portal stops; "
        "the lines above say why. Mend that and start it again."
    )


def test_a_supervisor_that_is_killed_takes_its_services_along(tmp_path: Path) -> None:
    run = Run(tmp_path)
    until(lambda: len(run.numbers()) == 1)
    service, child = run.numbers()[0]
    run.process.kill()
    run.process.wait(15)
    until(lambda: not alive(service))
    os.kill(child, signal.SIGKILL)  # deaf to being asked; gunicorn's and Celery's children are not


def test_make_alone_being_interrupted_stops_everything(tmp_path: Path) -> None:
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"run:\n\t@exec {sys.executable} runner.py service.py\n")
    (tmp_path / "service.py").write_text(SERVICE)
    (tmp_path / "runner.py").write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[1] = open(sys.argv[1]).read()\n"
        + textwrap.dedent(RUNNER)
    )
    run = Run.__new__(Run)
    run.log = tmp_path / "log"
    run.process = subprocess.Popen(
        ["make", "run"], cwd=tmp_path, stdout=run.log.open("w"), stderr=subprocess.STDOUT
    )
    until(lambda: len(run.numbers()) == 1)
    run.process.send_signal(signal.SIGINT)  # make only, not its group
    run.process.wait(15)
    until(lambda: not any(map(alive, run.numbers()[0])))


def test_a_taken_port_is_a_sentence_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError) as refused:
            portal.refuse_taken_port(port)
    assert str(refused.value) == (
        f"Port {port} is taken by another program. Stop it or take another: make run PORT={port + 1}"
    )
    portal.refuse_taken_port(port)


def test_one_var_folder_has_one_portal(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("a+") as first, (tmp_path / "lock").open("a+") as second:
        portal.lock(first)
        first.write("123")
        first.flush()
        with pytest.raises(CommandError, match=r"already runs from this folder \(process 123\)"):
            portal.lock(second)


class Said:
    """Stands for the supervisor: what it was told to say and with what it was told to stop."""

    stopping = False

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.code: int | None = None

    def say(self, line: str) -> None:
        self.lines.append(line.strip())

    def stop(self, exit_code: int) -> None:
        self.code = exit_code


def test_a_slow_machine_is_waited_for_and_told_what_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(portal.time, "sleep", lambda seconds: None)
    answers = iter(["did not answer (timed out)", "answered 503", "", ""])
    monkeypatch.setattr(portal, "ask", lambda url, host: next(answers))
    said = Said()
    portal.announce(said, 8000)  # type: ignore[arg-type]
    assert said.lines[:2] == [
        "Still waiting for the first page: /healthz/ did not answer (timed out)",
        "Still waiting for the first page: /healthz/ answered 503",
    ]
    assert (said.lines[2], said.code) == ("Portal ready: http://localhost:8000/", None)


def test_a_portal_that_never_answers_stops_with_its_last_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "READY_SECONDS", 0.02)
    monkeypatch.setattr(portal, "ask", lambda url, host: "answered 500")
    said = Said()
    portal.announce(said, 8000)  # type: ignore[arg-type]
    assert said.lines == [
        "The portal did not become ready within 0.02 s: /healthz/ answered 500. The lines above say why."
    ]
    assert said.code == 1
