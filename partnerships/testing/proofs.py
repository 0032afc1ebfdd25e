"""What every register of a direction owes, proven by one line each.

The expectations are the test's own: names of the cast with blanks between them, and whoever is not named
must not. Nothing here asks `visible_to` and believes it: pages, lists, search, tables and API answer for
themselves to the person who is signed in. Docs: docs/add-a-direction.md.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core import mail
from django.db import connection
from django.db.models import Model
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.common.clock import today
from partnerships.common.piles import told
from partnerships.directory.models import Affiliation
from partnerships.directory.registers import Register
from partnerships.indicators import actions as indicators
from partnerships.indicators.models import Measure
from partnerships.notifications import outbox, reminding
from partnerships.testing.cast import Cast
from partnerships.workflow.models import Change

BYSTANDERS = ("stranger", "admin")


@dataclass
class Proof:
    """Of one register, with the people of this cast.

    Everybody is asked what the rules say; those who are named, somebody else with the same role and two
    bystanders are asked by signing in and opening the pages too.
    """

    register: Register
    cast: Cast
    _clients: dict[Any, Client] = field(default_factory=dict)

    @property
    def listed(self) -> str:
        return f"/{self.register.app}/{self.register.many}/"

    @property
    def resource(self) -> str:
        return f"/api/v1/{self.register.many}/"

    def client(self, name: str) -> Client:
        """Signed in as this person today."""
        key = name, today()
        if key not in self._clients:
            client = self._clients[key] = Client()
            client.force_login(self.cast.user(name), backend="django.contrib.auth.backends.ModelBackend")
        return self._clients[key]

    @cached_property
    def roles(self) -> dict[str, set[str]]:
        people = self.cast.people()
        held = Affiliation.objects.filter(person__in=people.values()).values_list("person_id", "role")
        return {name: {role for key, role in held if key == who.pk} for name, who in people.items()}

    def near(self, named: Iterable[str]) -> set[str]:
        """These people, of each of their roles somebody else who has it, and bystanders."""
        roles = set[str]().union(*(self.roles[name] for name in named))
        others = {
            role: name for name, held in self.roles.items() if name not in named for role in held & roles
        }
        return {*named, *BYSTANDERS, *others.values()}

    def whom(self, named: list[str], answers: Callable[[Client], bool]) -> list[str]:
        """Those near these people for whom it is so."""
        return sorted(name for name in self.near(named) if answers(self.client(name)))

    def ruled(self, says: Callable[[Any], bool]) -> list[str]:
        """Of the whole cast those of whom it holds."""
        return sorted(name for name in self.cast.people() if says(self.cast.user(name)))

    # Who sees and who may -------------------------------------------------------------------------
    def sees(self, row: Any, who: str) -> None:
        """These people and nobody else find the row: its page, the list, the table that is taken away, the
        search, the API. Who is not signed in is led to the sign-in."""
        url, named = row.get_absolute_url(), sorted(who.split())
        rows = self.register.model._default_manager
        assert self.ruled(lambda user: rows.visible_to(user).filter(pk=row.pk).exists()) == named  # type: ignore[attr-defined]
        doors: dict[str, Callable[[Client], bool]] = {
            "page": lambda client: client.get(url).status_code == 200,
            "program": lambda client: client.get(f"{self.resource}{row.uid}/").status_code == 200,
            "programs": lambda client: str(row.uid) in _said(client, self.resource),
            "list": lambda client: url in _said(client, self.listed),
            "table": lambda client: str(row) in _said(client, f"/exports/{self.register.kind}/?format=csv"),
            "search": lambda client: url in _said(client, f"/search/?q={row}"),
        }
        found = {door: self.whom(named, answers) for door, answers in doors.items()}
        assert found == dict.fromkeys(doors, named)
        assert Client().get(url).status_code == 302

    def waits(self, row: Any, who: str) -> None:
        """These people and nobody else find the row among what waits for them."""
        url, named = row.get_absolute_url(), sorted(who.split())
        assert self.ruled(lambda user: url in [line.url for line in told(self.register.piles(user))]) == named
        assert self.whom(named, lambda client: url in _said(client, "/waiting/")) == named

    def offers(self, row: Any, **verbs: str) -> None:
        """Verb by verb these people and nobody else may move the row as it stands: to them its page has the
        verb. Others are refused what they try, and nothing has moved."""
        url, before = row.get_absolute_url(), Change.objects.of(row).count()
        named = {verb: sorted(names.split()) for verb, names in verbs.items()}
        workflow, found = self.register.workflow, dict[str, list[str]]()
        for verb, step in workflow.transitions.items():
            if row.state in step.sources:
                found[verb] = self.ruled(lambda user, step=step: step.allowed(user, row))  # type: ignore[misc]
        assert {verb: names for verb, names in found.items() if names} == named
        for name in self.near([one for names in named.values() for one in names]):
            client = self.client(name)
            page = client.get(url)
            for verb in workflow.transitions:
                offered = page.status_code == 200 and f"{url}{verb}/" in page.content.decode()
                assert offered == (name in named.get(verb, ())), (name, verb)
                if not offered and page.status_code == 200:
                    assert client.post(f"{url}{verb}/").status_code in {302, 403, 409}, (name, verb)
            if page.status_code != 200:
                codes = page.status_code, client.post(f"{url}{next(iter(workflow.transitions))}/").status_code
                assert codes == (404, 404), name
        assert Change.objects.of(row).count() == before

    # What happens ---------------------------------------------------------------------------------
    def begins(self, who: str, **typed: Any) -> Any:
        """These people and nobody else are shown the form of a new record; the first of them sends it.
        Answers with the record."""
        page, names, new = f"{self.listed}new/", who.split(), self.register.new
        assert new is not None
        assert self.ruled(new.may) == sorted(names)
        assert self.whom(names, lambda client: client.get(page).status_code == 200) == sorted(names)
        answer: Any = self.client(names[0]).post(page, _typed(typed))
        assert answer.status_code == 302, answer.context["form"].errors
        return self.register.model._default_manager.latest("pk")

    def goes(self, row: Any, name: str, verb: str, *, through: str = "page", **typed: Any) -> None:
        """This person does the verb on its page, or `through="api"`; the row then stands where the table
        says. What the table needs is asked for: without it nothing moves."""
        api, client = through == "api", self.client(name)
        to = (
            f"{self.resource}{row.uid}/{verb.replace('_', '-')}/"
            if api
            else f"{row.get_absolute_url()}{verb}/"
        )
        as_sent: Any = {"content_type": "application/json"} if api else {}
        if self.register.workflow[verb].needs:
            assert client.post(to, {}, **as_sent).status_code == (400 if api else 422)
        answer: Any = client.post(to, _by_program(typed) if api else _typed(typed), **as_sent)
        assert answer.status_code == (200 if api else 302), answer.content.decode()
        row.refresh_from_db()
        assert row.state == self.register.workflow[verb].target

    def told(self, act: Callable[..., Any], *given: Any, **named: Any) -> list[str]:
        """To whom letters go because of `act(*given, **named)`, once for each, reminders that are due by then
        among them."""
        mail.outbox.clear()
        with TestCase.captureOnCommitCallbacks(execute=True):
            act(*given, **named)
        reminding.remind()
        outbox.deliver()
        known = {person.email: name for name, person in self.cast.people().items()}
        return sorted(known[address] for letter in mail.outbox for address in letter.to)

    def counts(self, indicator: str, value: int) -> None:
        """So much is counted of this indicator, in the whole."""
        indicators.collect([indicator])
        found = Measure.objects.filter(indicator=indicator, place="").values_list("value", flat=True)
        assert [int(one) for one in found] == [value]

    def costs_the_same(self, row: Any, who: str, many: int = 30) -> None:
        """The list and that of programs ask the database the same at this row and at so many more like it."""
        client, pages = self.client(who), (self.listed, self.resource)
        before = [_queries(client, page) for page in pages]
        fields = [one.attname for one in row._meta.concrete_fields if one.name not in ("id", "uid")]
        values = {name: getattr(row, name) for name in fields}
        type(row)._default_manager.bulk_create(type(row)(**values) for _n in range(many))
        assert [_queries(client, page) for page in pages] == before


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """As a browser sends it: moments by Baku's clock, of rows their keys."""

    def sent(value: Any) -> Any:
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"
        return value.pk if isinstance(value, Model) else value

    return {name: sent(value) for name, value in values.items()}


def _by_program(values: dict[str, Any]) -> dict[str, Any]:
    """As a program sends it: of rows that have a slug this, of others their keys."""
    return {
        name: getattr(value, "slug", value.pk) if isinstance(value, Model) else value
        for name, value in values.items()
    }


def _said(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode())


def _queries(client: Client, address: str) -> int:
    client.get(address)  # what is asked once in a process is asked now
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
