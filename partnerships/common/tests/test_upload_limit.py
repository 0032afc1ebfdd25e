"""What a whole request may carry, asked of the web server that runs the portal."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[3]
WHOLE = 200_000_000  # bytes that are announced; no more is sent than the server takes
FAR_TOO_LONG = f"POST /accounts/login/ HTTP/1.1\r\nContent-Length: {WHOLE}"


def test_a_refused_request_is_answered_in_the_page_s_language_and_as_json_to_the_api(db, settings):
    settings.REQUEST_LIMIT = 1000
    note = {"note": "a" * 2000}
    english = Client().post("/accounts/login/?lang=en", note)
    assert (english.status_code, english["Content-Language"]) == (413, "en")
    assert "1000 bytes together with its files" in english.content.decode().replace("\xa0", " ")
    assert Client().post("/accounts/login/", note)["Content-Language"] == "az"
    answer = Client().post("/api/v1/none/", note)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_without_a_length_is_refused_and_one_at_the_limit_is_not(db, settings):
    chunked = Client().post("/accounts/login/", {"login": "a"}, headers={"transfer-encoding": "Chunked"})
    assert chunked.status_code == 413
    settings.REQUEST_LIMIT = 2000
    assert Client().post("/accounts/login/", b"a" * 2000, content_type="text/plain").status_code != 413
    assert Client().post("/accounts/login/", b"a" * 2001, content_type="text/plain").status_code == 413


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[tuple[str, int]]:
    """The portal under gunicorn, as it runs everywhere, with an empty folder of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = free.getsockname()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")},
        "DJANGO_SETTINGS_MODULE": "partnerships.testing.settings",
        "PORTAL_VAR": str(folder),
        "WEB_BIND": f"127.0.0.1:{place[1]}",
        "WEB_WORKERS": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "partnerships.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(place)
        _refusal_of(place, FAR_TOO_LONG)  # the first page of a process waits for what is loaded with it
        yield place
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(place: tuple[str, int]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(place, 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("gunicorn did not answer")


def _refusal_of(place: tuple[str, int], head: str) -> tuple[str, int, float]:
    """The first line of the answer, the bytes that could be sent until it came, and the seconds it took."""
    began = time.monotonic()
    sent = 0
    with socket.create_connection(place, 20) as connection:
        connection.sendall(f"{head}\r\nHost: localhost\r\nCookie: portal_language=en\r\n\r\n".encode())
        connection.settimeout(0.05)
        answer = b""
        while not answer and sent < WHOLE:
            try:
                sent += connection.send(b"5\r\naaaaa\r\n" * 1000)
                answer = connection.recv(65536)
            except TimeoutError:
                continue
            except ConnectionError:
                answer = connection.recv(65536)  # what came before the server hung up
                break
    return answer.split(b"\r\n")[0].decode(), sent, time.monotonic() - began


@pytest.mark.parametrize(
    "head", [FAR_TOO_LONG, "POST /accounts/login/ HTTP/1.1\r\nTransfer-Encoding: chunked"]
)
def test_two_hundred_megabytes_are_refused_at_once_and_nothing_is_written(address, folder, head):
    before = sorted(path for path in folder.rglob("*"))
    line, sent, seconds = _refusal_of(address, head)
    assert line == "HTTP/1.1 413 Request Entity Too Large"
    assert sent < 5_000_000
    assert seconds < 5
    assert sorted(path for path in folder.rglob("*")) == before


@pytest.mark.parametrize("size", [10, 100_000, 1_000_000])
def test_after_a_refusal_that_read_nothing_the_connection_goes_on(address, size):
    connection = http.client.HTTPConnection(*address, timeout=20)
    json = {"Content-Type": "application/json", "Host": "localhost"}
    connection.request("POST", "/api/v1/bookings/", b"x" * size, json)
    refused = connection.getresponse()
    refused.read()
    assert refused.status == 401
    connection.request("GET", "/healthz/", headers={"Host": "localhost"})
    assert connection.getresponse().status == 200
    connection.close()
