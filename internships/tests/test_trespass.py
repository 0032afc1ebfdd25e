"""Everybody's links and buttons, pressed by everybody else and by nobody.

Each of the cast is followed through their own pages; what leads to one object there is then asked for, and
posted to, by all the others. Whoever may not see the object must neither read its people nor change it.
"""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from internships import actions
from internships.models import Application, Interview, Position, Vacancy
from internships.tests import makers
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Invitation, Person
from partnerships.directory.models import Organization as Company
from partnerships.documents.models import Document
from partnerships.notifications.models import Notification
from partnerships.testing import factories as make
from partnerships.workflow.models import Change

STARTS = (
    "home", "todo", "profile", "people", "invitations", "document_views", "import_list", "inbox", "calendar",
    "internships:index", "internships:mine", "internships:worklist", "internships:students",
    "internships:decide", "internships:interviews", "internships:manage",
)  # fmt: skip
ADDRESS = re.compile(r'(?:href|action|formaction|hx-get|hx-post)="(/[^"#]+)"')
WHO = (
    "student", "student2", "coordinator", "coordinator2", "supervisor", "hr", "hr2", "mentor", "mentor2",
    "stranger",
)  # fmt: skip
PAGES = 25  # of one person, beyond the starts
# Asking as htmx does spares the question about the newest text on personal data.
ASKED = {"HX-Request": "true"}


@pytest.fixture
def crowd(cast):
    """Two companies and two universities with something of every kind."""
    ours = makers.programme(cast)
    theirs = makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Kabel")
    makers.endorsed(cast, ours, "colleague")
    makers.draft(cast, theirs, "colleague")
    makers.sent(cast, ours, "student2")
    makers.offered(cast, theirs, "student2", by="hr2")
    application = makers.endorsed(cast, ours)
    starts = timezone.now() + timedelta(days=4)
    actions.invite(
        application,
        actor=cast.user("hr"),
        interviewer=cast.mentor,
        starts=starts,
        ends=starts + timedelta(minutes=30),
        place="Otaq 204",
    )
    make.affiliation(cast.stranger, cast.aztu, Role.COORDINATOR, state="requested")
    return cast


def found_by(client):
    """Addresses with a key or a slug on one's own pages, and on the pages that those lead to."""
    found, waiting, read = set(), [reverse(name) for name in STARTS], 0
    seen = set(waiting)
    while waiting and read < len(STARTS) + PAGES:
        response = client.get(waiting.pop(0), headers=ASKED)
        read += 1
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        for address in ADDRESS.findall(response.content.decode()):
            path = address.partition("?")[0]
            if path in seen or not leads_to_one(path):
                continue
            seen.add(path)
            found.add(path)
            waiting.append(path)
    return found


def leads_to_one(path):
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return any(isinstance(value, UUID) for value in match.kwargs.values())


def object_of(path):
    """(rows, who is named there) behind an address; None for what is nobody's."""
    match = resolve(path)
    uid = match.kwargs["uid"]
    for model, person in (
        (Application, "person"),
        (Interview, "candidate"),
        (Document, "owner"),
        (Affiliation, "person"),
        (Person, ""),
        (Notification, "person"),
    ):
        if row := model.objects.filter(uid=uid).first():
            return model.objects.filter(uid=uid), getattr(row, person) if person else row
    assert any(model.objects.filter(uid=uid).exists() for model in (Vacancy, Position, Invitation)), path
    return None


def standing():
    """What may not have changed by then."""
    return (
        list(Application.objects.order_by("pk").values_list("uid", "state", "version", "score")),
        list(Interview.objects.order_by("pk").values_list("uid", "state", "starts")),
        list(Affiliation.objects.order_by("pk").values_list("uid", "state", "ends")),
        list(Document.objects.order_by("pk").values_list("uid", flat=True)),
        list(Position.objects.order_by("pk").values_list("uid", "version")),
        list(Invitation.objects.order_by("pk").values_list("uid", "uses_left", "expires")),
        Company.objects.count(),
        Change.objects.count(),
    )


def test_what_belongs_to_others_is_neither_read_nor_changed_by_its_address(crowd, login):
    clients = {name: login(name) for name in WHO}
    addresses = {name: found_by(client) for name, client in clients.items()}
    everything = sorted(set().union(*addresses.values()))
    kinds = {resolve(path).view_name for path in everything}
    assert {"internships:application", "internships:act", "document", "person_detail"} <= kinds
    clients["nobody"] = Client()
    before = standing()
    trespasses, asked = [], 0
    for path in everything:
        thing = object_of(path)
        for name, client in clients.items():
            if path in addresses.get(name, ()):
                continue
            user = crowd.user(name) if name != "nobody" else None
            if thing is not None and user is not None and thing[0].visible_to(user).exists():
                continue
            asked += 1
            answers = [client.get(path, headers=ASKED), client.post(path, {"note": "x"}, headers=ASKED)]
            for response in answers:
                if response.status_code >= 500:
                    trespasses.append((name, path, response.status_code))
                elif response.status_code == 200 and thing is not None:
                    words = b"".join(response) if response.streaming else response.content
                    if thing[1].family_name in words.decode(errors="replace"):
                        trespasses.append((name, path, thing[1].name))
    assert trespasses == []
    assert asked > 200
    assert standing() == before
