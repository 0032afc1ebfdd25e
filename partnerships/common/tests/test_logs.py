"""Addresses that open something by themselves stand in no log."""

import io
import logging
import runpy
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signing import Signer, dumps
from django.test import Client

from partnerships.common.context import request_id
from partnerships.common.logs import SecretsFilter, masked
from partnerships.common.middleware import RequestIdFilter

UID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
TOKENS = {
    "/internships/m/%s/": Signer(sep=".").sign("D4-tW9nLRp-haFcIZylQ4A"),
    f"/internships/m/%s/photos/{UID}/?small": Signer(sep=".").sign("D4-tW9nLRp-haFcIZylQ4A"),
    "/join/s/%s/": Signer(sep=".").sign(UID.replace("-", "")),
    "/bookings/feeds/%s.ics": Signer().sign(UID),
    "/calendar/%s.ics": dumps([1, 0]),
    "/unsubscribe/%s/": dumps([17, "internships.offered"]).replace(":", "%3A"),
}


@pytest.mark.parametrize("address", TOKENS)
def test_a_signed_part_is_left_out_and_the_rest_stays(address):
    line = f'"GET {address} HTTP/1.1" 200'
    assert masked(line % TOKENS[address]) == line % "…"


@pytest.mark.parametrize(
    "line",
    [
        f"Not Found: /internships/applications/{UID}/",
        "/static/css/portal.0f8fad5bd9cb.css",
        f"/certificates/{UID}/az.pdf?page=2",
    ],
)
def test_what_opens_nothing_stays_as_it_is(line):
    assert masked(line) == line


def test_what_somebody_looked_for_is_left_out():
    line = "GET /search/?q=nigar%20memmedova&show=all HTTP/1.1"
    assert masked(line) == "GET /search/?q=…&show=all HTTP/1.1"


def test_lines_of_django_and_of_the_web_server_are_masked():
    address, shown = f"/internships/m/{TOKENS['/internships/m/%s/']}/", "/internships/m/…/"
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["request_id", "secrets"]
    record = logging.LogRecord("django.request", 30, "", 1, "%s: %s", ("Gone", address), None)
    assert SecretsFilter().filter(record)
    assert record.getMessage() == f"Gone: {shown}"
    server = runpy.run_path(str(Path(settings.BASE_DIR) / "deploy" / "gunicorn.conf.py"))
    assert server["logger_class"].atoms is not server["Logger"].atoms
    assert server["without_secrets"]({"r": address, "s": "200", "T": 1}) == {"r": shown, "s": "200", "T": 1}


def written(write):
    """What the portal's own handler writes of what `write` logs."""
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.addFilter(SecretsFilter())
    handler.setFormatter(logging.Formatter("{message}", style="{"))
    log = logging.getLogger("test")
    log.addHandler(handler)
    write(log)
    return stream.getvalue()


ADDRESS = f"/internships/m/{TOKENS['/internships/m/%s/']}/"


def test_values_put_in_by_name_are_masked():
    told = written(lambda log: log.warning("%(n)d at %(path)s", {"n": 3, "path": ADDRESS}))
    assert told == "3 at /internships/m/…/\n"


def test_tracebacks_are_masked_with_what_they_were_caused_by():
    def read():
        raise LookupError(f"GET {ADDRESS}")

    def write(log):
        try:
            try:
                read()
            except LookupError as error:
                raise ValueError(f"not read: {ADDRESS}?code=s3cret") from error
        except ValueError:
            log.exception("Internal Server Error", stack_info=True)

    told = written(write)
    assert "LookupError: GET /internships/m/…/\n" in told
    assert "ValueError: not read: /internships/m/…/?code=…\n" in told
    assert "Stack (most recent call last)" in told
    assert TOKENS["/internships/m/%s/"] not in told
    assert "s3cret" not in told


def test_the_line_about_a_refused_request_has_the_id_of_its_answer(db, caplog):
    caplog.handler.addFilter(named := RequestIdFilter())
    before = request_id.set("of-other-work")
    try:
        answers = [
            Client().get("/none/"),
            Client().get("/api/v1/none/", headers={"X-Request-ID": "of-the-proxy"}),
        ]
    finally:
        request_id.reset(before)
        caplog.handler.removeFilter(named)
    told = [record.request_id for record in caplog.records if record.name == "django.request"]
    assert told == [answer["X-Request-ID"] for answer in answers]
    assert told[1] == "of-the-proxy"
