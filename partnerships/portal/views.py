"""The pages that all directions share."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from partnerships.common import ical
from partnerships.common.clock import BAKU, today
from partnerships.common.text import fold
from partnerships.portal import actions, calendar, drawing, reports, searching
from partnerships.portal.context import Shell, remember
from partnerships.portal.gathering import Unread, name_of, names_of

TODOS_AT_HOME, OPEN_AT_FRONT = 8, 8


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The public front; who is signed in has a home."""
    if request.user.is_authenticated:
        asked = request.GET.urlencode()  # the language, of an address that names one
        return redirect(f"{reverse('home')}?{asked}" if asked else "home")
    unread = Unread()
    cards, rows = reports.cards(unread), reports.open_rows(OPEN_AT_FRONT, unread)
    context = {
        "cards": cards,
        "rows": rows,
        "unread": names_of(unread.sources),
        "partners": reports.partner_counts(),
        "open_cards": [card for card in cards if card.count],
        "inviting": [card for card in cards if card.count and card.direction.invitation],
        "contact": settings.CONTACT_EMAIL,
    }
    return render(request, "portal/front.html", context)


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person, what is on today, the numbers of the role."""
    found = reports.home(request.user)
    held, todos, underway = found.held, found.todos, found.underway
    student = reports.is_student(held)
    idle = reports.looks_around(held) and not todos and not underway and not found.uncounted
    unread = Unread(found.unread)
    offers = reports.open_rows(3, unread) if student or idle else []
    todo_count, role_line = sum(item.count for item in todos), reports.role_line(held)
    remember(request, todo_count=todo_count, role_line=role_line)
    context = {
        "greeting": _greeting(request.user.display_name),
        "date_line": calendar.day_label(today()),
        "role_line": role_line,
        "standing": reports.standing(request.user, held),
        "todos": todos[:TODOS_AT_HOME],
        "more": len(todos) > TODOS_AT_HOME,
        "underway": underway,
        "todo_count": todo_count,
        "late_count": reports.late(todos),
        "entries": found.now,
        "fuller": f"?day={today().isoformat()}" if found.fuller else "",
        "soon": found.soon,
        "stats": found.stats,
        "charts": found.charts,
        "uncounted": [name_of(source) for source in found.uncounted],
        "unread": names_of(unread.sources),
        "drawn": {
            "stats": drawing.stats(found.stats),
            "steps": drawing.todos(found.steps),
            "todos": drawing.todos(todos[:TODOS_AT_HOME], found.uncounted),
            "today": drawing.happens_today(found.now),
            "soon": drawing.happens_soon(found.soon),
        },
        "student": student,
        "offers": offers,
        "gaps": reports.profile_gaps(request.user, held),
    }
    return render(request, "portal/home.html", context)


def _greeting(name: str) -> str:
    """By the hour in Baku: morning from 5, day from 12, evening from 18; at night a plain one."""
    hour = timezone.now().astimezone(BAKU).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    if hour >= 18:
        return _("Good evening, %(name)s") % {"name": name}
    return _("Hello, %(name)s") % {"name": name}


@require_safe
@login_required
def todo(request: HttpRequest) -> HttpResponse:
    """The whole list of what waits for the person."""
    unread = Unread()
    todos = reports.waiting(request.user, unread)
    context = {
        "todos": todos,
        "uncounted": [name_of(source) for source in unread.sources],
        "drawn": {"todos": drawing.todos(todos, unread.sources)},
        "todo_count": sum(item.count for item in todos),
        "late_count": reports.late(todos),
    }
    return render(request, "portal/todo.html", context)


@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    """The menu as a page, where there is no script to open it."""
    return render(request, "portal/menu.html")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything the person may see that answers to the words; only the results for htmx."""
    typed = request.GET.get("q", "")[:100]
    letters = len(fold(typed).replace(" ", ""))
    context = {
        "query": typed,
        "searched": typed,  # stands in the field at the head of the page
        "groups": drawing.found_groups(searching.search(request.user, typed)),
        "too_short": letters < searching.SHORTEST_SEARCH,
        "shortest": searching.SHORTEST_SEARCH,
    }
    partial = request.headers.get("HX-Request") == "true"
    response = render(request, "portal/search.html#results" if partial else "portal/search.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


PALETTE_HITS = 5  # of each kind: the list stays on the screen


@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """What Ctrl K offers: the person's own pages, then what answers to the words."""
    typed = request.GET.get("q", "")[:100]
    words = fold(typed)
    menu = [link for group in Shell(request).menu for link in group.links]
    links = [link for link in menu if f" {words}" in f" {fold(str(link.label))}"]
    groups = [(found, found.hits[:PALETTE_HITS]) for found in searching.search(request.user, typed)]
    context = {"query": typed, "links": links, "groups": groups, "letters": len(words.replace(" ", ""))}
    return render(request, "portal/palette.html", context)


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """A month, or one day of it: what is public for everybody, and what concerns the person."""
    if "day" in request.GET:
        day = calendar.day_of(request.user, request.GET["day"], request.GET.get("page", ""))
        if day is None:
            raise Http404
        return render(request, "portal/calendar_day.html", {"day": day, "pages": day.pages(request.GET)})
    shown = calendar.month_of(request.user, request.GET.get("month", ""))
    if shown is None:
        raise Http404
    way = partial(drawing.month_way, request.GET)
    context: dict[str, object] = {
        "label": shown.label,
        "earlier": way(shown.previous, "prev", "chevron-left") if shown.previous else "",
        "later": way(shown.next, "next", "chevron-right") if shown.next else "",
        "head": drawing.month_head(),
        "body": drawing.month_rows(shown.weeks),
        "days": drawing.month_days(shown.days),
    }
    if request.user.is_authenticated:
        path = reverse("calendar_feed", args=[calendar.token_of(request.user)])
        context["feed_url"] = request.build_absolute_uri(path)
    return render(request, "portal/calendar.html", context)


@require_POST
@login_required
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """A new calendar address; the old ones close."""
    actions.renew_calendar(request.user, actor=request.user)
    messages.success(request, _("The calendar has a new address. The old one no longer opens."))
    return redirect("calendar")


@require_safe
@never_cache
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of the person whose address this is, read without signing in."""
    owner = calendar.owner_of(token)
    if owner is None:
        raise Http404
    with translation.override(owner.language):
        body = calendar.feed(owner)
    return ical.feed_answer(body, "portal.ics")


# What is one's own.
NOT_FOR_ROBOTS = (
    "accounts/", "admin/", "api/", "bookings/", "calendar/*.ics", "home/", "search/", "waiting/",
)  # fmt: skip


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = "".join(f"Disallow: {get_script_prefix()}{path}\n" for path in NOT_FOR_ROBOTS)
    return HttpResponse(f"User-agent: *\n{lines}", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("favicon.svg"), permanent=True)
