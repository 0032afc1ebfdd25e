"""Components of every page: filters for dates and numbers, tags for what pages are made of.

A template builtin (see settings), so no {% load %} is needed. The list with examples: docs/frontend.md.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms, template
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from partnerships.common import clock
from partnerships.common.text import az_lower, initials

register = template.Library()

SOON = timedelta(days=3)  # from here on a date that waits for somebody is marked
HOURS_COUNTED = 6  # less than this is told in hours, more of the same day as "today"
NARROW_SPACE = "\u202f"
MINUS = "\u2212"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


# Dates ---------------------------------------------------------------------------------------------


@register.filter
def baku(moment: datetime | None) -> str:
    """28 noyabr, 23:59 (Bakı)."""
    if moment is None:
        return ""
    local = moment.astimezone(clock.BAKU)
    return _("%(date)s, %(time)s (Baku)") % {
        "date": clock.day_in_words(local.date()),
        "time": f"{local:%H:%M}",
    }


def _whole_day(moment: datetime) -> bool:
    """What begins with its day, such as a practice or a day to act on, has no hour worth telling."""
    return moment.astimezone(clock.BAKU).time() == time.min


@register.filter
def baku_when(moment: datetime | None) -> str:
    """28 noyabr, 10:00 (Bakı); only the day of what begins with it."""
    return baku_date(moment) if moment is not None and _whole_day(moment) else baku(moment)


@register.filter
def baku_hour(moment: datetime | None) -> str:
    """10:00; nothing for what begins with its day."""
    return "" if moment is None or _whole_day(moment) else baku_time(moment)


@register.filter
def baku_span(starts: datetime | None, ends: datetime | None) -> str:
    """28 noyabr, 10:00–11:30 (Bakı); with both days where it ends on another one."""
    if starts is None or ends is None:
        return ""
    first, last = starts.astimezone(clock.BAKU), ends.astimezone(clock.BAKU)
    if first.date() != last.date():
        return f"{baku(starts)} – {baku(ends)}"
    return _("%(date)s, %(time)s (Baku)") % {
        "date": clock.day_in_words(first.date()),
        "time": f"{first:%H:%M}–{last:%H:%M}",
    }


@register.filter
def baku_short(moment: datetime | None) -> str:
    """22 noy, 11:20: for histories, where the time zone stands elsewhere."""
    if moment is None:
        return ""
    local = moment.astimezone(clock.BAKU)
    return _("%(date)s, %(time)s") % {
        "date": clock.day_in_words(local.date(), short=True),
        "time": f"{local:%H:%M}",
    }


@register.filter
def baku_time(moment: datetime | None) -> str:
    """11:20 in Baku."""
    return "" if moment is None else f"{moment.astimezone(clock.BAKU):%H:%M}"


@register.filter
def baku_date(moment: datetime | date | None) -> str:
    """28 noyabr; a datetime counts as its day in Baku."""
    if moment is None:
        return ""
    return clock.day_in_words(clock.baku_date(moment) if isinstance(moment, datetime) else moment)


@register.filter
def weekday(moment: datetime | date | None) -> str:
    """bazar ertəsi: Azerbaijani writes it small, Django's catalogue has it capital."""
    if moment is None:
        return ""
    name = date_format(clock.baku_date(moment) if isinstance(moment, datetime) else moment, "l")
    return az_lower(name) if get_language() == "az" else name


@register.filter
def days_to(first: date | None, last: date | None) -> str:
    """14 iyun – 31 iyul 2027: the year is said once where both days share it."""
    if first is None or last is None:
        return baku_date(first or last)
    ends = baku_date(last)
    starts = clock.day_in_words(first, year=first.year != last.year)
    return f"{starts} – {ends}"


