"""Saved views as a list shows them: a row above it, and the menu that keeps one more."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from partnerships.common.addresses import kept_address
from partnerships.common.markup import OPEN, kept_markup, markup
from partnerships.common.prepared import Prepared
from partnerships.common.templatetags.ui import icon
from partnerships.portal.models import SavedView
from partnerships.portal.saved import pairs_in

_OF_ACCOUNT: Prepared[SavedView] = Prepared(
    lambda account: SavedView.objects.filter(user_id=account).order_by("pk")
)
EMPTY = SafeString("")


def row_of_views(request: HttpRequest) -> SafeString:
    """The reader's own views of this list, the one that stands marked; who has none is not asked about."""
    user: Any = request.user
    if not user.keeps_views:
        return EMPTY
    views = [view for view in _OF_ACCOUNT(user.pk) if view.path == request.path]
    if not views:
        return EMPTY
    here = sorted(pairs_in(request.GET))
    links = [
        markup(
            '<a href="{}" dir="auto" title="{}"{}><span class="clip">{}</span></a>',
            view.address,
            view.name,
            SafeString(' aria-current="true"') if sorted(view.query) == here else EMPTY,
            view.name,
        )
        for view in views
    ]
    return markup(
        '<nav class="filters views" aria-label="{}"><span class="small muted">{}</span>{}</nav>',
        _("Saved views"),
        _("Saved views"),
        SafeString("\n".join(links)),
    )


def menu_of_views(request: HttpRequest, token: Any) -> SafeString:
    """What keeps the list as it is narrowed now. A part of the page may change below it: portal.js tells the
    form the address that stands when it is sent. `token`: that of the page's forms; to make one more costs
    what half a row does."""
    query = pairs_in(request.GET)
    return _menu()(
        kept_address("view_new"),
        token,
        request.path + (f"?{urlencode([(name, value) for name, value in query])}" if query else ""),
        kept_address("saved_views"),
    )


@kept_markup
def _menu() -> SafeString:
    return markup(
        '<details class="drop keep-view"><summary class="btn btn-quiet">{} {} {}</summary>'
        '<div class="drop-menu"><form method="post" action="{}" data-address>'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="address" value="{}"><label for="view-name">{}</label>'
        '<input class="form-control form-control-sm" id="view-name" name="name" maxlength="60" '
        'required dir="auto" autocomplete="off"><button class="btn btn-quiet btn-sm">{}</button></form><hr>'
        '<a href="{}">{} {}</a></div></details>',
        *(icon("funnel"), pgettext("of a list", "View"), icon("chevron-down")),
        *(OPEN, OPEN, OPEN),
        _("Save filters, search and order as"),
        _("Save the view"),
        *(OPEN, icon("list"), _("All my saved views")),
    )
