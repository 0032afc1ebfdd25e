"""What every drill stands on: services of its own on loopback, the portal's processes, its promises.

    if __name__ == "__main__":
        kit.run(main, "postgres", "redis", "mail")

`run` starts what is named in a folder of its own, sets the environment, sets Django up, migrates, calls
`main(stage)` and takes everything down again, by process number. The exit code tells whether every promise
held.
"""

import asyncio
import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable


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

    def __init__(self, folder: Path, port: int) -> None:
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

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def close(self) -> None:
        for process in list(self.running):
            self.kill(process)
        for service in (self.box, self.redis, self.postgres):
            if service is not None:
                with contextlib.suppress(Exception):
                    service.stop()


class Answer:
    def __init__(self, status: int, headers: Any, body: bytes, seconds: float) -> None:
        self.status, self.headers, self.body, self.seconds = status, headers, body, seconds

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def says(self) -> str:
        """The first sentences that a person reads, without the menu around them."""
        from partnerships.testing.crawling.pages import read

        return " ".join([text for text in read(self.text).texts if text.endswith((".", "?"))][:3])


class Browser:
    """One person's browser: cookies, CSRF token, no redirects followed."""

    def __init__(self, address: str, session: str = "") -> None:
        self.host = urlsplit(address).netloc
        self.cookies = {"portal_session": session} if session else {}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        began = time.monotonic()
        line = http.client.HTTPConnection(self.host, timeout=120)
        try:
            sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
            line.request(method, path, body, sent)
            answer = line.getresponse()
            content = answer.read()
        finally:
            line.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _eq, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0].strip('"')
        return Answer(answer.status, dict(answer.getheaders()), content, time.monotonic() - began)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, fields: Any = (), **headers: str) -> Answer:
        token = self.cookies.setdefault("csrftoken", "0123456789abcdefghijklmnopqrstuv")
        sent = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token, **headers}
        return self.ask("POST", path, urlencode(fields, doseq=True).encode(), **sent)

    def upload(self, path: str, field: str, name: str, content: bytes, fields: dict[str, str]) -> Answer:
        token = self.cookies.setdefault("csrftoken", "0123456789abcdefghijklmnopqrstuv")
        edge = "drill-edge-7d1f"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        parts.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            f"Content-Type: application/pdf\r\n\r\n".encode()
            + content
            + b"\r\n"
        )
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self.ask(
            "POST",
            path,
            body,
            **{"Content-Type": f"multipart/form-data; boundary={edge}", "X-CSRFToken": token},
        )


def signed_in(address: str, user: Any) -> Browser:
    """A browser in which this person has signed in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return Browser(address, session.session_key)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Every call in a thread of its own, started together; answers in their order, errors included."""
    start, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number: int) -> None:
        try:
            start.wait()
            answers[number] = calls[number]()
        except Exception as error:  # noqa: BLE001  (the drill counts it)
            answers[number] = error

    threads = [threading.Thread(target=run, args=[number], daemon=True) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


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


def words_of(user_text: str) -> str:
    return " ".join(user_text.split())


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
