"""The lists of the administration as they are taken away: of whatever model is registered there, the rows,
columns and rights of its own page.

Nothing is said for each model; one names in `not_in_files` what its page shows and no file may hold: what
opens a door, a phone. Docs: docs/exports.md.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from html import unescape
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import (
    IS_FACETS_VAR,
    IS_POPUP_VAR,
    TO_FIELD_VAR,
    IncorrectLookupParameters,
)
from django.contrib.admin.utils import get_fields_from_path, label_for_field, lookup_field
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR
from django.core.exceptions import BadRequest, FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.accounts.second_factor import lacks_second_factor
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed
from partnerships.common.refusals import Refused

KIND = "portal.administration"
OF = "of"  # which list, as "bookings.thing"
# What says where in the list its page stands, and nothing of the list.
OF_THE_PAGE = (PAGE_VAR, ALL_VAR, ERROR_FLAG, IS_FACETS_VAR, IS_POPUP_VAR, TO_FIELD_VAR)
NOT_THE_LIST = (OF, "format", "lang", "after", "before", *OF_THE_PAGE)
TICKS = "action_checkbox"
NOTHING = ("", "-", "—", "–")  # what pages put where there is nothing


def listed(user: Any, params: QueryDict) -> Listed:
    """The list of the administration that `of` names, as `user` sees it there.

    Raises Http404 for who does not enter the administration, and for what has no page there; Refused where
    the page of the list refuses; BadRequest for filters that it does not know.
    """
    page = _page_of(user, params.get(OF, ""))
    request = _request(user, page, params)
    if not page.has_view_or_change_permission(request):
        raise Refused(_("Your role does not include this here."))
    changelist = _changelist(page, request)
    left_out = (TICKS, *getattr(page, "not_in_files", ()))
    names = [name for name in changelist.list_display if name not in left_out]
    return Listed(
        f"{_('Administration')}: {capfirst(page.opts.verbose_name_plural)}",
        changelist.queryset,
        [_column(page, name) for name in names],
        order=_order(changelist.queryset),
    )


def filters_of(params: QueryDict) -> QueryDict:
    """What chooses and orders the rows of a list of the administration."""
    kept = params.copy()
    for name in NOT_THE_LIST:
        kept.pop(name, None)
    return kept


def _page_of(user: Any, label: str) -> "ModelAdmin[Any]":
    if not (user.is_active and user.is_staff):
        raise Http404
    if lacks_second_factor(user):
        raise Refused(_("Set up a second factor first: the administration is open only with it."))
    try:
        return admin.site.get_model_admin(apps.get_model(label))
    except (LookupError, ValueError, admin.exceptions.NotRegistered) as error:
        raise Http404 from error


def _request(user: Any, page: "ModelAdmin[Any]", params: QueryDict) -> HttpRequest:
    """The request that the page of the list would have: a worker has none of its own."""
    request = HttpRequest()
    request.method, request.user = "GET", user
    request.GET = filters_of(params)  # type: ignore[assignment]
    request.path = request.path_info = reverse(
        f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist"
    )
    return request


def _changelist(page: "ModelAdmin[Any]", request: HttpRequest) -> Any:
    """The list of the page, rows and order included. The page leads back to the whole list from a filter that
    it does not know; a file would pass the whole for a part of it."""
    asked = page.get_changelist(request).search_form_class(request.GET)
    if not asked.is_valid():
        raise BadRequest
    try:
        return page.get_changelist_instance(request)
    # The last two: the year 9999 has no next one, at which Django's list breaks.
    except (IncorrectLookupParameters, DisallowedModelAdminLookup, ValueError, OverflowError) as error:
        raise BadRequest from error


# Order ----------------------------------------------------------------------------------------------

_KEYED = (
    models.BooleanField,
    models.CharField,
    models.DateField,
    models.DecimalField,
    models.IntegerField,
    models.TextField,
)


def _order(rows: Any) -> tuple[str, ...]:
    """That of the page, where a place in it can be said by what stands in a row; else the newest first."""
    found: dict[str, str] = {}
    for part in rows.query.order_by:
        if not isinstance(part, str) or not _keyed(rows.model, name := part.lstrip("-")):
            return ("-pk",)
        found.setdefault(name, part)
        if name == "pk":
            return tuple(found.values())
    return (*found.values(), "-pk")


def _keyed(model: Any, path: str) -> bool:
    if path == "pk":
        return True
    try:
        *way, last = get_fields_from_path(model, path)
    except FieldDoesNotExist:
        return False
    sure = all(field.concrete and not field.null for field in way)
    return sure and isinstance(last, _KEYED) and not last.is_relation


# Columns --------------------------------------------------------------------------------------------


def _column(page: "ModelAdmin[Any]", name: Any) -> ExportColumn:
    heading = capfirst(str(label_for_field(name, page.model, page)))
    try:
        field = page.opts.get_field(name) if isinstance(name, str) else None
    except FieldDoesNotExist:
        field = None
    return ExportColumn(heading, _reader(page, name, _choices(field)), _width(field))


def _choices(field: Any) -> dict[Any, str]:
    """Value -> its words, in the language of the reader."""
    return {value: str(words) for value, words in getattr(field, "flatchoices", None) or ()}


def _width(field: Any) -> int:
    if isinstance(field, models.DateField):
        return 18
    return 12 if isinstance(field, (models.BooleanField, models.IntegerField, models.DecimalField)) else 30


def _reader(page: "ModelAdmin[Any]", name: Any, choices: dict[Any, str]) -> Callable[[Any], Any]:
    def value(row: Any) -> Any:
        try:
            field, _attr, found = lookup_field(name, row, page)
        except ObjectDoesNotExist:
            return None
        if choices and not isinstance(found, bool):
            return choices.get(found, found)
        # What somebody typed is theirs, a dash too.
        return plain(found) if field is None else plain(found, typed=True)

    return value


def plain(value: Any, *, typed: bool = False) -> Any:
    """What stands in a list of the administration, for a cell of a table: words without the markup about
    them, numbers and dates as they are; nothing for the dash of an empty place, unless it was typed."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or isinstance(value, (int, float, Decimal, datetime, date)):
        return value
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(plain(one, typed=typed)) for one in value)
    text = unescape(strip_tags(value)) if hasattr(value, "__html__") else str(value)
    return "" if not typed and text.strip() in NOTHING else text
