"""The inbox and the preferences. Opening a notification is a POST, since it changes what is unread."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partnerships.common.access import access
from partnerships.common.addresses import asked_next, is_ours
from partnerships.common.paging import keyset, narrowed, page_links
from partnerships.common.refusals import LinkDoesNotOpen
from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.directory.reports import record_that_stays
from partnerships.notifications import actions, following, inbox, sent, unsubscribing
from partnerships.notifications.enums import Timing
from partnerships.notifications.forms import AllForm, PreferencesForm, RhythmForm
from partnerships.notifications.models import Follow, Notification


@require_GET
@login_required
def inbox_list(request: HttpRequest) -> HttpResponse:
    """Unread ones, or with ?show=all everything."""
    show_all = request.GET.get("show") == "all"
    page = inbox.page(request.user, unread=not show_all, before=_uid(request.GET.get("before", "")))
    # Where nothing has come yet there is nothing to show as read either.
    nothing = not page.rows and not Notification.objects.visible_to(request.user).exists()
    context = {
        "rows": page.rows,
        "show_all": show_all,
        "nothing": nothing,
        "unread": inbox.unread_count(request.user),
        "most": inbox.MOST,
        "here": request.get_full_path(),
        "page": {"next_url": narrowed(request.GET, before=str(page.next_uid)) if page.next_uid else ""},
    }
    return render(request, "notifications/inbox.html", context)


def _uid(given: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(given) if given else None
    except ValueError:
        raise Http404 from None


@require_POST
@login_required
def inbox_read(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Marks one read; leads to its page, or back to the list when only `stay` was asked for."""
    note = actions.mark_read(access(Notification, uid, request.user))
    if request.POST.get("stay"):
        return redirect(asked_next(request, reverse("inbox")))
    return redirect(note.page if is_ours(note.page) else reverse("inbox"))


@require_POST
@login_required
def inbox_read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(request.user)
    messages.success(request, _("Everything is marked read."))
    return redirect("inbox")


@require_GET
@login_required
def sent_list(request: HttpRequest) -> HttpResponse:
    """What was sent to me and why; with ?show=letters what went by mail alone."""
    alone = request.GET.get("show") == "letters"
    page, rows = (sent.letters if alone else sent.told)(request.user, request.GET)
    context = {"rows": rows, "alone": alone, "page": page_links(request.GET, page)}
    return render(request, "notifications/sent.html", context)


@require_POST
@login_required
def follow(request: HttpRequest, key: str, uid: uuid.UUID) -> HttpResponse:
    """Follow a record, or not any more; leads back to its page."""
    model = following.model_of(key)
    if model is None:
        raise Http404
    record = access(model, uid, request.user)
    if access_of(request.user).person_id is None:
        raise Http404
    if request.POST.get("on") == "1":
        actions.follow(record, actor=request.user)
        messages.success(request, _("You follow this record: you are told when it moves."))
    else:
        actions.unfollow(record, actor=request.user)
        messages.success(request, _("You do not follow this record any more."))
    return redirect(asked_next(request, following.page_of(record) or reverse("followed")))


@require_http_methods(["GET", "POST"])
@login_required
def followed_list(request: HttpRequest) -> HttpResponse:
    """What I follow. Of what I may no longer see only that stands here, and that it can be left."""
    if request.method == "POST":
        row = Follow.objects.visible_to(request.user).filter(pk=_number(request.POST.get("row", ""))).first()
        if row is not None:
            actions.unfollow_row(row)
        messages.success(request, _("You do not follow this record any more."))
        return redirect("followed")
    page = keyset(
        Follow.objects.visible_to(request.user).select_related("content_type"),
        request.GET,
        order=("-pk",),
        reader=request.user,
    )
    rows = following.shown(request.user, page.rows)
    context = {"rows": rows, "page": page_links(request.GET, page, narrows=False)}
    return render(request, "notifications/followed.html", context)


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


@require_http_methods(["GET", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Each kind by each channel, and when letters that can wait do so."""
    person = Person.objects.filter(pk=access_of(request.user).person_id).first()
    if person is None:
        return render(request, "notifications/preferences.html", {"sections": []})
    data = request.POST if request.method == "POST" else None
    form = PreferencesForm(inbox.choices(person.pk), data)
    rhythm = RhythmForm(data, instance=inbox.rhythm_of(person))
    if data is not None and form.is_valid() and rhythm.is_valid():
        actions.set_preferences(person, mail=form.mail, portal=form.portal)
        actions.set_rhythm(person, **rhythm.cleaned_data)
        messages.success(request, _("Saved. Letters go out by these rules from now on."))
        return redirect("preferences")
    context = {"sections": form.sections(), "form": form, "rhythm": rhythm, "timings": Timing.choices}
    return render(request, "notifications/preferences.html", context, status=200 if data is None else 422)


@require_POST
@login_required
def preferences_all(request: HttpRequest) -> HttpResponse:
    """One choice for everything that leaves one, by a button above the list."""
    person = Person.objects.filter(pk=access_of(request.user).person_id).first()
    form = AllForm(request.POST)
    if person is not None and form.is_valid():
        actions.set_mail_of_all(person, form.cleaned_data["timing"])
        messages.success(request, _("Saved. Letters go out by these rules from now on."))
    else:
        messages.error(request, _("Nothing was changed: choose how often by one of the buttons."))
    return redirect("preferences")


@csrf_exempt  # the post comes from a mail program, and the signature in the address is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One click, signed, no sign-in. Looking changes nothing; posting keeps these kinds to the portal."""
    given = unsubscribing.read(token)
    kinds = unsubscribing.kinds_of(given[1]) if given else []
    person_id = record_that_stays(given[0]) if given else None
    if person_id is None or not kinds:
        raise LinkDoesNotOpen
    if request.method == "POST":
        actions.leave(person_id, [kind.key for kind in kinds])
    done = request.method == "POST" or unsubscribing.has_left(person_id, kinds)
    context = {"kinds": kinds, "locked": all(kind.urgent for kind in kinds), "done": done}
    return render(request, "notifications/unsubscribe.html", context)
