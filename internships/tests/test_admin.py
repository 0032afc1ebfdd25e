"""The administration reads what happened and changes nothing of it."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from internships import actions, history
from internships.models import Application, NominationOrder
from internships.tests import makers
from partnerships.agreements.history import DONE as AGREEMENT_DONE

MODELS = ("programme", "position", "application", "interview", "nominationorder")


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True  # where a second factor is not asked for


def listed(client, model, **query):
    return client.get(reverse(f"admin:internships_{model}_changelist"), query)


def test_every_list_and_every_row_opens_and_nothing_can_be_changed(cast, login):
    application = makers.endorsed(cast, makers.programme(cast))
    programme = application.programme
    actions.refuse(application, actor=cast.user("hr"), code="other", note="Yox.")
    order = NominationOrder.objects.create(
        programme=programme,
        university=cast.aztu,
        number="12",
        date="2026-11-01",
        made_by=cast.user("coordinator"),
    )
    admin = login("admin")
    for model in MODELS:
        assert listed(admin, model).status_code == 200
        assert admin.get(reverse(f"admin:internships_{model}_add")).status_code == 403
    rows = {
        "programme": programme.pk,
        "position": programme.positions.get().pk,
        "application": application.pk,
        "nominationorder": order.pk,
    }
    for model, key in rows.items():
        change = reverse(f"admin:internships_{model}_change", args=[key])
        page = admin.get(change)
        assert page.status_code == 200
        if model == "application":  # the history stands in words, not in keys
            cells = re.findall(r'field-(?:verb|from|to)_in_words">\s*<p>([^<]*)</p>', page.text)
            assert cells[:3] == ["Şirkət imtina cavabı verib", "Qərar gözlənilir", "İmtina cavabı verilib"]
            assert [cell for cell in cells if re.fullmatch("[a-z_]+", cell)] == []
        assert admin.post(change, {"state": "accepted"}).status_code == 403
        assert (
            admin.post(reverse(f"admin:internships_{model}_delete", args=[key]), {"post": "yes"}).status_code
            == 403
        )
    assert Application.objects.get().state == "refused"


def recorded(folder):
    """Every verb that the actions of an app write down by name, whether it moves a state or not."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and len(node.args) > 1:
                for part in ast.walk(node.args[1]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


@pytest.mark.parametrize(
    ("app", "told"),
    [
        ("internships", set(history.CONCERN_DONE).union(*history.TOLD.values())),
        ("partnerships/agreements", set(AGREEMENT_DONE)),
    ],
)
def test_every_verb_that_is_written_down_has_words(app, told):
    """The days of the diary and absences are in no list of the administration."""
    found = set(recorded(Path(settings.BASE_DIR) / app / "actions"))
    assert len(found) > 5
    assert found - told - {"report", "paper"} == set()


def test_search_forgives_letters(cast, login):
    application = makers.endorsed(cast, makers.programme(cast))
    makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Kabel")
    admin = login("admin")
    found = {
        ("application", "memmedova"): [application],
        ("application", application.number): [application],
        ("application", "qarabagli"): [],
        ("programme", "tecrubesi"): [application.programme],
        ("position", "isletmek"): [],
    }
    for (model, words), rows in found.items():
        assert list(listed(admin, model, q=words).context["cl"].queryset) == rows


@pytest.mark.parametrize("who", ["hr", "coordinator", "student"])
def test_nobody_else_opens_it(cast, login, who):
    for model in MODELS:
        assert listed(login(who), model).status_code == 302
