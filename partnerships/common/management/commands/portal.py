"""manage.py portal: the whole portal by one command, as `make run` calls it."""

import fcntl
import hashlib
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from partnerships.common.supervisor import Service, Supervisor
from partnerships.common.translations import compile_catalogues

READY_SECONDS = 180  # a busy or small machine imports and warms up this long; one that fails says so by then
PATIENCE_SECONDS = 20  # after so long without a word one line says what is being waited for


class Command(BaseCommand):
    help = (
        "Prepare the embedded portal (database, words, static files, on the first start demonstration data) "
        "and run web server, worker and clock until Ctrl-C."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="prepare and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "This command is the embedded default; production starts as deploy/README.md says."
            )
        port = settings.PORT
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with self.alone():
            if not options["prepare_only"]:
                refuse_taken_port(port)
            with self.step("Compiling the words"):
                compile_catalogues()
            with self.step("Checking the settings"):
                call_command("check", stdout=StringIO())
            self.prepare_database()
            self.prepare_static()
            self.load_demo()
            if options["prepare_only"]:
                return
            # Nothing may be shared with the processes that follow.
            connection.close()
            supervisor = Supervisor(services(port), cwd=settings.BASE_DIR, out=sys.stdout)
            supervisor.say("Starting web server, worker and clock ...")
            code = supervisor.run(lambda s: announce(s, port))
        self.stdout.write("Portal stopped.")
        if code:
            sys.exit(code)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of the var folder: two clocks on one database would do everything twice."""
        path = settings.VAR_DIR / "portal.lock"
        with path.open("a+") as file:
            lock(file)
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        started = time.monotonic()
        self.stdout.write(f"{what} ... ", ending="")
        self.stdout.flush()
        try:
            yield
        except BaseException:
            self.stdout.write("")
            raise
        self.stdout.write(f"{time.monotonic() - started:.1f} s")

    def prepare_database(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            with self.step(f"Preparing the database ({len(plan)} migrations)"):
                call_command("migrate", interactive=False, verbosity=0)

    def prepare_static(self) -> None:
        """Collect static files when one of them is not what was collected last."""
        mark = settings.VAR_DIR / "static.sha256"
        now = static_fingerprint()
        if (
            mark.is_file()
            and mark.read_text() == now
            and (settings.STATIC_ROOT / "staticfiles.json").is_file()
        ):
            return
        with self.step("Collecting style sheets, scripts and pictures"):
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            mark.write_text(now)

    def load_demo(self) -> None:
        if not settings.DEMO or get_user_model().objects.exists():
            return
        if "load_demo" not in get_commands():
            self.stdout.write("No demonstration data in this copy.")
            return
        with self.step("Loading the demonstration: partners, people, calls"):
            call_command("load_demo", stdout=StringIO(), verbosity=0)


def lock(file: IO[str]) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        who = file.read().strip()
        raise CommandError(
            f"The portal already runs from this folder{f' (process {who})' if who else ''}. Stop it first, "
            "or give this one a folder of its own: make run PORTAL_VAR=/another/folder PORT=8001"
        ) from None


def refuse_taken_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CommandError(
                f"Port {port} needs rights that you do not have. Choose one above 1023: make run PORT=8001"
            ) from None
        except OSError:
            raise CommandError(
                f"Port {port} is taken by another program. Stop it or take another: make run PORT={port + 1}"
            ) from None


def static_fingerprint() -> str:
    """Changes when a static file is added, removed or written."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            seen.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def services(port: int) -> list[Service]:
    python = [sys.executable]
    env = {"PORT": str(port), "PYTHONUNBUFFERED": "1"}
    as_root = ["-W", "ignore:You're running the worker with superuser"]
    celery = [*python, *as_root, "-m", "celery", "--quiet", "-A", "partnerships"]
    return [
        Service(
            "web",
            [*python, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "partnerships.wsgi"],
            {**env, "WEB_BIND": f"127.0.0.1:{port}", "LOG_REQUESTS": "0"},
        ),
        Service(
            "worker",
            [
                *celery,
                "worker",
                "--loglevel=WARNING",
                "--concurrency=2",
                "--without-gossip",
                "--without-mingle",
                "--hostname=embedded@localhost",
            ],
            env,
        ),
        # A process of its own: Celery does not start again a clock that died within its worker.
        Service("clock", [*celery, "beat", "--loglevel=WARNING"], env),
    ]


def announce(supervisor: Supervisor, port: int) -> None:
    """Say that the portal is ready once its front page has really answered; stop when it never does."""
    until = time.monotonic() + READY_SECONDS
    word = time.monotonic() + PATIENCE_SECONDS
    last, root = "nothing answered", settings.FORCE_SCRIPT_NAME or ""
    while not supervisor.stopping and time.monotonic() < until:
        for path in (f"{root}/healthz/", f"{root}/"):
            last = ask(f"http://127.0.0.1:{port}{path}", f"localhost:{port}")
            if last:
                last = f"{path} {last}"
                break
        if not last:
            supervisor.say(f"\nPortal ready: http://localhost:{port}{root}/\n")
            supervisor.say(
                "Sign in as student@demo.example, hr@demo.example, ... (README.md); Ctrl-C stops everything."
                if settings.DEMO
                else "Ctrl-C stops everything."
            )
            return
        if time.monotonic() > word:
            word += PATIENCE_SECONDS
            supervisor.say(f"Still waiting for the first page: {last}")
        time.sleep(1 if "answered" in last else 0.2)
    if not supervisor.stopping:
        supervisor.say(
            f"The portal did not become ready within {READY_SECONDS} s: {last}. The lines above say why."
        )
        supervisor.stop(exit_code=1)


def ask(url: str, host: str) -> str:
    """Empty when the address answers 200, otherwise what it did instead."""
    request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310, always http to loopback
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({})
    )  # a proxy of the machine knows no localhost
    try:
        with opener.open(request, timeout=10) as answer:
            return "" if answer.status == 200 else f"answered {answer.status}"
    except urllib.error.HTTPError as error:
        return f"answered {error.code}"
    except OSError as error:
        return f"did not answer ({error})"
