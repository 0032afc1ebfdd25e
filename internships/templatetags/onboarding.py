"""What is to be done before the first day, drawn in Python."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.addresses import addresses
from partnerships.common.markup import markup
from partnerships.common.templatetags.figures import baku_short
from partnerships.common.templatetags.ui import chip

register = template.Library()
NOTHING = SafeString("")


@register.simple_tag(takes_context=True)
def onboarding_lines(context: template.Context, placement: Any, card: Any) -> SafeString:
    """Each thing with what was written and when it was done; a tick for whoever admits to the site."""
    token = context["csrf_token"] if card["ticks"] else ""
    done, still = chip(_("done"), "good"), chip(_("open"))
    lines = []
    for line in card["lines"]:
        task = line.task
        how = done if task.done_at else still
        tick = _tick(placement, task, token) if card["ticks"] else NOTHING
        lines.append(markup('<li>{}<span class="how">{}{}</span></li>', _what(line), how, tick))
    return SafeString("\n".join(lines))


def _what(line: Any) -> SafeString:
    task, told = line.task, NOTHING
    if line.value:
        told = markup('<span class="small d-block" dir="auto">{}</span>', line.value)
    elif line.hidden:
        words = _("written; read by human resources and the mentor")
        told = markup('<span class="small muted d-block">{}</span>', words)
    when = NOTHING
    if task.done_at:
        who = f" · {task.done_by.display_name}" if task.done_by else ""
        when = markup('<span class="small muted d-block">{}{}</span>', baku_short(task.done_at), who)
    return markup('<span class="what"><b>{}</b> {}{}</span>', task.get_kind_display(), told, when)


def _tick(placement: Any, task: Any, token: Any) -> SafeString:
    words = _("Open again") if task.done_at else _("Tick")
    return markup(
        ' <form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="done" value="{}">'
        '<button class="btn btn-quiet btn-sm" type="submit" aria-label="{}: {}">{}</button></form>',
        addresses("internships:onboarding", task.kind)(placement.uid),
        token,
        "0" if task.done_at else "1",
        words,
        task.get_kind_display(),
        words,
    )