def _left(moment: datetime) -> str:
    now = timezone.now()
    left = moment - now
    if left < timedelta(0):
        return _late(now - moment)
    hours = int(left.total_seconds() // 3600)
    if hours < 1:
        minutes = max(1, int(left.total_seconds() // 60))
        return ngettext("in %(n)s minute", "in %(n)s minutes", minutes) % {"n": minutes}
    if hours < HOURS_COUNTED:
        return ngettext("in %(n)s hour", "in %(n)s hours", hours) % {"n": hours}
    return _days_left((clock.baku_date(moment) - clock.today()).days)


def _late(by: timedelta) -> str:
    days = by.days
    if days:
        return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}
    hours = int(by.total_seconds() // 3600)
    if hours:
        return ngettext("%(n)s hour late", "%(n)s hours late", hours) % {"n": hours}
    return _("just past")


def _days_left(days: int) -> str:
    if days < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
    if days == 0:
        return _("today")
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}


@register.filter
def until(moment: datetime | date | None) -> str:
    """How long from now, in words: "2 days left", "in 3 hours", "today", "1 day late"."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        return _left(moment)
    return _days_left((moment - clock.today()).days)


@register.filter
def due_kind(moment: datetime | date | None) -> str:
    """The kind of chip for a date that waits for the reader: bad when late, move when near, else ""."""
    if moment is None:
        return ""
    end = moment if isinstance(moment, datetime) else clock.end_of_day(moment)
    left = end - timezone.now()
    if left < timedelta(0):
        return "bad"
    return "move" if left <= SOON else ""


# Numbers -------------------------------------------------------------------------------------------


@register.filter
def year_of_study(year: int | None) -> str:
    """4; in Azerbaijani IV, since an ordinal would need a suffix that differs from number to number."""
    if year is None:
        return ""
    return ROMAN[year - 1] if get_language() == "az" and 1 <= year <= len(ROMAN) else str(year)


@register.filter
def grouped(number: int | float | Decimal | None, places: int | None = None) -> str:
    """1 284 and 2,1: thin spaces between thousands, the language's decimal sign, a true minus."""
    if number is None or number == "":
        return ""
    if places is None:
        plain = f"{number:,}" if isinstance(number, int) else f"{Decimal(str(number)):,f}"
    else:
        plain = f"{Decimal(str(number)):,.{int(places)}f}"
    whole, _dot, rest = plain.replace("-", MINUS).partition(".")
    whole = whole.replace(",", NARROW_SPACE)
    return f"{whole}{get_format('DECIMAL_SEPARATOR')}{rest}" if rest else whole


@register.filter
def filesize(size: int | None) -> str:
    """4,2 MB: one decimal below ten, powers of 1024."""
    if size is None:
        return ""
    if size < 1024:
        return ngettext("%(n)s byte", "%(n)s bytes", size) % {"n": size}
    value, unit = size / 1024, _("kB")
    for bigger in (_("MB"), _("GB")):
        if value < 1024:
            break
        value, unit = value / 1024, bigger
    rounded = round(value, 1)
    places = 1 if value < 10 and rounded != int(rounded) else 0
    return f"{grouped(rounded, places)}\u00a0{unit}"


# The first that is found counts: every browser names its ancestors too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex"),
    ("SamsungBrowser", "Samsung"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def device(user_agent: str | None) -> str:
    """Chrome · Windows, as far as a user agent tells."""
    names = [
        next((n for key, n in table if key in (user_agent or "")), "") for table in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(name for name in names if name) or _("unknown device")


# Small pieces --------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of static/vendor/icons.svg; decoration only, so it is hidden from readers."""
    classes = f"icon {css}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        classes,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def chip(text: Any, kind: str = "") -> SafeString:
    """A state in a word. Kinds: move (the reader's move), good, bad, on (in progress), "" (neutral)."""
    return format_html('<span class="{}">{}</span>', f"chip {kind}".strip(), text)


@register.simple_tag
def face(name: str, css: str = "") -> SafeString:
    """The round face with initials; the name stands beside it, so readers skip it."""
    return format_html(
        '<span class="{}" aria-hidden="true">{}</span>', f"face {css}".strip(), initials(str(name or ""))
    )


@register.filter
def cell(value: Any) -> SafeString:
    """What a row or a list of facts shows: days and numbers as people read them, a dash for nothing."""
    if hasattr(value, "__html__"):
        return value.__html__()
    if value is None or value == "":
        return format_html('<span class="muted">{}</span>', "–")
    if isinstance(value, date):
        words = baku_short(value) if isinstance(value, datetime) else baku_date(value)
        return format_html('<span class="num nowrap">{}</span>', words)
    if isinstance(value, int | float | Decimal):
        return format_html('<span class="num">{}</span>', grouped(value))
    return format_html('<span dir="auto">{}</span>', value)


@register.simple_tag(takes_context=True)
def here(context: template.Context, without: str = "") -> str:
    """The present address with its query, less the parameters named in `without` (parted by spaces)."""
    request = context.get("request")
    if request is None:
        return "/"
    query = request.GET.copy()
    for name in without.split():
        query.pop(name, None)
    rest = query.urlencode()
    return f"{request.path}?{rest}" if rest else request.path


@register.simple_tag
def error_asset(path: str) -> str:
    """`static` for the pages that answer a failure: they must not fail over a missing manifest too."""
    try:
        return static(path)
    except ValueError:
        return f"/static/{path}"


def _word(label: Any, dashes: str) -> Any:
    return pgettext("in a list", "Choose") if label == dashes else label


@register.simple_tag
def options(choices: list[dict[str, Any]]) -> SafeString:
    """The choices of a drop-down as templates/django/forms/widgets/select.html draws them, in one go.

    An empty choice is a word instead of Django's row of dashes.
    """
    dashes = BLANK_CHOICE_DASH[0][1]
    return format_html_join(
        "",
        '\n  <option value="{}"{}>{}</option>',
        ((str(one["value"]), flatatt(one["attrs"]), _word(one["label"], dashes)) for one in choices),
    )


# Components ----------------------------------------------------------------------------------------


@register.simple_block_tag(end_name="endmove_strip")
def move_strip(content: str, mine: bool, text: Any, detail: Any = "") -> SafeString:
    """Whose move, by when; between the tags stand the buttons."""
    return render_to_string(
        "components/move_strip.html",
        {"mine": mine, "text": text, "detail": detail, "actions": content.strip() and content},
    )


@register.inclusion_tag("components/steps.html")
def steps(steps: Any) -> dict[str, Any]:
    """The way so far and ahead: things with `label` and `state` ("done", "now", "off" or "")."""
    return {"steps": steps}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Any) -> dict[str, Any]:
    """A history: things with `label` and, when they have it, `at`, `who`, `note`, `detail`, `now`."""
    return {"entries": entries}


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: Any, text: Any = "", url: str = "", label: Any = "", icon: str = "inbox"
) -> dict[str, Any]:
    """What would be here, why it is not, and the one button that changes it."""
    return {"title": title, "text": text, "url": url, "label": label, "icon_name": icon}


@register.inclusion_tag("components/pager.html")
def pager(page: Any) -> dict[str, Any]:
    """Keyset pages: something with `previous_url`, `next_url` and `summary` ("1 000+ applications")."""
    return {"page": page}


@register.inclusion_tag("components/download.html", takes_context=True)
def download(context: template.Context, kind: str, of: Any = "") -> dict[str, Any]:
    """The list of this page as a table, narrowed as the page is. Nothing for visitors.

    kind  that of common.listing
    of    the uid or address of what the list belongs to, where there is such a thing
    """
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return {"url": ""}
    query = request.GET.copy()
    for name in ("after", "before", "format", "lang"):
        query.pop(name, None)
    if of:
        query["of"] = str(of)
    rest = query.urlencode()
    return {"url": f"{reverse('export', args=[kind])}?{rest}{'&' if rest else ''}"}


@register.inclusion_tag("components/person.html")
def person(name: Any, detail: Any = "", url: str = "") -> dict[str, Any]:
    return {"name": name, "detail": detail, "url": url, "face": face(str(name))}


@register.inclusion_tag("components/deadline.html")
def deadline(moment: datetime | None, mine: bool = False) -> dict[str, Any]:
    """A deadline and how long is left. Amber only where it is the reader's own (`mine`)."""
    kind = due_kind(moment)
    return {"moment": moment, "kind": kind if mine else ""}


@register.inclusion_tag("components/bar.html")
def bar(label: Any, value: int, total: int, text: str = "", css: str = "", url: str = "") -> dict[str, Any]:
    """One bar with its numbers: "Bakı RETSİ 22/30". `css` is a direction's key for its colour."""
    return {
        "label": label,
        "value": value,
        "total": max(total, 1),
        "text": text or f"{grouped(value)}/{grouped(total)}",
        "css": css,
        "url": url,
    }


@register.inclusion_tag("components/autosave_status.html")
def autosave_status() -> dict[str, Any]:
    """The status line of a form with data-autosave, with its texts in the page's language."""
    return {}


@register.inclusion_tag("components/drop_zone.html")
def drop_zone(field: forms.BoundField, hint: Any = "") -> dict[str, Any]:
    """A file field as a place to drop files on; without a script it is the plain field."""
    css = "form-control is-invalid" if field.errors else "form-control"
    return {"field": field, "hint": hint, "widget": field.as_widget(attrs={"class": css})}


def _target(field: forms.BoundField) -> str:
    """The id to jump to; groups of radio buttons and ticks have it on their first choice."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.inclusion_tag("components/form_errors.html")
def form_errors(*forms_given: "forms.BaseForm | forms.BaseFormSet[Any]") -> dict[str, Any]:
    """The summary on top: every error of the forms and sets of forms, each with a link to its field."""
    errors: list[dict[str, Any]] = []
    alone: list[forms.BaseForm] = []
    for given in forms_given:
        if isinstance(given, forms.BaseFormSet):
            errors += [{"target": "", "label": "", "text": text} for text in given.non_form_errors()]
            alone += given.forms
        else:
            alone.append(given)
    for form in alone:
        errors += [{"target": "", "label": "", "text": text} for text in form.non_field_errors()]
        for field in form:
            for text in field.errors:
                target = "" if field.is_hidden else _target(field)
                # A label that is a sentence brings its own full stop, which no colon follows.
                errors.append({"target": target, "label": str(field.label).rstrip("."), "text": text})
    return {"errors": errors}
