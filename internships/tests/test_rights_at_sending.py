"""Rights are asked for many people in one query when letters go, for every model that letters are about."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps

from internships.tests import makers
from partnerships.directory.access import load_access
from partnerships.notifications.collect import table
from partnerships.notifications.rechecking import seen_by
from partnerships.testing.cast import Cast

MODELS = sorted({item.model for item in (*table().letters, *table().reminders)})
WHO = ("student", "coordinator", "coordinator2", "hr", "mentor", "stranger", "admin")


@pytest.mark.django_db
@pytest.mark.parametrize("label", MODELS)
def test_what_is_seen_together_is_what_each_sees_alone(cast: Cast, label: str) -> None:
    makers.active(cast)
    model: Any = apps.get_model(label)
    keys = list(model._base_manager.values_list("pk", flat=True)[:50]) or [1]
    people: dict[int, Any] = {}
    alone = set()
    for name in WHO:
        user = cast.user(name)
        person = user.person
        notes = [
            SimpleNamespace(person_id=person.pk, person=person, notification=SimpleNamespace(object_id=key))
            for key in keys
        ]
        people[person.pk] = notes
        rows = model._default_manager.visible_to(user).filter(pk__in=keys)
        alone |= {(person.pk, key) for key in rows.values_list("pk", flat=True)}
    assert seen_by(model, people) == alone


@pytest.mark.django_db
def test_people_with_the_same_rights_are_asked_for_together(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    organization: Any = apps.get_model("directory.Organization")
    keys = list(organization.objects.filter(is_active=True).values_list("pk", flat=True))
    hidden = organization.objects.get(pk=cast.adnsu.pk)
    hidden.is_active = False
    hidden.save(update_fields=["is_active"])
    people = {
        person.pk: [
            SimpleNamespace(person_id=person.pk, person=person, notification=SimpleNamespace(object_id=key))
            for key in keys
        ]
        for person in (cast.user(name).person for name in ("student", "coordinator", "mentor", "stranger"))
    }
    load_access(notes[0].person.user for notes in people.values())
    with django_assert_num_queries(1) as asked:
        seen = seen_by(organization, people)
    assert "UNION" not in asked.captured_queries[0]["sql"]
    assert seen == {(person, key) for person in people for key in keys if key != hidden.pk}
