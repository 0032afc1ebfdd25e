"""What the schema says of fields and headers, of every resource at once."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.response import Response

from partnerships.api.views import SchemaView

# The same few lines for every partner and year, counted together, or the years: no rows to page through.
WHOLE = {"/api/v1/indicators/", "/api/v1/numbers/", "/api/v1/todo/"}
# Without rows that somebody edits, or kept nowhere: what a key or a tag would be for.
NO_KEY = {"/api/v1/tokens/", "/api/v1/tokens/end/"}


def of_ours(kind: Any) -> Iterator[Any]:
    for one in kind.__subclasses__():
        if not one.__module__.startswith(("rest_framework", "drf_spectacular")):
            yield one
        yield from of_ours(one)


def test_a_choice_that_may_be_empty_says_so() -> None:
    SchemaGenerator().get_schema(request=None, public=True)  # every viewset is loaded
    silent = []
    for kind in set(of_ours(serializers.ModelSerializer)):
        for name, field in kind().fields.items():
            if isinstance(field, serializers.ChoiceField) and not field.allow_blank:
                try:
                    empty = kind.Meta.model._meta.get_field(field.source).blank
                except FieldDoesNotExist:
                    continue
                if empty and field.read_only:
                    silent.append(f"{kind.__name__}.{name}")
    assert silent == []


def test_the_schema_is_drawn_up_for_one_reader_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a new process the second of two readers met what the package had loaded half of: 500."""
    inside, most = [0], [0]

    def draw(_view: Any, _request: Any) -> Response:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.02)
        inside[0] -= 1
        return Response({})

    monkeypatch.setattr(SpectacularAPIView, "_get_schema_response", draw)
    view = SchemaView()
    readers = [threading.Thread(target=view._get_schema_response, args=(None,)) for _reader in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert most == [1]


@pytest.fixture(scope="module")
def paths() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)["paths"]


def headers(operation: Any) -> set[str]:
    return {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}


def test_an_address_has_hyphens_alone(paths: Any) -> None:
    written = {part for path in paths for part in path.split("/") if "{" not in part}
    assert "take-up" in written
    assert [part for part in written if "_" in part] == []


def test_every_resource_has_tags_keys_and_cursor_pages(paths: Any) -> None:
    missing = []
    for path, methods in paths.items():
        if path in NO_KEY or not path.startswith("/api/v1/"):
            continue
        for method, operation in methods.items():
            found = headers(operation)
            uploads = "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
            wanted = {"post": {"Idempotency-Key"}, "patch": {"If-Match"}}.get(method, set())
            asked = {one["name"] for one in operation.get("parameters", [])}
            if method == "get" and {"cursor", "page_size"} <= asked:
                wanted = set()  # a list, also one that stands below a row
            elif "{" in path and method == "get":
                wanted = {"If-None-Match"}
            elif "{" in path and method == "post":
                wanted = {"If-Match", "Idempotency-Key"}
            elif method == "get" and path not in WHOLE:
                wanted = {"cursor"}
            if uploads:  # a file is not compared with the one that was sent before
                wanted.discard("Idempotency-Key")
            if wanted - found:
                missing.append((method, path, sorted(wanted - found)))
    assert missing == []


def test_whatever_takes_a_key_says_what_it_answers_to_one_that_is_none(paths: Any) -> None:
    taking = {
        f"{method} {path}": {"400", "422"} - {*operation["responses"]}
        for path, methods in paths.items()
        for method, operation in methods.items()
        if "Idempotency-Key" in headers(operation)
    }
    assert len(taking) > 50
    assert {name: lacks for name, lacks in taking.items() if lacks} == {}


def test_what_is_said_of_a_verb_is_whole_and_for_its_reader() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    said = [
        text
        for operations in schema["paths"].values()
        for method, operation in operations.items()
        if method in ("post", "patch")
        for text in (operation.get("summary"), operation.get("description"))
        if text and " " in text
    ]
    assert [text for text in said if "Raises " in text or "apply does" in text] == []
    assert [text for text in said if ". " in text and text[-1] not in ".”)"] == []
