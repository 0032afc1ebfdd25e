"""The units of an organisation from a table."""

import pytest
from django.test import TestCase
from django.urls import reverse

from partnerships.common.refusals import Refused
from partnerships.directory.models import Organization
from partnerships.documents import brought_units
from partnerships.documents.enums import ImportState
from partnerships.documents.models import ImportRun
from partnerships.testing import files, tables
from partnerships.testing.tables import confirm, fates

HEAD = ["Bölmənin adı", "Növü", "Tabe olduğu bölmə", "Qısa adı", "İngiliscə adı"]


def bring(cast, rows, who="partnerships"):
    context = {"organization": cast.aztu.pk}
    return tables.bring(brought_units.KIND, [HEAD, *rows], context=context, actor=cast.user(who))


def test_a_tree_is_brought_with_what_stands_below_in_rows_below(cast):
    rows = [
        ["Tikinti fakültəsi", "Fakültə", "", "TF", "Faculty of Construction"],
        ["Körpülər kafedrası", "kafedra", "tikinti fakultesi", "", ""],
        [cast.energy.name, "", "", "", "Energy"],
        ["Yad kafedra", "Kafedra", "Yoxdur", "", ""],
        ["Tikinti fakültəsi", "", "", "", ""],
        ["=1+1", "Planet", "", "", ""],
    ]
    run = bring(cast, rows)
    assert fates(run) == ["add", "add", "change", "refuse", "refuse", "refuse"]
    done = confirm(run)
    assert (done.state, done.summary["outcomes"]) == (ImportState.DONE, {"refused": 3, "written": 3})
    faculty = Organization.objects.get(name="Tikinti fakültəsi")
    chair = Organization.objects.get(name="Körpülər kafedrası")
    assert (faculty.parent, faculty.acronym, faculty.name_en) == (cast.aztu, "TF", "Faculty of Construction")
    assert (chair.parent, chair.kind, chair.path) == (faculty, "department", f"{faculty.path}{chair.pk}.")
    assert Organization.objects.get(pk=cast.energy.pk).name_en == "Energy"
    assert fates(bring(cast, rows[:3])) == ["nothing"] * 3


@pytest.mark.parametrize("who", ["coordinator", "coordinator2", "hr", "student"])
def test_only_who_draws_the_tree_brings_it(cast, login, who):
    url = reverse("import_units", args=[cast.aztu.slug])
    assert login(who).get(url).status_code == 403
    with pytest.raises(Refused):
        bring(cast, [["A", "", "", "", ""]], who)


def test_what_is_taken_away_can_be_brought_again(cast, login):
    client = login("partnerships")
    answer = client.get(reverse("export", args=["directory.units"]), {"of": cast.aztu.slug, "lang": "en"})
    upload = files.upload(b"".join(answer.streaming_content), "units.xlsx")
    with TestCase.captureOnCommitCallbacks(execute=True):
        page = client.post(reverse("import_units", args=[cast.aztu.slug]), {"file": upload})
    run = ImportRun.objects.get()
    assert page.url == run.get_absolute_url()
    assert set(fates(run)) == {"nothing"}
