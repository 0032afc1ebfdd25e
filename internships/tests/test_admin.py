"""The administration reads what happened and changes nothing of it."""

import re

import pytest
from django.urls import reverse

from internships import actions
from internships.models import Application, NominationOrder
from internships.tests import makers

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
            assert cells[:3] == ["İmtina et", "Qərar gözlənilir", "İmtina cavabı verilib"]
        assert admin.post(change, {"state": "accepted"}).status_code == 403
        assert (
            admin.post(reverse(f"admin:internships_{model}_delete", args=[key]), {"post": "yes"}).status_code
            == 403
        )
    assert Application.objects.get().state == "refused"


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
