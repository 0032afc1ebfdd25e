"""The administration is an administrator's by their role: nobody has to be a superuser to look after it."""

from typing import Any

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


def test_sections_and_what_stands_in_them_follow_the_azerbaijani_alphabet(cast: Cast) -> None:
    request: Any = RequestFactory().get("/admin/")
    request.user = cast.user("admin")
    sections = admin.site.get_app_list(request)
    names = [str(section["name"]) for section in sections]
    assert names == sorted(names, key=sort_key) != sorted(names)
    for section in sections:
        models = [str(model["name"]) for model in section["models"]]
        assert models == sorted(models, key=sort_key)


def test_the_scripts_of_the_administration_count_what_is_chosen_without_a_torn_ending() -> None:
    with translation.override("az"):
        words = admin.site.i18n_javascript(RequestFactory().get("/admin/jsi18n/")).content.decode()
    assert '"%(sel)s of %(cnt)s selected": "Se\\u00e7ilib: %(sel)s / %(cnt)s"' in words
    assert "-dan/d" not in words
