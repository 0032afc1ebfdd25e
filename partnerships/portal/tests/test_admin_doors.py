"""The administration is an administrator's by their role: nobody has to be a superuser to look after it."""

from typing import Any

from django.contrib import admin
from django.test import RequestFactory

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
