"""The logs of personal data and the list of one's own exports ask as much for one row as for four."""

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
