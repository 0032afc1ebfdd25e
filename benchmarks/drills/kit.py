"""What every drill stands on: services of its own on loopback, the portal's processes, its promises.

    if __name__ == "__main__":
        kit.run(main, "postgres", "redis", "mail")

`run` starts what is named in a folder of its own, sets the environment, sets Django up, migrates, calls
`main(stage)` and takes everything down again, by process number. The exit code tells whether every promise
held. The services stand in services.py, the people at their browsers in people.py.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from people import Answer, Browser, at_once, signed_in
from services import Box, Postgres, Redis, free_port, until

__all__ = ["Answer", "Browser", "Stage", "alarms", "at_once", "moved", "run", "signed_in", "until"]

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable


class Stage:
    """The services and processes of one drill, its promises, and the folder in which all of it lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broken: list[str] = []
        self.running: list[subprocess.Popen[bytes]] = []
        self.postgres: Postgres | None = None
        self.redis: Redis | None = None
        self.mail_port = free_port()
        self.box: Box | None = None

    # What it says ---------------------------------------------------------------------------------
    def figure(self, name: str, value: Any) -> None:
        print(f"  {name:<62} {value}", flush=True)

    def promise(self, name: str, held: bool, value: Any = "") -> None:
        print(f"  {name:<62} {value}  {'held' if held else 'BROKEN'}", flush=True)
        if not held:
            self.broken.append(name)

    # Services and processes -----------------------------------------------------------------------
    def open_mail(self, pause: float = 0.0) -> Box:
        self.box = Box(self.mail_port, pause)
        return self.box

    def process(self, name: str, *command: str, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """A process of the portal in a group of its own; what it prints goes to NAME.log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            started = subprocess.Popen(
                [PYTHON, "-m", *command],
                cwd=ROOT,
                env={**os.environ, "LOG_LEVEL": "WARNING", **(env or {})},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.running.append(started)
        return started

    def web(self, module: str = "partnerships.wsgi", name: str = "web", **env: str) -> str:
        """gunicorn as deploy/ runs it; answers with its address."""
        port = free_port()
        env = {
            "WEB_BIND": f"127.0.0.1:{port}",
            "WEB_WORKERS": "2",
            "WEB_THREADS": "4",
            "PORT": str(port),
            **env,
        }
        started = self.process(name, "gunicorn", "--config", "deploy/gunicorn.conf.py", module, env=env)
        address = f"http://127.0.0.1:{port}"
        until(lambda: self.answers(address) or started.poll() is not None, 60, f"the web process; {name}.log")
        if started.poll() is not None:
            raise SystemExit((self.folder / f"{name}.log").read_text()[-3000:])
        return address

    def answers(self, address: str) -> bool:
        try:
            return Browser(address).get("/healthz/").status == 200
        except OSError:
            return False

    def worker(self, name: str = "worker", **env: str) -> subprocess.Popen[bytes]:
        return self.process(
            name, "celery", "-A", "partnerships", "worker", "--concurrency", "2", "--loglevel", "WARNING",
            "--hostname", f"{name}@localhost", env=env,
        )  # fmt: skip

    def beat(self, name: str = "beat", **env: str) -> subprocess.Popen[bytes]:
        schedule = str(self.folder / f"{name}-schedule")
        return self.process(
            name,
            "celery",
            "-A",
            "partnerships",
            "beat",
            "--loglevel",
            "WARNING",
            "--schedule",
            schedule,
            env=env,
        )

    def kill(self, process: subprocess.Popen[bytes], number: int = signal.SIGKILL) -> None:
        """End a process and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait(30)
        self.running.remove(process)

    def cpu(self) -> float:
        """Seconds of processor that the processes of the portal have used so far."""
        groups = {process.pid for process in self.running}
        ticks = 0
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = entry.read_text().rpartition(") ")[2].split()
                if int(fields[2]) in groups:  # its process group
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def close(self) -> None:
        for process in list(self.running):
            self.kill(process)
        for service in (self.box, self.redis, self.postgres):
            if service is not None:
                with contextlib.suppress(Exception):
                    service.stop()


@contextlib.contextmanager
def moved(moment: Any) -> Iterator[None]:
    """The clock of this process stands at this moment and runs on."""
    import time_machine

    with time_machine.travel(moment, tick=True):
        yield


def alarms(after: Any = None) -> list[str]:
    """What /readyz/ would name, now or when so much time has passed and nothing else has changed."""
    from django.utils import timezone

    from partnerships.notifications.health import inspect

    if after is None:
        return sorted(f"{name}: {code}" for name, code in inspect().items() if code != "ok")
    with moved(timezone.now() + after):
        return alarms()


def run(main: Callable[[Stage], None], *services: str, **env: str) -> None:
    """Run one drill and leave with its verdict; see the top of this file."""
    folder = Path(tempfile.mkdtemp(prefix="portal-drill-"))
    folder.chmod(0o755)
    stage = Stage(folder)
    name = Path(sys.argv[0]).stem
    print(f"{name}: {(sys.modules['__main__'].__doc__ or '').strip().splitlines()[0]}", flush=True)
    began = time.monotonic()

    def stop(_number: int, _frame: Any) -> None:
        raise SystemExit("stopped")

    signal.signal(signal.SIGTERM, stop)
    try:
        sys.path.insert(0, str(ROOT))
        for key in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "PORTAL_ENV"):
            os.environ.pop(key, None)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.drills.settings",
            "PORTAL_VAR": str(folder / "var"),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",
            "LOG_REQUESTS": "0",
            "LOG_LEVEL": "CRITICAL",  # of this process; the others write to their logs
            **env,
        }
        (folder / "var").mkdir()
        if "postgres" in services:
            stage.postgres = Postgres(folder / "pg", free_port())
            os.environ["DATABASE_URL"] = f"postgres://portal@127.0.0.1:{stage.postgres.port}/portal"
        if "redis" in services:
            stage.redis = Redis(folder, free_port())
            os.environ["REDIS_URL"] = f"redis://127.0.0.1:{stage.redis.port}/0"
        if "mail" in services:
            os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{stage.mail_port}"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("compile_messages", verbosity=0)
        call_command("migrate", verbosity=0, interactive=False)
        main(stage)
    finally:
        stage.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{name}: {'BROKEN: ' + '; '.join(stage.broken) if stage.broken else 'every promise held'}"
          f" ({time.monotonic() - began:.0f} s)")  # fmt: skip
    sys.exit(1 if stage.broken else 0)
