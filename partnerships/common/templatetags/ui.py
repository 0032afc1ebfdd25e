"""Components of every page: what pages are made of, in tags and filters. Dates and numbers: figures.py.

A template builtin (see settings), so no {% load %} is needed. The list with examples: docs/frontend.md.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.conf import settings
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.utils import flatatt
from django.template.base import Parser, VariableNode
from django.template.defaulttags import CsrfTokenNode, ForNode, IfNode
from django.template.loader import render_to_string
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from partnerships.common import components
from partnerships.common.addresses import kept_address
from partnerships.common.markup import markup
from partnerships.common.templatetags.figures import baku_date, baku_short, due_kind, grouped
from partnerships.common.text import in_quotes, initials

register = template.Library()


# Small pieces --------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of static/vendor/icons.svg; decoration only, so it is hidden from readers."""
    classes = f"icon {css}".strip()
    return markup(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        classes,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def chip(text: Any, kind: str = "") -> SafeString:
    """A state in a word. Kinds: move (the reader's move), good, bad, on (in progress), "" (neutral)."""
    return markup('<span class="{}">{}</span>', f"chip {kind}".strip(), text)


@register.simple_tag
def face(name: str) -> SafeString:
    """The round face with initials; the name stands beside it, so readers skip it."""
    return markup('<span class="face" aria-hidden="true">{}</span>', initials(str(name or "")))


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
def within_quotes(text: Any) -> str:
    """What people wrote, to stand between “ and ”."""
    return in_quotes(str(text))


@register.filter
def device(user_agent: str | None) -> str:
    """Chrome · Windows, as far as a user agent tells."""
    names = [
        next((n for key, n in table if key in (user_agent or "")), "") for table in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(name for name in names if name) or _("unknown device")


@register.filter
def cell(value: Any) -> SafeString:
    """What a row or a list of facts shows: days and numbers as people read them, a dash for nothing."""
    if hasattr(value, "__html__"):
        return value.__html__()
    if value is None or value == "":
        return markup('<span class="muted">{}</span>', "–")
    if isinstance(value, date):
        words = baku_short(value) if isinstance(value, datetime) else baku_date(value)
        return markup('<span class="num nowrap">{}</span>', words)
    if isinstance(value, int | float | Decimal):
        return markup('<span class="num">{}</span>', grouped(value))
    return markup('<span dir="auto">{}</span>', value)


@register.simple_tag(takes_context=True)
def here(context: template.Context, without: str = "") -> str:
    """The present address with its query, less the parameters named in `without` (parted by spaces)."""
    request = context.get("request")
    if request is None:
        return get_script_prefix()
    query = request.GET.copy()
    for name in without.split():
        query.pop(name, None)
    rest = query.urlencode()
    return f"{request.path}?{rest}" if rest else request.path


@register.simple_tag
def root() -> str:
    """The front page, for the pages that answer a failure: they must not fail over the table of addresses."""
    return get_script_prefix()


@register.simple_tag
def error_asset(path: str) -> str:
    """`static` for the pages that answer a failure: they must not fail over a missing manifest too."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


def _word(label: Any, dashes: str) -> Any:
    return pgettext("in a list", "Choose") if label == dashes else label


@register.simple_tag
def options(choices: list[dict[str, Any]]) -> SafeString:
    """The choices of a drop-down as templates/django/forms/widgets/select.html draws them, in one go.

    An empty choice is a word instead of Django's row of dashes.
    """
    dashes = BLANK_CHOICE_DASH[0][1]
    return SafeString(
        "".join(
            markup(
                '\n  <option value="{}"{}>{}</option>',
                one["value"],
                flatatt(one["attrs"]) if one["attrs"] else "",
                _word(one["label"], dashes),
            )
            for one in choices
        )
    )


# What is drawn once --------------------------------------------------------------------------------


class _Kept(template.Node):
    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self._drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), get_script_prefix())
        if (found := self._drawn.get(key)) is None:
            nobody = template.Context()  # what a request brings along cannot get in
            with nobody.bind_template(context.template):  # type: ignore[arg-type]  # it has one while it is drawn
                found = self._drawn[key] = self.nodelist.render(nobody)
        return found


# Whatever differs from page to page reaches a template through one of these.
_DIFFERING = (VariableNode, BlockTranslateNode, IfNode, ForNode, IncludeNode, CsrfTokenNode)


@register.tag
def kept(parser: Parser, _token: Any) -> _Kept:
    """{% kept %}…{% endkept %}: words, icons and addresses that hang on nothing but the language, such as the
    head of a table or an empty card; drawn once in a process. Refuses variables, conditions and loops."""
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(_DIFFERING):  # type: ignore[arg-type]  # isinstance takes a tuple
        raise template.TemplateSyntaxError(
            "What is kept is the same on every page: nothing in it may differ."
        )
    return _Kept(nodelist)


# Components ----------------------------------------------------------------------------------------


@register.simple_block_tag(end_name="endmove_strip")
def move_strip(content: str, mine: bool, text: Any, detail: Any = "") -> SafeString:
    """Whose move, by when; between the tags stand the buttons."""
    return render_to_string(
        "components/move_strip.html",
        {"mine": mine, "text": text, "detail": detail, "actions": content.strip() and content},
    )


@register.simple_block_tag(end_name="endworking")
def working(content: str, job: Any, again: str, page: str, seconds: int = 1, card: bool = True) -> SafeString:
    """A job that runs, with how far it is where it knows its total; between the tags stands what it does.

    again    the address of the card as it stands by then, asked every so many `seconds`
    page     the address of the whole page, for who has no script
    card     not where it stands within a card already
    """
    return render_to_string(
        "components/working.html",
        {"words": content, "job": job, "again": again, "page": page, "seconds": seconds, "card": card},
    )


@register.simple_tag
def steps(steps: Any) -> SafeString:
    """The way so far and ahead: things with `label` and `state` ("done", "now", "off" or "")."""
    return components.steps(steps)


@register.simple_tag
def timeline(entries: Any) -> SafeString:
    """A history: things with `label` and, when they have it, `at`, `who`, `note`, `detail`, `now`."""
    return components.timeline(entries, baku_short)


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: Any, text: Any = "", url: str = "", label: Any = "", icon: str = "inbox", quiet: Any = False
) -> dict[str, Any]:
    """What would be here, why it is not, and the one button that changes it; `quiet` where the page has its
    primary one elsewhere."""
    return {"title": title, "text": text, "url": url, "label": label, "icon_name": icon, "quiet": quiet}


@register.simple_tag(takes_context=True)
def pager(context: template.Context, page: Any) -> SafeString:
    """The foot of a list: what `page_links` answers, or a dictionary with `previous_url`, `next_url` and
    `summary` ("1 000+ applications"). It has a form, so it stands in none."""
    request = context.get("request")
    here = request.path if request is not None else ""
    return components.pager(page or {}, here, context.get("csrf_token", ""), icon)


@register.simple_tag(takes_context=True)
def download(context: template.Context, kind: str, of: Any = "") -> SafeString:
    """The list of this page as a table, narrowed as the page is. Nothing for visitors.

    kind  that of common.listing
    of    the uid or address of what the list belongs to, where there is such a thing
    """
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return components.EMPTY
    gone = {"after", "before", "format", "lang", *(["of"] if of else [])}
    kept = [(name, value) for name, found in request.GET.lists() if name not in gone for value in found]
    rest = urlencode([*kept, ("of", str(of))] if of else kept)
    to = f"{kept_address('export', kind)}?{rest}{'&' if rest else ''}"
    return components.download(to, kept_address("export_list"), icon)


@register.simple_tag
def pills(shown: Any) -> SafeString:
    """The ways to narrow a list, each a link with its number: things like `components.Pill`."""
    return components.pills(shown)


@register.simple_tag
def table_head(columns: Any) -> SafeString:
    """The head of a table that common/tables.py draws."""
    return components.head(columns)


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


def _said(label: Any) -> str:
    """A label as words within a link: without the link that it may hold itself, nor its own full stop,
    which no colon follows."""
    if hasattr(label, "__html__"):
        label = unescape(strip_tags(re.sub(r"<a\b.*?</a>", "", str(label), flags=re.DOTALL)))
    return str(label).strip().rstrip(".")


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
                errors.append({"target": target, "label": _said(field.label), "text": text})
    return {"errors": errors, "in_fields": any(error["label"] for error in errors)}
