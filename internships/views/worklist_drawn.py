"""What stands around the rows of the working list and of the board, drawn in Python: a template works each
word and each condition out anew, which costs more than the rows. What hangs on no row is drawn once in a
process.
"""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.addresses import kept_address
from partnerships.common.markup import OPEN, kept_markup, markup
from partnerships.common.templatetags.ui import icon

ALL = "all"  # every round at once, in an address
EMPTY = SafeString()


def narrowing_form(desk: Any, form: Any, view: str, *, narrowed: bool) -> SafeString:
    """What narrows the list (`view` "worklist") or the board; that part of the page is drawn anew by it."""
    on_list = view == "worklist"
    state = _state()(desk.state) if desk.state and on_list else EMPTY
    clear = _clear()(desk.programme.slug if desk.programme else ALL) if narrowed else EMPTY
    rest = "\n".join([_rounds(desk, on_list), form.drop_downs, form.ticks, clear])
    return _form(view)(kept_address(f"internships:{view}"), state, form.search, SafeString(rest))


@kept_markup
def _form(target: str) -> SafeString:
    return markup(
        '<form class="filters" method="get" role="search" aria-label="{}" data-no-lock hx-get="{}"'
        ' hx-target="#{}" hx-select="#{}" hx-swap="outerHTML" hx-push-url="true"'
        ' hx-trigger="change, submit">\n{}\n{}\n<button type="submit" aria-label="{}">{}</button>'
        "\n{}\n</form>",
        *(_("Narrow the list"), OPEN, target, target, OPEN, OPEN, _("Show"), icon("search"), OPEN),
    )


@kept_markup
def _state() -> SafeString:
    return markup('<input type="hidden" name="state" value="{}">', OPEN)


def _rounds(desk: Any, on_list: bool) -> SafeString:
    """Which round, where there is a choice."""
    one = desk.programme
    if one is not None and len(desk.rounds) < 2:
        return markup('<input type="hidden" name="programme" value="{}">', one.slug)
    return _choice(on_list, one is None)(desk.round_options)


@kept_markup
def _choice(on_list: bool, all_chosen: bool) -> SafeString:
    every = markup(
        '<option value="{}" {}>{}</option>', ALL, "selected" if all_chosen else "", _("All rounds")
    )
    return markup(
        '<select name="programme" id="id_programme" aria-label="{}">\n{}\n{}\n</select>',
        *(_("Round"), every if on_list else EMPTY, OPEN),
    )


@kept_markup
def _clear() -> SafeString:
    return markup('<a href="?programme={}">{}</a>', OPEN, _("Clear"))


def ways_on(desk: Any, query: str, *, anything: bool, waiting: bool) -> SafeString:
    """The buttons of the company above its list: the board, the programme, the desk where it decides."""
    if not desk.company:
        return EMPTY
    slug = desk.programme.slug if desk.programme else ""
    deciding = kept_address("internships:decide") + (f"?programme={slug}" if slug else "")
    ways = [
        _to_board()(f"{kept_address('internships:board')}?{query}") if slug and anything else EMPTY,
        _to_programme()(reverse("internships:manage_programme", args=[slug])) if slug else EMPTY,
        _to_decide()(deciding) if waiting else EMPTY,
    ]
    return SafeString("\n".join(filter(None, ways)))


@kept_markup
def _to_board() -> SafeString:
    return markup('<a class="btn btn-quiet" href="{}">{} {}</a>', OPEN, icon("kanban"), _("Board"))


@kept_markup
def _to_programme() -> SafeString:
    return markup('<a class="btn btn-quiet" href="{}">{}</a>', OPEN, _("Programme"))


@kept_markup
def _to_decide() -> SafeString:
    return markup('<a class="btn btn-primary" href="{}">{}</a>', OPEN, _("Decide one by one"))


@kept_markup
def _many(*verbs: tuple[str, Any]) -> SafeString:
    form = '<button class="btn btn-sm {}" name="verb" value="{}">{}</button>'
    buttons = [
        markup(form, "btn-danger-quiet" if verb == "refuse" else "btn-quiet", verb, label)
        for verb, label in verbs
    ]
    return markup(
        '<div class="bulk-bar" data-bulk-bar hidden>\n<span class="picked needs-js">{}'
        ' <span class="num" data-bulk-count>0</span></span>\n{}\n</div>',
        *(_("Chosen:"), SafeString("".join(buttons))),
    )


def many_at_once(verbs: Iterable[tuple[str, Any]]) -> SafeString:
    """What can be done with all that are ticked."""
    found = tuple(verbs)
    return _many(*found)() if found else EMPTY


def summed(words: Iterable[str]) -> SafeString:
    """What the list has, in a few words: 418 applications · 86 places."""
    return SafeString(" · ".join(markup('<span class="num">{}</span>', one) for one in words))
