"""Partners from a table: new ones, and those that the portal knows already."""

import pytest
from django.test import TestCase
from django.urls import reverse

from partnerships.common.refusals import Refused
from partnerships.directory.models import Organization
from partnerships.documents import brought_partners
from partnerships.documents.models import ImportRun
from partnerships.testing import files, tables
from partnerships.testing.tables import confirm, fates

HEAD = ["Təşkilatın adı", "Növü", "Qısa adı", "Sayt", "İngiliscə adı"]


def bring(cast, rows, who="partnerships"):
    return tables.bring(brought_partners.KIND, [HEAD, *rows], actor=cast.user(who))


def test_new_partners_come_and_known_ones_are_found_in_whatever_spelling(cast):
    Organization.objects.filter(pk=cast.adnsu.pk).update(is_partner=False)
    rows = [
        ["Şəki Regional Kolleci", "başqa", "ŞRK", "kollec.example", ""],
        ["azerbaycan dovlet neft ve senaye universiteti", "Universitet", "", "", ""],
        [cast.aztu.name, "Universitet", "", "", ""],
        ["ŞƏKİ REGİONAL KOLLECİ", "başqa", "", "", ""],
        [cast.other_company.name, "Universitet", "", "", ""],
        ["Planet", "planet", "", "bu sayt deyil", ""],
    ]
    run = bring(cast, rows)
    assert fates(run) == ["add", "change", "nothing", "refuse", "refuse", "refuse"]
    confirm(run)
    made = Organization.objects.get(name="Şəki Regional Kolleci")
    assert (made.kind, made.is_partner, made.acronym, made.website) == (
        "partner",
        True,
        "ŞRK",
        "https://kollec.example",
    )
    assert (made.root, made.path) == (made, f"{made.pk}.")
    assert Organization.objects.get(pk=cast.adnsu.pk).is_partner
    assert fates(bring(cast, rows[:3])) == ["nothing"] * 3


def test_what_is_taken_away_can_be_brought_again(cast, login):
    client = login("partnerships")
    answer = client.get(reverse("export", args=["directory.partners"]), {"lang": "az"})
    upload = files.upload(b"".join(answer.streaming_content), "partners.xlsx")
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("import_partners"), {"file": upload})
    assert set(fates(ImportRun.objects.get())) == {"nothing"}


@pytest.mark.parametrize("who", ["coordinator", "hr", "rector", "student"])
def test_only_who_runs_the_partnership_brings_them(cast, login, who):
    assert login(who).get(reverse("import_partners")).status_code == 403
    assert reverse("import_partners") not in login(who).get(reverse("partners")).content.decode()
    with pytest.raises(Refused):
        bring(cast, [["A", "Universitet", "", "", ""]], who)
