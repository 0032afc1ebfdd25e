"""Generated requests against the API, by its own schema: no server error, nothing outside the contract."""

import logging
import os
import sys
from functools import cache

import hypothesis
import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from internships import actions
from internships.tests import makers
from internships.tests.test_api_resources import CASES
from partnerships.api.models import Token

pytestmark = [pytest.mark.fuzz, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "50"))  # an operation; by hand more
ROLES = ("visitor", "student", "hr")
PARTS = 4  # of some minutes each, for as many who run the tests
# Made in a session, or ends the token that the others are sent with.
OF_A_SESSION = ("/api/v1/tokens/", "/api/v1/tokens/end/")
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture
def busy_portal(cast):
    """Something of every kind to hit: drafts, sent, offered, and another company's."""
    made = makers.programme(cast)
    makers.draft(cast, made)
    makers.endorsed(cast, made, "colleague")
    actions.offer(makers.endorsed(cast, made, "student2"), actor=cast.user("hr"))
    makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, published=False)
    for make, _readers in CASES.values():
        make(cast)
    return cast


@pytest.fixture
def one_connection():
    """As Django's own test client does: a request does not close the connection of the test's transaction."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def nothing_beside(monkeypatch):
    """With each request schemathesis looks for Flask in every folder, and Django writes down each refusal."""
    monkeypatch.setitem(sys.modules, "flask", None)
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("one_connection", "nothing_beside")
@pytest.mark.parametrize("part", range(PARTS))
def test_the_api_keeps_its_contract_whatever_is_sent(busy_portal, part):
    """What is made up for an operation does not depend on who sends it, and takes longer to make up than to
    answer: each example is sent by all three, one after the other."""
    headers = {role: _headers(busy_portal, role) for role in ROLES}
    operations = [
        operation
        for result in _schema().get_all_operations()
        if (operation := result.ok()).path not in OF_A_SESSION
    ]
    assert len(operations) >= 150
    for operation in operations[part::PARTS]:

        @hypothesis.seed(20261123)
        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def every_answer_fits(case):
            for role in ROLES:
                hypothesis.note(f"as {role}")
                case.validate_response(case.call(headers=headers[role]), checks=CHECKS)

        every_answer_fits()


@cache
def _schema():
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())


def _headers(cast, role):
    headers = {"Accept-Encoding": "identity"}  # the in-process transport does not unzip
    if role != "visitor":
        _kept, token = Token.objects.create(user=cast.user(role), name="contract", writes=True)
        headers["Authorization"] = f"Token {token}"
    return headers
