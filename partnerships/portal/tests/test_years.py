"""Whoever types a day or a moment anywhere is told of a year that cannot be meant: what counts days from the
year 9999, or to the year 26, breaks long after it was typed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers

from partnerships.testing.cast import Cast

OURS = ("partnerships.", "research", "internships", "training", "events", "technopark")
DATED = (forms.DateField, forms.DateTimeField, forms.SplitDateTimeField)
MEANT = datetime(2027, 3, 1, 10, tzinfo=UTC)
SLIPS = [MEANT.replace(year=year) for year in (1, 26, 9999)]


def kinds_of(kind: Any) -> Iterator[Any]:
    for one in kind.__subclasses__():
        if one.__module__.startswith(OURS) and ".tests." not in one.__module__:
            yield one
        yield from kinds_of(one)


def takes(field: Any, given: datetime) -> bool:
    try:
        field.run_validators(given if "Time" in type(field).__name__ else given.date())
    except (ValidationError, serializers.ValidationError):
        return False
    return True


def unbounded(fields: Any, dated: tuple[Any, ...]) -> list[str]:
    found = [(name, field) for name, field in fields if isinstance(field, dated)]
    assert all(takes(field, MEANT) for _name, field in found)
    return [name for name, field in found if any(takes(field, slip) for slip in SLIPS)]


def test_no_form_takes_a_year_that_cannot_be_meant() -> None:
    assert get_resolver().url_patterns  # every form stands behind an address
    wrong = {
        f"{kind.__module__}.{kind.__name__}": names
        for kind in kinds_of(forms.BaseForm)
        if (names := unbounded(getattr(kind, "base_fields", {}).items(), DATED))
    }
    assert wrong == {}


def sent() -> set[str]:
    """Names of what the interface takes, as its schema calls it."""
    found = set()
    for methods in SchemaGenerator().get_schema(request=None, public=True)["paths"].values():
        for operation in methods.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                found.add(content["schema"].get("$ref", "").rpartition("/")[2])
    return found


def test_the_interface_takes_no_year_that_cannot_be_meant() -> None:
    taken, dated = sent(), (serializers.DateField, serializers.DateTimeField)
    asked, wrong = set(), {}
    for kind in kinds_of(serializers.BaseSerializer):
        if kind.__name__.removesuffix("Serializer") not in taken:
            continue
        fields = [(name, field) for name, field in kind().fields.items() if not field.read_only]
        asked |= {kind.__name__ for _name, field in fields if isinstance(field, dated)}
        if names := unbounded(fields, dated):
            wrong[kind.__name__] = names
    assert wrong == {}
    assert {"BookSerializer", "CloseThingSerializer", "MovedInterview", "NewDay"} <= asked


@pytest.mark.django_db
def test_the_administration_takes_no_year_that_cannot_be_meant(cast: Cast) -> None:
    request: Any = RequestFactory().get("/admin/")
    request.user = cast.user("admin")
    wrong = {}
    for model, page in admin.site._registry.items():
        if not type(page).__module__.startswith(OURS):
            continue
        inlines = [inline(model, admin.site) for inline in page.inlines]
        for one in (page, *inlines):
            changes = (
                one.has_add_permission(request, None) if one in inlines else page.has_add_permission(request)
            )
            if not changes and not one.has_change_permission(request):
                continue
            form = one.get_formset(request).form if one in inlines else one.get_form(request)
            if names := unbounded(form.base_fields.items(), DATED):
                wrong[one.model._meta.label] = names
    assert wrong == {}
