"""Words that were folded while quotation marks were kept are kept without them."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from partnerships.common.fields import FoldedField
from partnerships.common.folding import without_quotes
from partnerships.directory.models import Organization, OrganizationName
from partnerships.directory.reports import find_organizations

pytestmark = pytest.mark.django_db
LAST = {
    "directory": "0013",
    "agreements": "0007",
    "certificates": "0006",
    "bookings": "0013",
    "reviews": "0010",
    "joining": "0002",
    "ideas": "0003",
    "internships": "0030",
}


def test_words_folded_with_quotation_marks_are_found_without_them(cast):
    kept = dict(Organization.objects.values_list("pk", "folded"))
    names = dict(OrganizationName.objects.values_list("pk", "folded"))
    Organization.objects.filter(pk=cast.azerisiq.pk).update(folded='“azerisiq” asc "" x «y» azerisiq')
    OrganizationName.objects.filter(organization=cast.azerisiq).update(folded="„azerisiq“ asc")
    without_quotes("directory", "Organization", "OrganizationName")(
        apps, SimpleNamespace(connection=connection)
    )
    assert dict(Organization.objects.values_list("pk", "folded")) == {
        **kept,
        cast.azerisiq.pk: "azerisiq asc x y azerisiq",
    }
    own = OrganizationName.objects.filter(organization=cast.azerisiq).values_list("pk", flat=True)
    assert dict(OrganizationName.objects.values_list("pk", "folded")) == {
        **names,
        **dict.fromkeys(own, "azerisiq asc"),
    }
    assert {found for typed in ('"Azərişıq" ASC', "Azərişıq ASC") for found in find_organizations(typed)} == {
        cast.azerisiq
    }


def test_every_table_with_folded_words_is_among_them():
    ours = {model._meta.app_label for model in apps.get_models() if _folds(model) and _is_ours(model)}
    assert ours == set(LAST)
    for app, number in LAST.items():
        package = import_module(apps.get_app_config(app).module.__name__ + ".migrations")
        made = import_module(f"{package.__name__}.{number}_folded_without_quotes")
        assert made.Migration.operations


def _folds(model):
    return any(isinstance(field, FoldedField) for field in model._meta.local_fields)


def _is_ours(model):
    return not model.__module__.startswith(("partnerships.portal.tests", "partnerships.testing"))
