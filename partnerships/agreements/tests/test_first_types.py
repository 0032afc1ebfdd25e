"""The types of agreement that a portal starts with, and their names."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import translation

from partnerships.agreements import first_types
from partnerships.agreements.enums import AgreementKind
from partnerships.agreements.kinds import kinds
from partnerships.agreements.models import AgreementType

pytestmark = pytest.mark.django_db
names = import_module("partnerships.agreements.migrations.0006_names_of_types")


def test_a_portal_starts_with_a_type_of_each_kind_of_text_in_both_languages():
    AgreementType.objects.all().delete()
    meant = {}
    for key, kind in kinds().items():
        if kind.kind != AgreementKind.AMENDMENT:
            with translation.override("az"):
                meant[key] = [str(kind.label)]
            with translation.override("en"):
                meant[key].append(str(kind.label))
    assert first_types.load_types() == len(meant)
    made = AgreementType.objects.values_list("text_kind", "name_az", "name_en")
    assert {key: [az, en] for key, az, en in made} == meant
    assert all(az != en for az, en in meant.values())


def test_names_written_in_english_for_azerbaijani_become_azerbaijani_and_typed_ones_stay():
    AgreementType.objects.all().delete()
    first_types.load_types()
    meant = dict(AgreementType.objects.values_list("key", "name_az"))
    for row in AgreementType.objects.all():
        AgreementType.objects.filter(pk=row.pk).update(name_az=row.name_en)
    AgreementType.objects.filter(key="nda").update(name_az="Sirr haqqında saziş")
    AgreementType.objects.filter(key="memorandum").update(name_az="Memorandum of Understanding (MoU)")
    AgreementType.objects.create(
        key="ours", text_kind="agreements.framework", name_az="Framework agreement", name_en=""
    )
    for _again in range(2):
        names.forwards(apps, None)
        assert dict(AgreementType.objects.values_list("key", "name_az")) == {
            **meant,
            "nda": "Sirr haqqında saziş",
            "memorandum": "Memorandum of Understanding (MoU)",
            "ours": "Framework agreement",
        }
