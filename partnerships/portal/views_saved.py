"""One's saved views of lists: all of them, a new one, another name, and away with one."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.common.access import access
from partnerships.common.addresses import is_ours
from partnerships.common.pages import form_page, posted
from partnerships.portal import actions, saved
from partnerships.portal.models import SavedView
from partnerships.portal.saved_words import in_words, known_lists

ABOVE = ((gettext_lazy("Saved views"), "saved_views"),)


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=60)


class ViewForm(NameForm):
    address = forms.CharField(widget=forms.HiddenInput, max_length=saved.LONGEST)


@require_safe
@login_required
def saved_views(request: HttpRequest) -> HttpResponse:
    known = known_lists()
    rows = [
        (view, *in_words(view, request.user, known), request.build_absolute_uri(view.address))
        for view in SavedView.objects.visible_to(request.user).order_by("path", "pk")
    ]
    return render(request, "portal/saved_views.html", {"rows": rows, "most": saved.MOST})


def _saved_as(view: SavedView) -> str:
    if view.replaced:
        return _("Saved as: %(name)s. It replaces your earlier view of this name.") % {"name": view.name}
    return _("Saved as: %(name)s") % {"name": view.name}


@login_required
@require_http_methods(["GET", "POST"])
def view_new(request: HttpRequest) -> HttpResponse:
    """The form of the menu above a list leads here; what it refuses is said here."""
    data, _files = posted(request)
    form = ViewForm(data, initial={"address": request.GET.get("address", "")})
    asked = (data or request.GET).get("address", "")
    return form_page(
        request,
        form,
        partial(actions.save_view, actor=request.user),
        heading=_("Save a view of a list"),
        above=ABOVE,
        back=asked if is_ours(asked) else reverse("saved_views"),
        submit=_("Save the view"),
        done=_saved_as,
    )


@login_required
@require_http_methods(["GET", "POST"])
def view_rename(request: HttpRequest, uid: Any) -> HttpResponse:
    view = access(SavedView, uid, request.user)
    return form_page(
        request,
        NameForm(posted(request)[0], initial={"name": view.name}),
        partial(actions.rename_view, view, actor=request.user),
        heading=_("Another name for a saved view"),
        subheading=view.name,
        above=ABOVE,
        to=reverse("saved_views"),
    )


@login_required
@require_POST
def view_delete(request: HttpRequest, uid: Any) -> HttpResponse:
    view = access(SavedView, uid, request.user)
    actions.delete_view(view, actor=request.user)
    messages.success(request, _("Deleted: %(name)s") % {"name": view.name})
    return redirect("saved_views")
