"""The administration is an administrator's by their role: nobody has to be a superuser to look after it."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory
from django.utils import translation

from partnerships.common.text import sort_key
from partnerships.testing.cast import Cast

# Of packages: what they register is their own affair.
OURS = ("partnerships.", "research", "internships", "training", "events", "technopark")


def test_an_administrator_sees_every_model_that_we_register_and_nobody_else_one(cast: Cast) -> None:
    def seen_by(name: str) -> set[str]:
        request: Any = RequestFactory().get("/admin/")
        request.user = cast.user(name)
        return {
            model._meta.label
            for model, entry in admin.site._registry.items()
            if type(entry).__module__.startswith(OURS)
            and entry.has_module_permission(request)
            and entry.has_view_permission(request)
        }

    registered = {
        model._meta.label
        for model, entry in admin.site._registry.items()
        if type(entry).__module__.startswith(OURS)
    }
    assert not cast.user("admin").is_superuser
    assert seen_by("admin") == registered
    assert seen_by("hr") == set()


# What the administration does not show, and why. A new model is registered, stands in the page of what it
# belongs to, or is named here.
LEFT_OUT = {
    "directory.University": "a kind of organisation, kept there",
    "directory.Company": "a kind of organisation, kept there",
    "directory.Unit": "a kind of organisation, kept there",
    "directory.Study": "a student's, kept with the person by their university",
    "common.Counter": "the last number given out; moving it would give one twice",
    "common.KeptAnswer": "answers of the interface kept for a day for who asked",
    "documents.ColumnChoice": "how somebody reads their own tables",
    "documents.ImportRow": "rows of somebody's file: for the requester alone",
    "notifications.Follow": "what somebody follows is theirs",
    "calls.Answer": "what somebody answered is read where it is judged",
    "calls.AccessUse": "who used a code is said on the page of the call",
    "certificates.BatchItem": "lines stay with who asked for them",
    "bookings.Slot": "the hours of a booking, which is registered",
    "reviews.Review": "marks stay in their round, blind ones above all",
    "reviews.Remark": "what is said in a round stays there",
    "reviews.Conflict": "who is tied to whom is for who runs the round; overrides are shown",
    "reviews.Tally": "results stay in their round",
    "portal.CalendarKey": "opens somebody's calendar",
    "internships.Assessment": "notes for colleagues",
    "internships.Concern": "raised in confidence",
    "internships.KeptYear": "numbers kept for the page of indicators",
}


def test_the_administration_shows_every_model_of_ours_or_says_why_not() -> None:
    shown = {model._meta.label for model in admin.site._registry}
    shown |= {inline.model._meta.label for page in admin.site._registry.values() for inline in page.inlines}
    ours = {model._meta.label for model in apps.get_models() if model.__module__.startswith(OURS)}
    assert ours - shown == set(LEFT_OUT)


@pytest.mark.wide
def test_every_list_of_the_administration_opens_and_is_searched(
    cast: Cast, login: Any, settings: Any
) -> None:
    settings.DEMO = True  # no second factor asked in the embedded default
    administrator = login("admin")
    refused = {}
    for model, page in admin.site._registry.items():
        if type(page).__module__.startswith(OURS) and not model._meta.proxy:
            address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/?q=12"
            answer = administrator.get(address)
            if answer.status_code != 200 or (page.search_fields and 'name="q"' not in answer.text):
                refused[address] = answer.status_code
    assert refused == {}


def test_sections_and_what_stands_in_them_follow_the_azerbaijani_alphabet(cast: Cast) -> None:
    request: Any = RequestFactory().get("/admin/")
    request.user = cast.user("admin")
    sections = admin.site.get_app_list(request)
    names = [str(section["name"]) for section in sections]
    assert names == sorted(names, key=sort_key) != sorted(names)
    for section in sections:
        models = [str(model["name"]) for model in section["models"]]
        assert models == sorted(models, key=sort_key)


def test_a_direction_without_words_of_its_own_is_called_as_on_the_pages() -> None:
    for language, name in (("az", "Tədqiqat və İnnovasiya"), ("en", "Research and Innovation")):
        with translation.override(language):
            assert str(apps.get_app_config("research").verbose_name) == name


def test_the_scripts_of_the_administration_count_what_is_chosen_without_a_torn_ending() -> None:
    with translation.override("az"):
        words = admin.site.i18n_javascript(RequestFactory().get("/admin/jsi18n/")).content.decode()
    assert '"%(sel)s of %(cnt)s selected": "Se\\u00e7ilib: %(sel)s / %(cnt)s"' in words
    assert "-dan/d" not in words
