"""The logs of personal data and the list of one's own exports ask as much for one row as for four."""

import csv
import io
from typing import Any

import pytest
from django.utils import timezone

from partnerships.accounts.models import Consent, ConsentText
from partnerships.directory.enums import Role
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document, DocumentView, ExportRun
from partnerships.privacy.models import Erasure, RetentionLine, RetentionRun
from partnerships.testing import factories as make
from partnerships.workflow.models import record

pytestmark = pytest.mark.django_db

WHO = ("student", "colleague", "mentor", "hr")


def _looks(cast: Any, who: str) -> None:
    document = Document.objects.create(
        owner=getattr(cast, who),
        kind=DocumentKind.CV,
        name="cv.pdf",
        mime="application/pdf",
        size=1,
        stored=who,
    )
    DocumentView.objects.create(document=document, user=cast.user(who))


def _codes(cast: Any, who: str) -> None:
    record(getattr(cast, who), "see_fin", actor=cast.user("admin"), note="Əmr")


def _copies(cast: Any, who: str) -> None:
    record(getattr(cast, who), "ask_copy", actor=cast.user(who))


def _erasures(cast: Any, who: str) -> None:
    Erasure.objects.create(person=getattr(cast, who), due=timezone.now())


def _consents(cast: Any, who: str) -> None:
    text, _made = ConsentText.objects.get_or_create(number=90)
    for name in (who, "expert"):  # the reader has agreed too, else they would be asked first
        Consent.objects.get_or_create(user=cast.user(name), text=text)


def _keeping(cast: Any, who: str) -> None:
    run = RetentionRun.objects.create(finished=timezone.now())
    RetentionLine.objects.create(run=run, key="documents.looks", days=1095, due=3, removed=3)


def _exports(cast: Any, who: str) -> None:
    file = Document.objects.create(
        owner=cast.expert, kind=DocumentKind.EXPORT, name="x.csv", mime="text/csv", size=1, stored=who
    )
    ExportRun.objects.create(owner=cast.user("expert"), kind="x", name="x", query="", format="csv", file=file)


@pytest.mark.parametrize(
    ("address", "write"),
    [
        ("/data-protection/?show=keeping", _keeping),
        ("/data-protection/?show=looks", _looks),
        ("/data-protection/?show=codes", _codes),
        ("/data-protection/?show=copies", _copies),
        ("/data-protection/?show=erasures", _erasures),
        ("/data-protection/?show=consents", _consents),
        ("/documents/exports/", _exports),
    ],
)
def test_one_row_and_four_cost_the_same(
    cast: Any, login: Any, django_assert_max_num_queries: Any, address: str, write: Any
) -> None:
    make.affiliation(cast.expert, cast.azerisiq, Role.DATA_PROTECTION)
    client, asked, rows = login("expert"), [], []
    for some in (WHO[:1], WHO[1:]):
        for who in some:
            write(cast, who)
        client.get(address)
        with django_assert_max_num_queries(14) as queries:
            rows.append(client.get(address).content.decode().count("<tr>"))
        asked.append(len(queries))
    assert asked[0] == asked[1]
    if "keeping" not in address:  # which is no table
        assert rows[1] - rows[0] == 3


@pytest.mark.parametrize(
    ("shown", "write", "said"),
    [
        ("keeping", _keeping, "1095"),
        ("looks", _looks, "Nigar Məmmədova"),
        ("codes", _codes, "Əmr"),
        ("copies", _copies, "Nigar Məmmədova"),
        ("erasures", _erasures, "Nigar Məmmədova"),
        ("consents", _consents, "90"),
    ],
)
def test_a_log_is_taken_away_as_it_is_shown_and_nothing_in_it_runs(
    cast: Any, login: Any, django_assert_max_num_queries: Any, shown: str, write: Any, said: str
) -> None:
    cast.colleague.given_name = "=1+1"
    cast.colleague.save()
    make.affiliation(cast.expert, cast.azerisiq, Role.DATA_PROTECTION)
    client, costs = login("expert"), []
    for some in (WHO[:1], WHO[1:]):
        for who in some:
            write(cast, who)
        client.get("/exports/privacy.logs/", {"show": shown, "format": "csv"})
        with django_assert_max_num_queries(20) as queries:
            answer = client.get("/exports/privacy.logs/", {"show": shown, "format": "csv"})
            text = b"".join(answer.streaming_content).decode()
        costs.append(len(queries))
    assert costs[0] == costs[1]
    rows = text.splitlines()[1:]
    assert len(rows) == len(client.get("/data-protection/", {"show": shown}).context["page"].rows) >= 4
    assert said in text
    assert ";=" not in text
    assert "cv.pdf" not in text
    assert login("hr").get("/exports/privacy.logs/", {"show": shown}).status_code == 403


def test_the_register_of_what_is_kept_has_every_line_of_its_page(cast: Any, login: Any) -> None:
    client = login("expert")
    shown = client.get("/personal-data/kept/").content.decode().count("<tr>") - 1
    text = b"".join(client.get("/exports/privacy.kept/", {"format": "csv"}).streaming_content).decode()
    assert len(list(csv.reader(io.StringIO(text), delimiter=";"))) - 1 == shown > 20
