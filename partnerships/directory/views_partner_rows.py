"""The rows of the public list of partners, as the page draws them."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.markup import markup
from partnerships.common.tables import Column, page_column
from partnerships.directory.enums import Kind
from partnerships.directory.models import Organization

_SHOWN = ("slug", "name", "name_en", "acronym", "kind", "city", "sort_key")


def with_columns(rows: Any) -> Any:
    """What the page draws of a row, and no more."""
    return rows.only(*_SHOWN)


def columns() -> list[Column]:
    # One address for all: a slug is plain and needs no quoting.
    before, after = reverse("partner_detail", args=["slug-of-none"]).split("slug-of-none")
    kinds = {kind.value: markup("{}", kind.label) for kind in Kind}

    def name(row: Organization) -> SafeString:
        acronym = markup(' <span class="muted">{}</span>', row.acronym) if row.acronym else ""
        url = f"{before}{row.slug}{after}"
        return markup('<a class="name" href="{}">{}</a>{}', url, row.display_name, acronym)

    return [
        page_column(_("Organisation"), name, bare=True),
        page_column(_("Kind"), lambda row: kinds[row.kind]),
        page_column(_("City"), lambda row: markup("{}", row.city_name or "—")),
    ]
