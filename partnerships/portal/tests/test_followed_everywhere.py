"""Every kind of record with a page of its own can be followed from it, or stands here with its reason.

The kinds are the models that lead to a page by their own key, so those of a new direction are among them.
"""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from partnerships.accounts.models import User
from partnerships.ideas.workflow import IDEA
from partnerships.notifications import following
from partnerships.notifications.models import Follow
from partnerships.testing.crawling.sight import models_with_uid
from partnerships.workflow.pages import RecordPage

NOT_FOLLOWED = {
    "documents.Document": "a file: it never changes, and what it belongs to is followed",
    "documents.ImportRun": "a work of one's own, seen by nobody else, whose end is told to its owner",
    "documents.ExportRun": "a work of one's own, seen by nobody else, over in minutes",
    "certificates.Batch": "a work of one's own, seen by nobody else; each certificate in it is followed",
    "reviews.Rubric": "a version never changes, and no letter tells of a new one",
    "reviews.Review": "it is its reviewer's own; its page offers the round, which is what moves for others",
    "internships.Vacancy": "it stands and falls with its programme, which its page offers",
    "internships.Concern": "told in confidence: nobody hears of it who is not named",
}


def with_own_page() -> dict[str, Any]:
    """The models whose page is found by the key of the row itself, not by that of what it belongs to."""
    found = {}
    for model in models_with_uid():
        if not hasattr(model, "get_absolute_url"):
            continue
        row: Any = model(uid=uuid4())
        if any(field.name == "slug" for field in model._meta.fields):
            row.slug = "of-its-own"
        try:
            way = resolve(row.get_absolute_url())
        except (ObjectDoesNotExist, Resolver404):  # the page of what it belongs to, or no page
            continue
        if names(way, row):
            found[model._meta.label] = model
    return found


def names(way: Any, row: Any) -> bool:
    """Whether an address has the row's own key in it."""
    own = row.uid, getattr(row, "slug", row.uid)
    return any(value in own for value in way.kwargs.values())


def test_the_page_of_a_register_whose_declaration_stands_beside_the_key_is_the_records_own() -> None:
    row, page = SimpleNamespace(uid=uuid4()), RecordPage(rows=list, workflow=IDEA, acts={})
    assert names(SimpleNamespace(kwargs={"uid": row.uid, "page": page}), row)
    assert not names(SimpleNamespace(kwargs={"uid": uuid4(), "page": page}), row)


def test_every_kind_with_a_page_of_its_own_can_be_followed_or_says_why_not() -> None:
    own = with_own_page()
    left_out = {label for label, model in own.items() if not following.followable(model)}
    # Reviews can be followed by their key; their page offers the round.
    assert left_out | {"reviews.Review"} == set(NOT_FOLLOWED)
    assert {"reviews.ReviewRound", "certificates.Certificate", "bookings.Thing"} <= set(own) - left_out


@pytest.mark.crawl
@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("label", sorted(set(with_own_page()) - set(NOT_FOLLOWED)))
def test_its_page_offers_to_follow_it_and_it_stands_among_what_one_follows(settings: Any, label: str) -> None:
    settings.DEMO = True
    model: Any = apps.get_model(label)
    with transaction.atomic():
        user, record = next(
            (user, record)
            for user in User.objects.filter(is_active=True).order_by("pk")
            for record in model.objects.visible_to(user)[:20]
            # A unit has the page of its organisation, one that is no partner yet has none.
            if following.page_of(record) and names(resolve(record.get_absolute_url()), record)
        )
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        address = f"/inbox/follow/{label.lower()}/{record.uid}/"
        page = record.get_absolute_url()
        assert address in client.get(page, follow=True).text
        assert client.post(address, {"on": "1", "next": page}).status_code == 302
        assert [row.object_id for row in Follow.objects.filter(person=user.person)] == [record.pk]
        assert page in client.get("/inbox/following/").text
        assert client.post(address, {"on": "0", "next": page}).status_code == 302
        transaction.set_rollback(True)


@pytest.mark.crawl
@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_the_page_of_a_place_offers_its_programme_and_that_of_a_review_its_round(settings: Any) -> None:
    settings.DEMO = True
    for label, owner in (("internships.Vacancy", "programme"), ("reviews.Review", "round")):
        model: Any = apps.get_model(label)
        rows = model.objects.own if owner == "round" else model.objects.visible_to
        user = next(user for user in User.objects.order_by("pk") if rows(user).exists())
        record = rows(user).first()
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        text = client.get(record.get_absolute_url()).text
        found = record.round if owner == "round" else record.position.programme
        assert f"/inbox/follow/{found._meta.label_lower}/{found.uid}/" in text
        assert f"/inbox/follow/{label.lower()}/" not in text
